"""Step 2: sentences, paragraphs and quotations, with offsets."""

from __future__ import annotations

import re

import msgspec

from rasad.languages import Profile
from rasad.languages.words import fold

_END = re.compile(r"[.!?؟…]+[\"'»”“’)\]]*\s*|\n+|;\s*\n")
_WORD_BEFORE = re.compile(r"((?:[^\W_]|[\u064b-\u065f])+(?:\.[^\W\d_]+)*)$")
#: a turn after a name or the letter for an answer: "Ivanov: …", "A: …", "О.: …", "ج: …"
_ANSWER = re.compile(
    r"^[ \t]*((?:[A-ZА-ЯІЇЄҐ\u0621-\u064a][\w.'’-]{2,}[ \t]?){1,3}|[AОВج]\.?)[ \t]?:[ \t]+([^\n«\"“]{20,})$",
    re.MULTILINE,
)
#: the letters after a number that end a designation: "Su-30 SME." ends a sentence, though "SME." alone may be an abbreviation
_DESIGNATION = re.compile(r"[^\W\d_]-\d+(?:[ -][^\W\d_]{1,4}){1,4}$")
_TURN = re.compile(r"^[ \t]*[—–-][ \u00a0][^\n]{20,}$", re.MULTILINE)  #: a turn in an interview, after a dash
LONGEST = 2_000  #: a stretch without any sentence end is cut after about this many characters


class Sentence(msgspec.Struct, frozen=True):
    """``text[start:end]`` is one sentence; ``paragraph`` counts from nought."""

    start: int
    end: int
    paragraph: int


def sentences(text: str, profile: Profile) -> list[Sentence]:
    """The sentences of a text. White space at their edges is left out; nothing else is."""
    found: list[Sentence] = []
    start = paragraph = 0
    for match in _END.finditer(text):
        newline = "\n" in match.group()
        if not newline and not _ends(text, match, profile):
            continue
        _keep(text, start, match.end(), paragraph, found)
        start = match.end()
        paragraph += newline
    _keep(text, start, len(text), paragraph, found)
    return found


def _ends(text: str, match: re.Match[str], profile: Profile) -> bool:
    """Whether a mark that may end a sentence does: not after an abbreviation or an initial, not before a small letter."""
    after = text[match.end() : match.end() + 1]
    if not after:
        return True
    spaced = text[match.end() - 1].isspace()
    if after.islower() or (not spaced and (after.isalnum() or after in ",;:")):
        return False
    if after.isdigit() and not spaced:
        return False
    if match.group()[0] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - 20), match.start())
    if before is None:
        return True
    word = before.group(1)
    initial = len(word) == 1 and word.isupper()
    if initial or fold(word) in profile.abbreviations:
        return bool(_DESIGNATION.search(text, max(0, match.start() - 30), match.start()))
    return True


def _keep(text: str, start: int, end: int, paragraph: int, found: list[Sentence]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = start + LONGEST if cut <= start else cut
        found.append(Sentence(start, cut, paragraph))
        start = cut + (text[cut : cut + 1] == " ")
    if end > start:
        found.append(Sentence(start, end, paragraph))


def _answers(text: str) -> list[tuple[int, int]]:
    """In an interview, told by two paragraphs or more that end in a question mark, the paragraphs that follow them."""
    paragraphs = [m.span() for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    asked = [i for i, (start, end) in enumerate(paragraphs) if text[start:end].rstrip("\"'»”) ").endswith(("?", "؟"))]
    if len(asked) < 2:
        return []
    return [paragraphs[i + 1] for i in asked if i + 1 < len(paragraphs) and i + 1 not in asked]


def quotations(text: str, profile: Profile) -> list[tuple[int, int]]:
    """The spans between quotation marks, marks included, that hold at least four words or a sentence end.

    A mark that is not closed before the paragraph ends closes there; short spans are titles and names of systems.
    """
    spans: list[tuple[int, int]] = []
    opening = dict(profile.quotes)
    opening.setdefault('"', '"')
    at = 0
    marks = re.compile("[" + re.escape("".join(opening)) + "]")
    while match := marks.search(text, at):
        close = opening[match.group()]
        end = text.find(close, match.end())
        line = text.find("\n", match.end())
        line = len(text) if line < 0 else line
        if end < 0 or (end > line and close == match.group()):
            end = line - 1
        at = end + 1
        if len(text[match.end() : end].split()) >= 4:
            spans.append((match.start(), min(end + 1, len(text))))
    spans += [(m.start(), m.end()) for m in _TURN.finditer(text) if not m.group().rstrip().endswith(("?", "؟"))]
    spans += [m.span(2) for m in _ANSWER.finditer(text) if not m.group().rstrip().endswith(("?", "؟"))]
    spans += _answers(text)
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
