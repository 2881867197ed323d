// A page of the desk comes into this one without loading it anew: the desk answers with the same page as always.

let shown = location.pathname + location.search;

/** Fetches a page; what it shows takes the place of the part (``main`` unless told). Gives the address it came from, or null where
 *  the browser had to go there itself. ``keep``: leaves the history as it is. */
export async function visit(address: string, init: RequestInit = {}, part = "main", keep = false): Promise<string | null> {
  const held = document.querySelector<HTMLElement>(part);
  held?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...init, headers: { accept: "text/html", ...init.headers } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector<HTMLElement>(part);
    if (!held || !fresh || new URL(answer.url).pathname === "/login") throw new Error(answer.url);
    held.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    document.title = page.title;
    const { pathname, search } = new URL(answer.url);
    shown = pathname + search;
    if (!keep) history.pushState({ part }, "", shown + new URL(address, location.href).hash);
    held.dispatchEvent(new CustomEvent("rasad:changed", { bubbles: true }));
    return answer.url;
  } catch {
    if (init.method !== "POST") location.assign(address);
    else location.reload();
    return null;
  } finally {
    held?.removeAttribute("aria-busy");
  }
}

/** Where a form is sent; what it holds can have the name "action" too. */
export const target = (form: HTMLFormElement): URL => new URL(form.getAttribute("action") ?? "", location.href);

/** Sends a form as its button would, and shows what comes of it. */
export function send(form: HTMLFormElement, submitter: HTMLElement | null, part = "main"): Promise<string | null> {
  const given = new FormData(form, submitter);
  const multipart = form.enctype === "multipart/form-data";
  const body = multipart ? given : new URLSearchParams([...given].map(([name, value]) => [name, String(value)]));
  return visit(target(form).href, { method: "POST", body, keepalive: !multipart }, part); // though the page is left meanwhile
}

/** Back and forward show what was there. */
export function remember(): void {
  window.addEventListener("popstate", (event) => {
    if (location.pathname + location.search === shown) return; // only to another place of the same page
    const part = (event.state as { part?: string } | null)?.part ?? "main";
    void visit(location.href, {}, part, true);
  });
}
