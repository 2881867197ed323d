// Keys of the desk: one letter does one thing, two letters (g s) go somewhere. Nothing happens while somebody types.

export type Bindings = Record<string, () => void>;

const PAUSE = 1000; // milliseconds after which the first of two letters is forgotten

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Listens for the keys of bindings: "/", "?", "g s". Gives a function that stops it. */
export function listen(bindings: Bindings, on: Document = document): () => void {
  let first = "";
  let since = 0;
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const now = event.timeStamp;
    const both = first && now - since < PAUSE ? `${first} ${event.key}` : "";
    const act = bindings[both] ?? bindings[event.key];
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
