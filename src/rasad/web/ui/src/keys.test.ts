import { afterEach, expect, test, vi } from "vitest";
import { listen, switchKeys } from "./keys";

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
  document.body.innerHTML = '<input type="checkbox">';
  press("/", document.querySelector("input")!);
  expect(slash).toHaveBeenCalledTimes(1);
});

test("a button of the page goes before what the key does elsewhere", () => {
  const step = vi.fn();
  const skip = vi.fn();
  stop = listen({ j: step });
  document.body.innerHTML = '<button data-key="j">skip</button>';
  document.querySelector("button")!.addEventListener("click", skip);
  press("j");
  expect(skip).toHaveBeenCalledTimes(1);
  expect(step).not.toHaveBeenCalled();
});

test("keys of one letter can be switched off", () => {
  const slash = vi.fn();
  stop = listen({ "/": slash });
  switchKeys(false);
  press("/");
  expect(slash).not.toHaveBeenCalled();
  switchKeys(true);
  press("/");
  expect(slash).toHaveBeenCalledTimes(1);
});
