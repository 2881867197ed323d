import { expect, test } from "vitest";
import { quoted } from "./copying";

test("a quotation is copied with who said it and where it stands", () => {
  document.body.innerHTML =
    '<article id="c-1"><blockquote>Ukraine  supplied\n S-300.</blockquote><p class="who">according to <a>Zgurets</a></p></article>';
  expect(quoted(document.querySelector("blockquote")!, "http://desk")).toBe("“Ukraine supplied S-300.”\n— according to Zgurets\nhttp://desk/claims/c-1");
});
