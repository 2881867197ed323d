// Keys of the desk: one letter does one thing, two letters (g s) go somewhere. Nothing happens while somebody types, and nothing
// at all where the person switched keys of one letter off (WCAG 2.1.4).

export type Bindings = Record<string, () => void>;

const PAUSE = 1000; // milliseconds after which the first of two letters is forgotten
const OFF = "rasad.keys";

/** Whether keys of one letter do something in this browser. */
export const keysAreOn = (): boolean => localStorage.getItem(OFF) !== "off";

/** Switches them on or off, for good. */
export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "off");
}

export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit|file)$/.test(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Keys that a module of one page adds: they go before those of every page. */
export const bound: Bindings = {};

/** Presses the button or follows the link that the page gives this key (data-key); false where there is none. */
export function press(key: string): boolean {
  const named = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((one) => one.dataset["key"] === key && !one.closest("[hidden]"));
  named?.click();
  return named !== undefined;
}

/** Listens for the keys of bindings: "/", "?", "g s". Gives a function that stops it. */
export function listen(bindings: Bindings, on: Document = document): () => void {
  let first = "";
  let since = 0;
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || on.querySelector("dialog[open]")) return;
    if (event.key.length === 1 && !keysAreOn()) return;
    const now = event.timeStamp;
    const both = first && now - since < PAUSE ? `${first} ${event.key}` : "";
    const act = bindings[both] ?? bound[event.key] ?? (press(event.key) ? () => {} : bindings[event.key]);
    first = event.key;
    since = now;
    if (act) {
      event.preventDefault();
      first = "";
      act();
    }
  };
  on.addEventListener("keydown", pressed);
  return () => on.removeEventListener("keydown", pressed);
}
