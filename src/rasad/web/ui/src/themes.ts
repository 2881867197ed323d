// The appearance changes at once, without loading the page again; the choice is kept by the desk as without a script.

export function themed(): void {
  document.querySelector<HTMLFormElement>('form[action="/preferences"]')?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.name !== "theme") return;
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const chosen = new URLSearchParams({ theme: button.value });
    void fetch(form.action, { method: "POST", body: chosen, redirect: "manual" });
    document.documentElement.dataset["theme"] = button.value;
    form.querySelectorAll<HTMLButtonElement>('button[name="theme"]').forEach((one) => {
      if (one === button) one.setAttribute("aria-pressed", "true");
      else one.removeAttribute("aria-pressed");
    });
  });
}
