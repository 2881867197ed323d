import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { address } from "./places";
import { suggesting } from "./suggest";

const KAZAKHSTAN = { id: "country:KAZ", name: "Kazakhstan", called: "كازاخستان", in_register: true };
const BAYKAR = { id: "org:baykar", name: "Baykar", called: null, in_register: true };

let box: HTMLInputElement;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<form><input data-search aria-label="Search"></form>';
  box = document.querySelector("input")!;
  suggesting(box);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function type(text: string, found: object[]): Promise<void> {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response(JSON.stringify({ suggestions: found })))));
  box.value = text;
  box.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(200);
}

const press = (key: string) => box.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true }));
const options = () => [...document.querySelectorAll('[role="option"]')];

test("what is typed is completed, by its name in the script that is typed", async () => {
  await type("كازا", [KAZAKHSTAN]);
  expect(fetch).toHaveBeenCalledWith("/suggest.json?q=%D9%83%D8%A7%D8%B2%D8%A7", expect.anything());
  expect(options().map((one) => one.textContent)).toEqual(["كازاخستان Kazakhstan"]);
  expect(box.getAttribute("aria-expanded")).toBe("true");
});

test("arrows go through the list and back to the box, Escape closes it", async () => {
  await type("ka", [KAZAKHSTAN, BAYKAR]);
  press("ArrowDown");
  press("ArrowDown");
  expect(box.getAttribute("aria-activedescendant")).toBe(options()[1]!.id);
  expect(options().map((one) => one.getAttribute("aria-selected"))).toEqual(["false", "true"]);
  press("ArrowDown");
  expect(box.hasAttribute("aria-activedescendant")).toBe(false);
  press("Escape");
  expect(box.getAttribute("aria-expanded")).toBe("false");
});

test("a name from outside is text", async () => {
  await type("xx", [{ ...BAYKAR, name: "<img src=x onerror=alert(1)>" }]);
  expect(document.querySelector("img")).toBeNull();
  expect(options()[0]!.textContent).toBe("<img src=x onerror=alert(1)>");
});

test("each kind has its place, as the desk has it", () => {
  expect(address("country:KAZ", "Kazakhstan")).toBe("/countries/KAZ");
  expect(address("system:S-300", "S-300")).toBe("/systems/S-300");
  expect(address("class:radar", "radar")).toBe("/systems/class:radar");
  expect(address("bloc:CSTO", "CSTO")).toBe("/organisations/bloc:CSTO");
  expect(address("system:Су 27/30", "x")).toBe("/systems/%D0%A1%D1%83%2027/30");
  expect(address("place:somewhere", "Somewhere else")).toBe("/search?q=Somewhere%20else");
});
