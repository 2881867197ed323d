"""The table: the claims of each document, one below the other, for a person to read."""

from __future__ import annotations

import bisect
import shutil
import sys
from collections import Counter
from io import TextIOWrapper
from typing import IO

from rich.console import Console
from rich.text import Text

from rasad.claims import Cited, Claim, Explanation
from rasad.languages import profile
from rasad.reports.sinks import Record
from rasad.reports.wording import PDI, RLI, according_to, finding, inline, readable, sentence

WIDEST = 120  #: columns; longer lines are hard to read, however wide the terminal is
_INDENT = "   "
_COLOURS = {
    "transfer": "cyan",
    "service": "blue",
    "joint_project": "blue",
    "capability": "blue",
    "competition": "yellow",
    "dependence": "yellow",
    "cooperation": "green",
    "membership": "green",
    "alignment": "green",
    "allegation": "red",
    "restriction": "magenta",
    "position": "magenta",
}
_CERTAINTY = {"probable": "≈ probable", "possible": "? possible"}


class _Console(Console):
    """A console that lets whoever runs it know that nobody reads any more."""

    def on_broken_pipe(self) -> None:
        raise  # the BrokenPipeError during whose handling this is called


class Table:
    """Writes claims, grouped by document, and at the end how many there were of each frame. In colour on a terminal."""

    def __init__(self, stream: IO[bytes], *, explained: bool = False, width: int | None = None) -> None:
        terminal = stream.isatty()
        self._text = TextIOWrapper(
            stream, encoding=_encoding(terminal), errors="replace", newline="", write_through=True
        )
        width = width or (
            shutil.get_terminal_size().columns if terminal else shutil.get_terminal_size((100, 24)).columns
        )
        self._width = max(40, min(WIDEST, width))
        self._console = _Console(file=self._text, width=self._width, highlight=False, force_terminal=terminal)
        self._explained = explained
        self._documents = 0
        self._with_claims = 0
        self._last = self._last_with_claims = ""
        self._frames: Counter[str] = Counter()
        self._implicit = False

    def write(self, record: Record) -> None:
        """Writes the claims of one document."""
        whole = record.document.name.partition("#char=")[0]  # the parts of a long file are one document
        self._documents += whole != self._last
        self._last = whole
        if not record.shown:
            return
        self._with_claims += whole != self._last_with_claims
        self._last_with_claims = whole
        self._document(record)
        denials = [c for c in record.every if c.frame == "allegation" and c.polarity == "negative"]
        for claim, explanation in record.shown:
            self._frames[claim.frame] += 1
            self._claim(claim, explanation, denials)
        self._text.flush()

    def close(self) -> None:
        """Writes how many claims of each frame there were."""
        total = sum(self._frames.values())
        said = f"{_count(total, 'claim')} in {_count(self._documents, 'document')}"
        if total and self._with_claims < self._documents:
            said += f" ({self._with_claims} with claims)"
        line = Text(said, style="bold")
        for number, (frame, count) in enumerate(self._frames.most_common()):
            line.append(" · " if number else ": ", style="dim")
            line.append(f"{count} {_plain(frame)}", style=_COLOURS.get(frame, ""))
        self._print(line, "")
        if self._implicit:
            self._print(Text("‹ › is named elsewhere in the text, not in the sentence quoted", style="dim"), "")
        self._text.flush()
        self._text.detach()

    def _document(self, record: Record) -> None:
        shown = record.shown[0][0]
        title = Text().append(f"━━ {inline(record.document.name)} ", style="bold")
        title.append(f"· {profile(shown.language).name} · {_count(len(record.shown), 'claim')} ", style="dim")
        title.append("━" * max(2, self._width - title.cell_len), style="dim")
        self._write(title)
        self._write(Text())

    def _claim(self, claim: Claim, explanation: Explanation | None, denials: list[Claim]) -> None:
        self._write(_heading(claim, self._width))
        if any(f.implicit for _, f in claim.fillers()):
            self._implicit = True
        self._print(Text(sentence(claim), style="bold"))
        if claim.frame == "allegation":
            self._print(Text(_standing_of_accusation(claim, denials), style="red"))
        self._print(Text(according_to(claim.attribution), style="italic" if claim.attribution else "dim"))
        self._quotation(claim, explanation.triggers if explanation else [])
        if self._explained and explanation is not None:
            for line in _reasons(claim, explanation):
                self._print(line, _INDENT * 2)
        self._write(Text())

    def _quotation(self, claim: Claim, triggers: list[Cited]) -> None:
        """The evidence, shortened around the trigger. Every line that is written from right to left is isolated by itself,
        since a terminal orders each line alone."""
        room = self._width - len(_INDENT) - 2
        quote = excerpt(claim, triggers, 2 * room - 8)
        rtl = profile(claim.language).direction == "rtl"
        for line in quote.wrap(self._console, room):
            line.rstrip()
            self._write(Text(_INDENT) + (Text(RLI) + line + Text(PDI) if rtl else line))

    def _print(self, line: Text, indent: str = _INDENT) -> None:
        """Writes a text, broken to the width and indented; what is broken goes on a little further in."""
        room = self._width - len(indent) - 2
        for number, part in enumerate(line.wrap(self._console, room)):
            part.rstrip()
            self._write(Text(indent + ("  " if number else "")) + part)

    def _write(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True)


def _encoding(terminal: bool) -> str:
    return (sys.stdout.encoding or "utf-8") if terminal else "utf-8"


def _heading(claim: Claim, width: int) -> Text:
    """Frame, stage, marks of doubt and denial, and at the right the confidence."""
    colour = _COLOURS.get(claim.frame, "")
    line = Text().append(" ▪ ", style=colour)
    line.append(_plain(claim.frame), style=f"bold {colour}")
    if claim.stage:
        line.append(f" · {_plain(claim.stage)}", style=colour)
    if claim.certainty in _CERTAINTY:
        line.append(f"  {_CERTAINTY[claim.certainty]}", style="yellow")
    if claim.polarity == "negative":
        line.append("  ✗ denied" if claim.frame == "allegation" else "  ✗ negative", style="bold red")
    sure = f"confidence {claim.confidence:.2f}"
    line.append(" " * max(2, width - line.cell_len - len(sure)))
    line.append(sure, style="dim")
    return line


def _standing_of_accusation(claim: Claim, denials: list[Claim]) -> str:
    """What came of an accusation and whether the text carries a denial of it. An accusation is never shown without."""
    if claim.polarity == "negative":
        return f"finding: {finding(claim)} · this is a denial"
    accused = {f.id for f in claim.roles.get("accused", ())}
    answers = [d for d in denials if accused & {f.id for f in d.roles.get("accused", ())}]
    if not answers:
        return f"finding: {finding(claim)} · no denial found in this text"
    speakers = dict.fromkeys(inline(s.name) for d in answers for s in d.attribution)
    by = f" by {', '.join(speakers)}" if speakers else ""
    return f"finding: {finding(claim)} · denied{by}"


def excerpt(claim: Claim, triggers: list[Cited], room: int) -> Text:
    """The quotation of a claim in at most about ``room`` characters, around the words that triggered it, which stand out."""
    quote, base = claim.evidence.quote, claim.evidence.start
    spans = sorted(
        (t.start - base, t.end - base) for t in triggers if claim.evidence.start <= t.start < claim.evidence.end
    )
    first, last = _window(quote, spans, room)
    text = Text("…" if first else "")
    at = first
    for start, end in spans:
        start, end = max(start, at), min(end, last)
        if start < end:
            text.append(readable(quote[at:start]))
            text.append(readable(quote[start:end]), style="bold")
            at = end
    text.append(readable(quote[at:last]))
    return text.append("…" if last < len(quote) else "")


def _window(quote: str, spans: list[tuple[int, int]], room: int) -> tuple[int, int]:
    """Which part of a quotation to show: whole words, with the first trigger in the middle as far as the edges allow."""
    if len(quote) <= room:
        return 0, len(quote)
    low, high = spans[0] if spans else (0, 0)
    first = max(0, min((low + high - room) // 2, len(quote) - room))
    last = first + room
    gaps = [0, *(n + 1 for n, c in enumerate(quote) if c.isspace()), len(quote) + 1]
    later = gaps[bisect.bisect_left(gaps, first)]
    earlier = gaps[bisect.bisect_right(gaps, last + 1) - 1] - 1
    first = later if later <= low else first
    last = earlier if earlier >= high and earlier > first else last
    return first, min(last, len(quote))


def _reasons(claim: Claim, explanation: Explanation) -> list[Text]:
    """Why a claim was made: its triggers, the cue of each role, the speaker, and the cues of what qualifies it."""
    lines = [_reason("trigger", cited.told, cited, "") for cited in explanation.triggers]
    for role, fillers in claim.roles.items():
        by_span = {(c.start, c.end): c for c in explanation.roles.get(role, ())}
        for filler in fillers:
            cited = by_span.get((filler.start, filler.end))
            lines.append(_reason(role, filler.name, cited, cited.told if cited else ""))
    lines += [_reason("speaker", cited.told, cited, "") for cited in explanation.speakers]
    if not explanation.speakers:
        lines.append(_reason("speaker", "the author, since nobody else speaks here", None, ""))
    for name in ("stage", "certainty", "polarity"):
        value = getattr(claim, name)
        if value is not None:
            cue = explanation.cues.get(name)
            lines.append(_reason(name, _plain(value), cue, "" if cue else "no cue of its own"))
    return lines


def _reason(what: str, value: str, cited: Cited | None, told: str) -> Text:
    """One line of an explanation: what, its value, the words it was taken from with their place, and how."""
    line = Text().append(f"{_plain(what)}: ", style="dim").append(inline(value))
    if cited is not None:
        line.append(f" ← {inline(cited.text)} at {cited.start}–{cited.end}")
    return line.append(f" ({readable(told)})" if told else "", style="dim")


def _plain(name: str) -> str:
    return readable(name).replace("_", " ")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
