// j and k go through what a page lists: deals, claims, rows of tables. The focus goes along, so that Enter opens.

const ITEMS = "main .row-line, main .evidence, main [data-item], main tbody tr";

/** Goes to the next item (1) or the one before (-1). */
export function step(by: 1 | -1): void {
  const items = [...document.querySelectorAll<HTMLElement>(ITEMS)].filter((item) => item.querySelector("a[href]") && !item.closest("details:not([open])"));
  if (items.length === 0) return;
  const active = document.activeElement;
  const here = items.findLastIndex((item) => item.contains(active));
  const item = items[here < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(Math.max(here + by, 0), items.length - 1)];
  const link = item?.querySelector<HTMLElement>("a.what, h3 a, a[href]");
  link?.focus({ preventScroll: true });
  item?.scrollIntoView?.({ block: "nearest" });
}
