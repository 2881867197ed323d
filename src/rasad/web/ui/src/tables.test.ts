import { expect, test } from "vitest";
import { numberIn, ordered, sortable } from "./tables";

test("numbers are read as tables of this field write them", () => {
  expect(numberIn("1,234")).toBe(1234);
  expect(numberIn("[18]")).toBe(18);
  expect(numberIn("45%")).toBe(45);
  expect(numberIn("−3")).toBe(-3);
  expect(numberIn("\u2066[2]\u2069")).toBe(2);
  expect(numberIn("S-400")).toBeNull();
  expect(numberIn("")).toBeNull();
});

test("empty cells stand last, rising and falling", () => {
  expect(["9", "", "10"].sort((a, b) => ordered(a, b, false))).toEqual(["9", "10", ""]);
  expect(["9", "", "10"].sort((a, b) => ordered(a, b, true))).toEqual(["10", "9", ""]);
});

test("a heading sorts its column, and again the other way round", () => {
  document.body.innerHTML =
    "<table><thead><tr><th>Supplier</th><th>Deals</th></tr></thead><tbody><tr><td>Israel</td><td>12</td></tr><tr><td>Ukraine</td><td>3</td></tr></tbody></table>";
  const table = document.querySelector("table")!;
  sortable(table);
  const deals = table.querySelectorAll("th")[1]!;
  const shown = () => [...table.tBodies[0]!.rows].map((row) => row.cells[0]!.textContent);
  deals.querySelector("button")!.click();
  expect(shown()).toEqual(["Ukraine", "Israel"]);
  expect(deals.getAttribute("aria-sort")).toBe("ascending");
  deals.querySelector("button")!.click();
  expect(shown()).toEqual(["Israel", "Ukraine"]);
  expect(deals.getAttribute("aria-sort")).toBe("descending");
});
