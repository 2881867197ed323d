// Names that begin as what is typed, below the search box: a combobox with a list, as the ARIA Authoring Practices describe it.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
import { address } from "./places";

interface Suggestion {
  id: string;
  name: string;
  called: string | null;
  in_register: boolean;
}

const REST = 120; // milliseconds without a key before the desk is asked
let lists = 0;

/** Makes a search box suggest; without an answer it stays the plain box that it was. */
export function suggesting(box: HTMLInputElement): void {
  const form = box.form;
  if (!form) return;
  const list = document.createElement("ul");
  list.id = `suggestions-${++lists}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.getAttribute("aria-label") ?? box.labels?.[0]?.textContent?.trim() ?? box.placeholder);
  list.hidden = true;
  box.after(list);
  box.parentElement?.classList.add("suggesting");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]] as const)
    box.setAttribute(name, value);

  let shown: Suggestion[] = [];
  let at = -1;
  let waiting = 0;
  let asking: AbortController | undefined;

  const close = () => {
    window.clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (index: number) => {
    at = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    const active = list.children[at];
    if (active) {
      box.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView?.({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };
  const open = (index: number) => {
    const one = shown[index];
    if (one) location.assign(one.in_register ? address(one.id, one.name) : `/search?q=${encodeURIComponent(one.name)}`);
  };
  const show = (found: Suggestion[]) => {
    shown = found;
    list.replaceChildren(
      ...found.map((one, i) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.append(isolated(one.called ?? one.name));
        if (one.called) {
          const named = document.createElement("small");
          named.append(isolated(one.name));
          option.append(" ", named);
        }
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          open(i);
        });
        return option;
      }),
    );
    list.hidden = found.length === 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    choose(-1);
  };
  const ask = async (typed: string) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/suggest.json?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (answer.ok) show(((await answer.json()) as { suggestions: Suggestion[] }).suggestions);
    } catch (error) {
      if (!(error instanceof DOMException)) close();
    }
  };

  box.addEventListener("input", () => {
    const typed = box.value.trim();
    window.clearTimeout(waiting);
    if (typed.length < 2) close();
    else waiting = window.setTimeout(() => void ask(typed), REST);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const closed = list.hidden;
    if (event.key === "Escape" && !closed) close();
    else if (event.key === "Escape") box.blur();
    else if (closed || shown.length === 0) return;
    else if (event.key === "ArrowDown") choose(at + 1 < shown.length ? at + 1 : -1);
    else if (event.key === "ArrowUp") choose(at < 0 ? shown.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) open(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("blur", close);
}

function isolated(text: string): HTMLElement {
  const held = document.createElement("bdi");
  held.textContent = text;
  return held;
}
