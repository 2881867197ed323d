// Adding: files can be dropped anywhere on the page, and a job shows how far it is without loading the page again.
import { send, target, visit } from "./visits";

const NEXT = 1000; // milliseconds between two looks at a job
const main = document.querySelector("main")!;

/** Looks at the job that the page shows until it is over. */
async function follow(address: string): Promise<void> {
  const running = () => main.querySelector("[data-job]") !== null && /^(waiting|reading)$/.test(main.querySelector<HTMLElement>("[data-status]")?.dataset["status"] ?? "");
  while (running()) {
    await new Promise((later) => setTimeout(later, NEXT));
    if (location.href !== address || !(await visit(address, {}, "main", true))) return;
  }
}

main.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || !target(form).pathname.startsWith("/add/")) return;
  event.preventDefault();
  void send(form, (event as SubmitEvent).submitter).then((address) => {
    window.scrollTo({ top: 0 });
    main.querySelector<HTMLElement>("[data-focus]")?.focus();
    if (address) void follow(address);
  });
});

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
const zone = () => main.querySelector<HTMLFormElement>("form[data-drop]");

document.addEventListener("dragover", (event) => {
  if (!zone() || !holdsFiles(event)) return;
  event.preventDefault();
  zone()?.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) zone()?.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  const form = zone();
  const input = form?.querySelector<HTMLInputElement>('input[type="file"]');
  if (!form || !input || !holdsFiles(event)) return;
  event.preventDefault();
  form.classList.remove("dropping");
  input.files = event.dataTransfer!.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector<HTMLElement>("button")?.focus();
});
