"""Pictures as Vega-Lite descriptions: one of each, for the page, the brief and a file. No picture is drawn of nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from rasad.exchange.output import OutputError, replacing
from rasad.pictures.style import CONFIG

_DRAWING = Lock()  #: vl-convert draws one picture at a time
SUFFIXES = (".svg", ".png", ".json")
SCALE = 2.0  #: pixels of a PNG for each of the description's


class PictureError(ValueError):
    """There is nothing to draw, no such picture, or it cannot be written; the message says what to do."""


class NothingToDrawError(PictureError):
    """There is nothing to draw; the message says what is missing."""


class Picture(msgspec.Struct, frozen=True):
    """A Vega-Lite description with the number of claims behind it. Shows itself in a notebook."""

    spec: Mapping[str, Any]
    claims: int

    def svg(self) -> str:
        """The picture as SVG."""
        import vl_convert

        with _DRAWING:
            return str(vl_convert.vegalite_to_svg(self.whole()))

    def png(self) -> bytes:
        """The picture as PNG, two pixels for one."""
        import vl_convert

        with _DRAWING:
            return bytes(vl_convert.vegalite_to_png(self.whole(), scale=SCALE))

    def whole(self) -> dict[str, Any]:
        """The description with the colours, fonts and sizes that all pictures share."""
        return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **self.spec, "config": CONFIG}

    def save(self, path: str | Path) -> None:
        """Writes ``.svg``, ``.png`` or, as a Vega-Lite description, ``.json``; the file is there whole or not at all. Raises PictureError for another ending or a
        place that cannot be written to."""
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in SUFFIXES:
            raise PictureError(
                f"{path}: a picture is written as {', '.join(SUFFIXES)}, not as {ending or 'a file without ending'}"
            )
        try:
            with replacing(path, force=True) as partial:
                if ending == ".json":
                    made = json.dumps(self.whole(), ensure_ascii=False, indent=1).encode()
                else:
                    made = self.svg().encode() if ending == ".svg" else self.png()
                partial.write_bytes(made)
        except OutputError as error:
            raise PictureError(str(error)) from None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"application/vnd.vegalite.v5+json": self.whole(), "image/svg+xml": self.svg()}


def titled(title: str, claims: int, more: str = "") -> dict[str, Any]:
    """A title that says what is seen, and below it on how many claims it rests."""
    behind = f"{claims:,} claim{'' if claims == 1 else 's'} behind it"
    return {"text": title, "subtitle": f"{more}; {behind}" if more else behind}
