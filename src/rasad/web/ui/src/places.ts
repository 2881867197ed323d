// Where an entity is shown: the same rule as rasad.web.addresses.

const PLACES: Record<string, string> = {
  country: "/countries/",
  system: "/systems/",
  class: "/systems/",
  category: "/systems/",
  org: "/organisations/",
  bloc: "/organisations/",
  person: "/people/",
  anonymous: "/people/",
};
const SHORTENED = new Set(["country", "system", "org", "person"]);

const quoted = (text: string) => encodeURIComponent(text).replace(/%3A/g, ":").replace(/%2F/g, "/");

/** The address of an entity by its id; of what has no page of its own, the search for its name. */
export function address(id: string, name: string): string {
  const [kind = "", ...rest] = id.split(":");
  const place = PLACES[kind];
  if (place === undefined || rest.length === 0) return `/search?q=${encodeURIComponent(name)}`;
  return place + quoted(SHORTENED.has(kind) ? rest.join(":") : id);
}
