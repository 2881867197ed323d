"""How data becomes a page: a template gives what is particular to the page, the shell puts the frame of the desk around it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from rasad.cache import fingerprint
from rasad.claims import Filler, Money
from rasad.exchange.wording import said
from rasad.languages.words import fold
from rasad.ontology import ontology
from rasad.register.rows import Named
from rasad.reports.wording import called, is_turned, readable, sentence
from rasad.web.addresses import address
from rasad.web.words import Words, codes, words

_IDS = re.compile(r"\b([dr]-[0-9a-f]{8,16})\b")  #: of deals and relations, whole or shortened, within a text
BUILT = "built/manifest.json"  #: what Vite says it made of ui/


class Rendered(tuple[str, Markup]):
    """The title of a page and its main part."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """The title."""
        return self[0]

    @property
    def main(self) -> Markup:
        """The part within the frame."""
        return self[1]


@cache
def environment() -> jinja2.Environment:
    """The templates; every text in them is escaped, and a name that is missing is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("rasad.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"address": address, "query": query, "script": script, "style": style, "languages": codes, "own_name": lambda code: words(code).name, "mark": mark, "named": Named}  # fmt: skip
    made.filters["readable"] = readable
    made.filters["by_ids"] = _IDS.split  # words between ids, ids at the odd places
    made.filters["direction"] = lambda text, code=None: "rtl" if is_turned(text, code) else "ltr"
    return made


def rendered(template: str, code: str, values: Mapping[str, Any]) -> Rendered:
    """A page without the frame: the template sets ``title``."""
    spoken = words(code)
    module = environment().get_template(template).make_module({**_spoken(spoken), **values})
    return Rendered((str(module.title), Markup(str(module))))  # type: ignore[attr-defined]


def framed(page: Rendered, code: str, values: Mapping[str, Any]) -> str:
    """The whole page. ``values``: what :meth:`rasad.web.desk.Desk.page` tells of the request."""
    return environment().get_template("shell.html").render({**_spoken(words(code)), "page": page, **values})


def _spoken(spoken: Words) -> dict[str, Any]:
    """What templates say things with."""
    told = {"said": partial(said, language=spoken.code), "sentence": partial(sentence, language=spoken.code)}
    named = {"name": partial(_name, spoken), "by_name": partial(sorted, key=lambda of: fold(_name(spoken, of)))}
    return {**told, **named, "t": spoken, "category": partial(_category, spoken), "money": partial(_money, spoken)}


def _name(spoken: Words, of: Named | Filler) -> str:
    """What somebody or something is called in the language of the page."""
    return readable(called(of.id, of.name, spoken.code))


def _category(spoken: Words, category: str | None) -> str:
    if not category:
        return ""
    name = category.removeprefix("category:")
    key = f"category.{name}"
    return spoken(key) if spoken.has(key) else ontology().categories.get(name, name).lower()


def _money(spoken: Words, value: Money | None) -> str:
    return spoken.money(value.amount, value.currency) if value else ""


def query(given: Mapping[str, Any], **changes: Any) -> str:
    """The query of an address with some of its fields changed; None takes one out."""
    left = {key: value for key, value in {**given, **changes}.items() if value not in (None, "")}
    return f"?{urlencode(left, doseq=True)}" if left else "?"


@cache
def style() -> str:
    """The address of the style sheet; it changes with the sheet, so that browsers may keep it for good."""
    return f"/assets/{mark()}/desk.css"


@cache
def script(module: str) -> str | None:
    """The address of a module of ``ui/src``; None where they were not built, and pages do without."""
    place = files("rasad.web").joinpath("assets").joinpath(BUILT)
    if not place.is_file():
        return None
    return f"/assets/{mark()}/built/" + str(json.loads(place.read_text("utf-8"))[f"src/{module}.ts"]["file"])


@cache
def mark() -> str:
    """What tells one state of the assets from another."""
    folder = files("rasad.web").joinpath("assets")
    return fingerprint([folder.joinpath("desk.css")])[:10]
