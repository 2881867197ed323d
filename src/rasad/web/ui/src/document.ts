// A text with its claims: choosing one changes the panel, not the page; keys go from claim to claim; what the pointer is at lights up
// the same role in the text and beside it.
import { bound } from "./keys";
import { remember, visit } from "./visits";

const READING = ".reading";
const main = document.querySelector("main")!;

async function choose(link: HTMLAnchorElement): Promise<void> {
  const claim = link.dataset["claim"] ?? new URL(link.href).searchParams.get("claim");
  const { scrollX, scrollY } = window;
  if (!(await visit(link.href, {}, READING))) return;
  window.scrollTo(scrollX, scrollY);
  document.querySelectorAll(".claims [aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  if (!claim) return;
  document.querySelector(`.claims [data-claim="${CSS.escape(claim)}"]`)?.setAttribute("aria-current", "true");
  const sign = document.getElementById(claim);
  sign?.focus({ preventScroll: true });
  sign?.scrollIntoView({ block: "nearest" });
}

main.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = (event.target as Element).closest<HTMLAnchorElement>("a.sign, a.held, a.close, .claims a[data-claim]");
  if (!link || new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  void choose(link);
});

/** Goes to the claim that begins after (or before) the chosen one. */
function step(by: 1 | -1): void {
  const signs = [...document.querySelectorAll<HTMLAnchorElement>("[data-text] a.sign")];
  const here = signs.findIndex((sign) => sign.hasAttribute("aria-current"));
  const next = signs[here < 0 ? (by > 0 ? 0 : signs.length - 1) : (here + by + signs.length) % signs.length];
  if (next) void choose(next);
}

const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
bound["j"] = bound[forward] = () => step(1);
bound["k"] = bound[forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"] = () => step(-1);
bound["Escape"] = () => document.querySelector<HTMLAnchorElement>("[data-panel] a.close")?.click();

function light(event: Event): void {
  const of = (event.target as Element).closest<HTMLElement>("[data-of]")?.dataset["of"];
  document.querySelectorAll<HTMLElement>(`${READING} [data-of]`).forEach((one) => one.classList.toggle("lit", one.dataset["of"] === of));
}
main.addEventListener("pointerover", light);
main.addEventListener("focusin", light);
remember();
