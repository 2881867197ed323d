// A table whose rows stand in the order of a column when its heading is pressed: once rising, twice falling.

const value = (row: HTMLTableRowElement, column: number): string => {
  const cell = row.cells[column];
  return (cell?.dataset["value"] ?? cell?.textContent ?? "").trim();
};

/** The number that a cell shows ("1,234", "[18]", "45%", "−3"), null where it shows none. */
export function numberIn(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u200e\u200f\u2066-\u2069,[\]%()]/g, "").replace(/^[−–]/, "-");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

/** In which order two cells stand: numbers by size, words by the alphabet of the page, empty cells last. */
export function ordered(a: string, b: string, falling: boolean, language?: string): number {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  const [x, y] = [numberIn(a), numberIn(b)];
  const found = x !== null && y !== null ? x - y : a.localeCompare(b, language, { numeric: true });
  return falling ? -found : found;
}

/** Makes the headings of a table buttons. */
export function sortable(table: HTMLTableElement): void {
  const body = table.tBodies[0];
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body || body.rows.length < 2 || table.dataset["sorts"]) return;
  table.dataset["sorts"] = "true";
  headings.forEach((heading, column) => {
    const text = heading.textContent?.trim();
    if (!text || heading.querySelector("a, button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const falling = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const rows = [...body.rows];
      const language = document.documentElement.lang || undefined;
      rows.sort((a, b) => ordered(value(a, column), value(b, column), falling, language));
      body.append(...rows);
    });
  });
}
