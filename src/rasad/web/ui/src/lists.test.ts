import { expect, test } from "vitest";
import { step } from "./lists";

const focused = () => document.activeElement?.textContent;

test("the focus goes from item to item, and stays at the ends", () => {
  document.body.innerHTML =
    '<main><a href="/x">elsewhere</a><ul><li class="row-line"><a class="what" href="/1">one</a></li><li class="row-line"><a class="what" href="/2">two</a></li></ul></main>';
  step(1);
  expect(focused()).toBe("one");
  step(1);
  step(1);
  expect(focused()).toBe("two");
  step(-1);
  expect(focused()).toBe("one");
});

test("what is folded away is passed by", () => {
  document.body.innerHTML = '<main><details><summary>more</summary><li class="row-line"><a href="/1">hidden</a></li></details><li class="row-line"><a href="/2">seen</a></li></main>';
  step(1);
  expect(focused()).toBe("seen");
});
