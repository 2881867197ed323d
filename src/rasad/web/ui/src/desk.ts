// Every page of the desk: keys, suggestions while searching, and what is nicer with a script than without.
import { copyable } from "./copying";
import { listen } from "./keys";
import { helped, offerSwitch } from "./help";
import { step } from "./lists";
import { suggesting } from "./suggest";
import { sortable } from "./tables";
import { themed } from "./themes";
import { relative } from "./times";

/** What some pages do beyond this, by what only they have. */
const MODULES: [string, () => Promise<unknown>][] = [
  ["[data-text]", () => import("./document")],
  ["[data-enliven]", () => import("./pictures")],
  ["[data-review], .decisions", () => import("./review")],
  ["[data-drop], [data-job]", () => import("./add")],
];

const go = (address: string) => () => location.assign(address);
const searches = document.querySelectorAll<HTMLInputElement>("input[data-search]");
const words = document.body.dataset;

listen({
  "/": () => (searches[searches.length - 1] ?? null)?.select(),
  "g h": go("/"),
  "g s": go("/search"),
  "g c": go("/countries"),
  "g r": go("/review"),
  "g a": go("/add"),
  "g w": go("/watch"),
  j: () => step(1),
  k: () => step(-1),
  "?": () => void helped(words),
  Escape: () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]").forEach((menu) => (menu.open = false)),
});

/** What is done once to each page, and again to what comes into it later. */
function dress(part: ParentNode): void {
  part.querySelectorAll<HTMLTableElement>("table[data-sortable]").forEach(sortable);
  part.querySelectorAll<HTMLTimeElement>("time[data-relative]").forEach((time) => relative(time, document.documentElement.lang));
  copyable(part, words);
  for (const [has, load] of MODULES) if (part.querySelector(has)) void load();
}

searches.forEach(suggesting);
themed();
dress(document);
document.addEventListener("rasad:changed", (event) => dress(event.target as Element));
if (location.pathname === "/help") offerSwitch(document.querySelector("main table.keys")?.parentElement ?? document.body, words, "table.keys:last-of-type");
