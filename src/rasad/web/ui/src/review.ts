// Reviewing without waiting for pages: a decision is sent, and the next claim takes the place of this one. What was just decided
// stands above it with a button to undo; the key u presses that.
import { bound } from "./keys";
import { remember, send, target, visit } from "./visits";

const main = document.querySelector("main")!;

main.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || !target(form).pathname.startsWith("/review/")) return;
  event.preventDefault();
  void send(form, (event as SubmitEvent).submitter).then((address) => {
    if (address) main.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  });
});

main.addEventListener("click", (event) => {
  const skip = (event.target as Element).closest<HTMLAnchorElement>('a[data-key="j"]');
  if (skip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return void visit(skip.href);
  }
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-key="c"][href^="#"]');
  const details = link && document.querySelector<HTMLDetailsElement>(link.hash);
  if (!details) return;
  details.open = true;
  details.querySelector<HTMLElement>("input:not([type=hidden]), select")?.focus();
  event.preventDefault();
});

bound["u"] = () => document.querySelector<HTMLElement>(".done form button, [data-key='u']")?.click();
remember();
