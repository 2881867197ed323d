// Buttons that copy: a quotation with who said it and where, the address of a page, a token.

/** A quotation as it is pasted elsewhere: its words, then the line below it on the page, then where it stands. */
export function quoted(quote: Element, home: string): string {
  const plain = (of: Element) => (of.textContent ?? "").replace(/\s+/g, " ").trim();
  const beside = quote.parentElement;
  const who = beside?.querySelector(":scope > .who");
  const claim = beside?.id.startsWith("c-") ? `${home}/claims/${beside.id}` : "";
  return [`“${plain(quote)}”`, who ? `— ${plain(who)}` : "", claim].filter(Boolean).join("\n");
}

function button(words: DOMStringMap, label: string, text: () => string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "copy";
  made.setAttribute("aria-live", "polite");
  made.textContent = label;
  made.addEventListener("click", () => {
    void navigator.clipboard.writeText(text()).then(() => {
      made.textContent = words["copied"] ?? "✓";
      window.setTimeout(() => (made.textContent = label), 1500);
    });
  });
  return made;
}

/** Gives quotations, addresses and what is marked with data-copy a button. */
export function copyable(part: ParentNode, words: DOMStringMap): void {
  if (!navigator.clipboard) return; // only over HTTPS or on the own machine
  const { copy, copyAddress } = words;
  if (!copy || !copyAddress) return;
  part.querySelectorAll("main .evidence > blockquote").forEach((quote) => {
    const who = quote.parentElement?.querySelector(":scope > .who");
    if (who && !who.querySelector(".copy")) who.append(" ", button(words, copy, () => quoted(quote, location.origin)));
  });
  part.querySelectorAll<HTMLInputElement>("input[data-copy]").forEach((input) => {
    if (!input.parentElement?.querySelector(".copy")) input.after(" ", button(words, copy, () => input.value));
  });
  part.querySelectorAll("main > .head > .kind").forEach((kind) => {
    if (!kind.querySelector(".copy")) kind.append(" ", button(words, copyAddress, () => location.href));
  });
}
