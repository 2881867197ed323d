// Every page of the desk: keys, and what is nicer with a script than without.
import { listen } from "./keys";

const go = (address: string) => () => location.assign(address);
const box = document.querySelector<HTMLInputElement>("[data-search]");

listen({
  "/": () => box?.focus(),
  "g h": go("/"),
  "g s": go("/search"),
  "g c": go("/countries"),
  "g r": go("/review"),
  "g a": go("/add"),
  "?": go("/help"),
});
