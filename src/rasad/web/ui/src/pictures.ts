// A picture that answers: <img data-picture="/pictures/….json"> becomes a live one when its button is pressed.
// Vega is large and is loaded only then. Its expressions are interpreted, and its styles stand in the desk's style sheet, since the
// desk allows no code made from text and no styles but its own.

const ERRORS = 1; // of Vega's log only these

async function enliven(image: HTMLImageElement): Promise<void> {
  const address = image.dataset["picture"];
  if (!address) return;
  const [{ default: embed }, { expressionInterpreter }, spec] = await Promise.all([
    import("vega-embed"),
    import("vega-interpreter"),
    fetch(address, { headers: { accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    }),
  ]);
  delete spec.$schema; // its version is that of the desk that made it, whichever draws it
  const place = document.createElement("div");
  place.className = "picture live";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", image.alt);
  await embed(place, spec, {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true,
    expr: expressionInterpreter,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    logLevel: ERRORS,
    config: { mark: { tooltip: true } },
  });
  image.replaceWith(place);
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-enliven]")) {
  const image = button.closest("figure")?.querySelector<HTMLImageElement>("img[data-picture]");
  if (!image) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    enliven(image).then(
      () => button.remove(),
      () => (button.disabled = false),
    );
  });
}

export {};
