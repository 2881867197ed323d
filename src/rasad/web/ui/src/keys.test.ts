import { afterEach, expect, test, vi } from "vitest";
import { listen } from "./keys";

let stop = () => {};
afterEach(() => {
  stop();
  document.body.innerHTML = "";
});

function press(key: string, on: EventTarget = document.body): void {
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

test("a key does its thing, two keys one after the other another", () => {
  const slash = vi.fn();
  const search = vi.fn();
  stop = listen({ "/": slash, "g s": search });
  press("/");
  press("s");
  expect(search).not.toHaveBeenCalled();
  press("g");
  press("s");
  expect(slash).toHaveBeenCalledTimes(1);
  expect(search).toHaveBeenCalledTimes(1);
});

test("who types in a field presses no keys of the desk", () => {
  const slash = vi.fn();
  stop = listen({ "/": slash });
  document.body.innerHTML = "<input>";
  press("/", document.querySelector("input")!);
  expect(slash).not.toHaveBeenCalled();
});
