import { expect, test } from "vitest";
import { ago, relative } from "./times";

const NOW = new Date("2026-11-26T02:00:00Z");

test("what happened lately is told by how long ago it was, with Latin digits", () => {
  expect(ago(new Date("2026-11-26T01:57:00Z"), NOW, "en")).toBe("3 minutes ago");
  expect(ago(new Date("2026-11-25T02:00:00Z"), NOW, "en")).toBe("yesterday");
  expect(ago(new Date("2026-11-26T01:48:00Z"), NOW, "ar")).toContain("12");
});

test("what lies further back, or ahead, is not", () => {
  expect(ago(new Date("2026-11-01T02:00:00Z"), NOW, "en")).toBeNull();
  expect(ago(new Date("2026-11-26T03:00:00Z"), NOW, "en")).toBeNull();
});

test("a date without a time of day stays a date", () => {
  document.body.innerHTML = '<time datetime="2018-10-05">Oct 5, 2018</time>';
  const time = document.querySelector("time")!;
  relative(time, "en");
  expect(time.textContent).toBe("Oct 5, 2018");
});
