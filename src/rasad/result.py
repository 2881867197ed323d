"""What a run tells of itself where it wrote its result, for those that write it and those that take it: ``run.json``, and the list of
what was set aside, ``aside.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from rasad.sources import Skipped

RUN = "run.json"
ASIDE = "aside.jsonl"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was begun with, which has to be the same when it goes on."""

    reader: str
    sources: list[str]
    language: str | None = None
    columns: dict[str, str] = {}
    every_copy: bool = False  #: copies are read as any other text


class Report(msgspec.Struct, kw_only=True):
    """What a run did. Counts of texts: ``texts`` looked at, ``about`` arms in a language that Rasad reads, ``foreign`` in another,
    ``empty`` pages without a text, ``copies`` that were read with another, ``read``. ``bytes`` of the sources, archives unpacked;
    ``claims``; ``deals``, and relations; ``aside``: what was set aside; ``seconds`` of work, over all the times it was begun."""

    texts: int = 0
    bytes: int = 0
    about: int = 0
    foreign: int = 0
    empty: int = 0
    copies: int = 0
    read: int = 0
    claims: int = 0
    deals: int = 0
    aside: int = 0
    seconds: float = 0.0


class Described(msgspec.Struct, kw_only=True):
    """``run.json``: what it was begun with, by which version and engine, and, once it has ended, what it did."""

    rasad: str
    engine: str
    begun: Begun
    report: Report | None = None

    def packed(self) -> bytes:
        """As the file has it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def described(told: bytes) -> Described:
    """What ``run.json`` tells. Raises ValueError where it tells something else."""
    return msgspec.json.decode(told, type=Described)


def listed(aside: Iterable[Skipped]) -> bytes:
    """What was set aside, as ``aside.jsonl`` has it."""
    return b"".join(msgspec.json.encode(entry._asdict()) + b"\n" for entry in aside)


def unlisted(lines: bytes) -> list[Skipped]:
    """What ``aside.jsonl`` tells was set aside. Raises ValueError where it tells something else."""
    return [
        Skipped(one.path, one.reason, one.place) for one in map(_LINE.decode, filter(bytes.strip, lines.splitlines()))
    ]


class _Line(msgspec.Struct):
    path: str
    reason: str
    place: str | None = None


_LINE = msgspec.json.Decoder(_Line)
