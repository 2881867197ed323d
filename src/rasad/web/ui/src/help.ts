// "?" shows the keys over the page; they stand on the help page, from where they come.
import { keysAreOn, switchKeys } from "./keys";

/** A switch for keys of one letter, at the end of a part of the page, or right behind something in it. */
export function offerSwitch(part: Element, words: DOMStringMap, behind = ""): void {
  const label = document.createElement("label");
  label.className = "switch";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = keysAreOn();
  box.addEventListener("change", () => switchKeys(box.checked));
  label.append(box, ` ${words["keys"] ?? ""}`);
  const place = behind ? part.querySelector(behind) : null;
  if (place) place.after(label);
  else part.append(label);
}

/** Opens the list of keys. */
export async function helped(words: DOMStringMap): Promise<void> {
  const answer = await fetch("/help", { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const tables = [...page.querySelectorAll("main table.keys")];
  if (!answer.ok || tables.length === 0) return location.assign("/help");
  const dialog = document.createElement("dialog");
  dialog.className = "keys-dialog";
  const close = document.createElement("button");
  close.textContent = words["close"] ?? "×";
  close.addEventListener("click", () => dialog.close());
  const bar = document.createElement("p");
  const more = document.createElement("a");
  more.href = "/help";
  more.textContent = page.querySelector("main h1")?.textContent ?? "/help";
  bar.append(close, more);
  dialog.setAttribute("aria-label", words["keysTitle"] ?? more.textContent);
  dialog.append(...tables.map((table) => document.importNode(table, true)));
  offerSwitch(dialog, words);
  dialog.append(bar);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
