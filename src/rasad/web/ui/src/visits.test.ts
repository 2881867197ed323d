import { afterEach, expect, test, vi } from "vitest";
import { send, visit } from "./visits";

function answering(body: string, url = "http://localhost:3000/review?claim=c-2"): ReturnType<typeof vi.fn> {
  const answer = new Response(body, { headers: { "content-type": "text/html" } });
  Object.defineProperty(answer, "url", { value: url });
  const asked = vi.fn(() => Promise.resolve(answer));
  vi.stubGlobal("fetch", asked);
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

test("what another page shows takes the place of this one, with its title and address", async () => {
  document.body.innerHTML = "<main>old</main>";
  answering("<title>Review</title><main><h1>new</h1></main>");
  const changed = vi.fn();
  document.addEventListener("rasad:changed", changed, { once: true });
  await visit("/review?claim=c-2#c-2");
  expect(document.querySelector("main")!.innerHTML).toBe("<h1>new</h1>");
  expect(document.title).toBe("Review");
  expect(location.pathname + location.search + location.hash).toBe("/review?claim=c-2#c-2");
  expect(changed).toHaveBeenCalledTimes(1);
});

test("a form is sent with the button that was pressed", async () => {
  document.body.innerHTML =
    '<main><form method="post" action="/review/claims/c-1"><input name="reason" value="seen"><button name="action" value="reject">no</button></form></main>';
  const asked = answering("<main>next</main>");
  await send(document.querySelector("form")!, document.querySelector("button"));
  const [address, init] = asked.mock.calls[0] as [string, RequestInit];
  expect(new URL(address).pathname).toBe("/review/claims/c-1");
  expect(String(init.body)).toBe("reason=seen&action=reject");
});
