"""Organisations that no table lists (part of step 3): after a word for their kind (*the firm Ritek*), by the last word of their
name (*Trakia Arms*), or because the document has named them before."""

from __future__ import annotations

from rasad.claims import Entity
from rasad.reading.people import romanise, skeleton
from rasad.reading.view import Mention, View

LONGEST = 5  #: words of a name, at most
_OPENING = frozenset('«"“„‘')
_CLOSING = frozenset('»"”“’')
_INSIDE = frozenset("&-")
_LINKS = frozenset({"of", "for", "and", "the", "on"})  #: words of Latin names that have no capital
Known = dict[str, Entity]


def organisations(view: View, known: Known) -> None:
    """Adds the organisations of a sentence that no table lists. ``known`` maps names to this document's organisations."""
    words = view.words
    parts = {m.start for m in view.cue("institutions")}
    loose = [
        m for m in view.mentions if m.type in ("class", "category") and m.start in parts and words[m.start].capital
    ]
    taken = {i for m in view.mentions if m not in loose for i in range(m.start, m.end)}
    papers = _papers(view)
    introduced = {m.end for m in view.cue("organisation_words")} | papers
    barred = _barred(view)
    caseless = bool(view.language.clitics)
    anywhere = caseless and bool(view.cue("institutions"))
    lexical = (
        {i for m in [*view.triggers, *(c for t in view.cues.values() for c in t)] for i in m.met} if caseless else set()
    )
    position = 0
    while position < len(words):
        word = words[position]
        if not (word.capital or anywhere or position in introduced or word.fold in _OPENING):
            position += 1
            continue
        start, end = _quoted(view, position, taken) or (position, position)
        if end == start:
            end = _run(view, start, taken, barred, lexical)
        if end == start:
            position += 1
            continue
        quoted = start > position
        entity = _again(view, start, end, known)
        if entity is None and _names(view, start, end, position in introduced, quoted):
            entity = _entity(view.quote(start, end).strip('«»"“”„'), "media" if position in papers else "company")
            _remember(view, start, end, entity, known)
        if entity is not None:
            at, until = words[start].start, words[end - 1].end
            view.mentions.append(Mention(entity, "name", start, end, view.text[at:until], at, until))
        position = end + quoted
    named = {i for m in view.mentions if m.type == "org" for i in range(m.start, m.end)}
    view.mentions = [m for m in view.mentions if m not in loose or m.start not in named]
    _abbreviations(view, known)
    view.mentions.sort(key=lambda m: (m.start, -m.end))


def _barred(view: View) -> set[int]:
    """Words that begin or end no name: titles, governments, months, anonymous speakers."""
    tables = ("titles", "government", "months", "anonymous", "time", "anaphora")
    return {i for table in tables for m in view.cue(table) for i in range(m.start, m.end)}


def _foreign(view: View, index: int) -> bool:
    """Whether a word stands in Latin letters in a text of another script."""
    word = view.words[index]
    return not view.language.latin and word.kind == "w" and word.fold[0].isascii()


def _nameable(view: View, index: int, taken: set[int], barred: set[int]) -> bool:
    word = view.words[index]
    if word.kind != "w" or index in taken or index in barred:
        return False
    if view.language.clitics:
        return _foreign(view, index) and word.capital
    return word.capital and len(word.fold) > 1


def _run(view: View, start: int, taken: set[int], barred: set[int], lexical: set[int]) -> int:
    """Where a run of words in capitals that begins here ends."""
    words, end = view.words, start
    if view.language.clitics and not _foreign(view, start):
        return _caseless_run(view, start, taken, barred, lexical)
    if words[start].fold in view.language.profile.function_words:
        return start
    while end < len(words) and end - start < LONGEST:
        if _nameable(view, end, taken, barred):
            end += 1
        elif (
            end > start
            and words[end].fold in _INSIDE | _LINKS
            and end + 1 < len(words)
            and _nameable(view, end + 1, taken, barred)
            and (words[end].fold in _INSIDE or _tail(view, start, end))
        ):
            end += 2
        else:
            break
    return end


def _caseless_run(view: View, start: int, taken: set[int], barred: set[int], lexical: set[int]) -> int:
    """The same in a script without capitals: words that the lexicon does not know and that no article defines."""
    words = view.words
    introduced = any(m.end == start for m in view.cue("organisation_words"))
    if not introduced and not view.cue("institutions"):
        return start
    common, end = view.language.profile.function_words, start
    while (
        end < len(words)
        and end - start < LONGEST
        and words[end].kind == "w"
        and end not in taken | barred
        and (end not in lexical or _tail(view, end, end + 1))
        and len(words[end].fold) > 2
        and not words[end].fold.startswith("ال")
        and words[end].fold[-1] != "ه"
        and not any(key.lstrip("=") in common for key in words[end].keys)
    ):
        end += 1
    nation = any(m.kind == "adjective" and m.start == end for m in view.mentions)
    if not introduced and not _tail(view, start + 1, end):
        return start
    return end if end - start > 1 or nation else start


def _quoted(view: View, position: int, taken: set[int]) -> tuple[int, int] | None:
    """The name between quotation marks that open here."""
    words = view.words
    if words[position].fold not in _OPENING or position + 1 >= len(words):
        return None
    for end in range(position + 2, min(len(words), position + LONGEST + 3)):
        if words[end].fold in _CLOSING:
            inside = range(position + 1, end)
            fits = taken.isdisjoint(inside) and all(words[i].kind == "w" for i in inside)
            named = words[position + 1].capital or bool(view.language.clitics)
            return (position + 1, end) if fits and named else None
    return None


def _tail(view: View, start: int, end: int) -> bool:
    """Whether one of these words stands in names of organisations alone: Industries, Institute."""
    return any(start <= m.start < end for m in view.cue("institutions"))


def _names(view: View, start: int, end: int, introduced: bool, quoted: bool) -> bool:
    """Whether these words name an organisation."""
    words = view.words
    if end - start > 1 and not view.language.clitics and not quoted and _tail(view, start, end):
        return True
    if view.language.clitics and not quoted and not _foreign(view, start):
        return True
    person = (
        not quoted and "name" in words[start].tags and not _tail(view, start, end)
    )  # the head of the firm Ivan Petrov
    return introduced and not person


def _papers(view: View) -> set[int]:
    """Where the name of a paper, an agency or a site may begin that a word for one introduces; a journalist is a person."""
    titles = {i for m in view.cue("titles") for i in range(m.start, m.end)}
    return {m.end for m in view.cue("anonymous", "media") if m.end - 1 not in titles}


def _entity(name: str, kind: str) -> Entity:
    latin = romanise(name)
    parts = [skeleton(part) for part in latin.replace("-", " ").split()]
    return Entity(id="org:" + "-".join(p for p in parts if p), name=latin, kind=kind)


def _key(view: View, start: int, end: int) -> str:
    return "org " + " ".join(word.fold for word in view.words[start:end])


def _remember(view: View, start: int, end: int, entity: Entity, known: Known) -> None:
    known.setdefault(_key(view, start, end), entity)
    if end - start > 1 and len(view.words[start].fold) > 3 and not _tail(view, start, start + 1):
        known.setdefault(_key(view, start, start + 1), entity)


def _again(view: View, start: int, end: int, known: Known) -> Entity | None:
    """The organisation that the document has named in these words before."""
    return known.get(_key(view, start, end))


def _abbreviations(view: View, known: Known) -> None:
    """*Krauss-Maffei Wegmann (KMW)*: from now on the letters are the name."""
    words = view.words
    for mention in [m for m in view.mentions if m.type in ("org", "bloc")]:
        end = mention.end
        bracketed = end + 2 < len(words) and words[end].fold == "(" and words[end + 2].fold == ")"
        if bracketed and words[end + 1].upper and len(words[end + 1].fold) > 1:
            known.setdefault(_key(view, end + 1, end + 2), mention.entity)
