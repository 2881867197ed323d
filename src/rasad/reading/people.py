"""Persons by title and name (part of step 3), and the id that one person has in every script."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

from rasad.claims import Entity
from rasad.languages.lexicon import Match
from rasad.languages.words import fold
from rasad.reading.view import Mention, View

LONGEST_NAME = 3
_OBLIQUE = frozenset({"gent", "datv", "accs", "ablt", "loct"})
_APPOSITION = 4  #: words that tell what a person is, between a verb of saying and the name
_LONG = 14  #: the same between commas after the name
_REACH = 8  #: words between a title and the name that it belongs to

_ARABIC_LETTERS = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s",
    "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "g", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "و": "u", "ي": "i", "ء": "", "ؤ": "u", "ئ": "i", "ى": "a", "ة": "a", "پ": "p", "چ": "ch", "ڤ": "v", "گ": "g",
    "أ": "a", "إ": "i", "آ": "a",
}  # fmt: skip
_ARABIC_GROUPS = [
    ("تش", "ch"), (r"وف\b", "ov"), (r"وفا\b", "ova"), (r"وفيتش\b", "ovich"), (r"(?<=\w{3})يف\b", "ev"), (r"(?<=\w{3})يفا\b", "eva"), (r"\bيو", "yu"), (r"\bي", "y"), (r"(?<=[اآ])ي", "y"), (r"و\b", "o"),
]  # fmt: skip
#: what whole groups of letters sound like
_SOUNDS = [
    (r"shch|sch|tsh|tch|dzh|dj|sz|cz|rz|sh|ch|zh|j", "C"), (r"ts|tz|c(?=[eiy])|z", "s"), (r"ph|v|w", "f"),
    (r"kh|gh|h", "g"), (r"ck|q|c", "k"), (r"x", "ks"), (r"p", "b"), (r"th", "t"), (r"dh", "d"),
]  # fmt: skip


def romanise(name: str) -> str:
    """The name in Latin letters; names in Latin letters stay as they are."""
    if any("\u0600" <= c <= "\u06ff" for c in name):
        spelled = name
        for group, sound in _ARABIC_GROUPS:
            spelled = re.sub(group, sound, spelled)
        latin = "".join(_ARABIC_LETTERS.get(c, c if c.isascii() else anyascii(c)) for c in spelled)
        return " ".join(part.capitalize() for part in latin.split())
    return " ".join(part if part.isascii() else anyascii(part).replace("'", "") for part in name.split())


@lru_cache(maxsize=5_000)
def skeleton(name: str) -> str:
    """The consonants of one word of a name, alike in every script: Згурец, Zgurets and زغوريتس are all ``sgrts``."""
    word = re.sub(r"[^a-z]", "", anyascii(romanise(name)).lower())
    for pattern, sound in _SOUNDS:
        word = re.sub(pattern, sound, word)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]", "", word.lower())) or word[:2].lower()


def person_id(name: str) -> str:
    """The id of a person whom the gazetteer does not know: the skeleton of the surname and the first sound of the given
    name, which scripts spell too differently to keep more of it (Sergey, سيرجي, Serhiy)."""
    parts = [skeleton(p) for p in re.split(r"[\s\-]+", name) if p]
    parts = [p for p in parts if p]
    if not parts:
        return "person:" + re.sub(r"[^a-z]+", "-", anyascii(name).lower()).strip("-")
    surname, given = parts[-1], [parts[0][:1]] if len(parts) > 1 else []
    return "person:" + "-".join([surname, *given])


def people(view: View, known: dict[str, Entity]) -> None:
    """Finds persons by title or verb of saying, gives titles to persons that the gazetteer knows, and takes in what
    belongs to a title (``Turkish``, ``of the Center for …``). ``known`` maps surnames' skeletons to this document's persons."""
    titles = view.cue("titles")
    cased = not _caseless(view)
    _drop_namesakes(view)
    names = _cased_names(view, titles, known) if cased else _caseless_names(view, titles, known)
    for start, end in names:
        _add_person(view, start, end, known)
    persons = [m for m in view.mentions if m.type == "person"]
    for person in persons:
        name = person.text
        base = _nominative(view, person.start, person.end) if person.kind == "person" else name
        _give_title(view, person, titles)
        for key in (_surname(name), fold(name.split()[-1]), _surname(base), fold(base.split()[-1])):
            known.setdefault(key, person.entity)
    view.mentions.sort(key=lambda m: m.start)


def _drop_namesakes(view: View) -> None:
    """A surname that the gazetteer knows, after another given name, is somebody else's: *Stoyan Radev* is not Rumen Radev."""
    lexical = {i for table in view.cues.values() for m in table for i in m.met}
    for person in [m for m in view.mentions if m.type == "person" and m.end - m.start == 1 and m.start]:
        before = view.words[person.start - 1]
        known = person.entity.name.split()
        given = before.capital if not _caseless(view) else before.kind == "w" and not before.fold.startswith("ال")
        if (
            len(known) < 2
            or not given
            or person.start - 1 in lexical | _taken(view)
            or "=" + before.fold in _common(view)
        ):
            continue
        if skeleton(view.text[before.start : before.end])[:1] != skeleton(known[0])[:1]:
            view.mentions.remove(person)


def _caseless(view: View) -> bool:
    return view.language.profile.script == "Arabic"


def _surname(name: str) -> str:
    return skeleton(name.split()[-1]) if name.split() else ""


def _add_person(view: View, start: int, end: int, known: dict[str, Entity]) -> None:
    text = view.quote(start, end)
    base = _nominative(view, start, end)
    entity = known.get(_surname(base))
    if entity is None or (end - start > 1 and entity.name.count(" ") == 0):
        entity = Entity(id=person_id(base), name=romanise(base), kind="person")
    view.mentions.append(Mention(entity, "person", start, end, text, view.words[start].start, view.words[end - 1].end))


def _nominative(view: View, start: int, end: int) -> str:
    """The name in the nominative where the language has case."""
    text = view.quote(start, end)
    if not view.language.has_case or (end - start > 1 and {"nomn", "name"} <= view.words[start].tags):
        return text  # a given name in the nominative tells that the surname is
    heads = [view.words[t.start].tags & (_OBLIQUE | {"nomn"}) for t in view.cue("titles") if _joins(view, t.end, start)]
    if {"nomn"} in heads:
        return text  # a title in the nominative does too
    parts = []
    for word in view.words[start:end]:
        if word.kind != "w":
            continue
        form = view.text[word.start : word.end]
        lemma = next((k for k in word.keys if not k.startswith("=")), word.fold)
        inflected = bool(word.tags & _OBLIQUE) and "nomn" not in word.tags and not word.fold.endswith("о")
        parts.append(lemma.capitalize() if inflected else form)
    return " ".join(parts)


def _taken(view: View) -> set[int]:
    return {i for m in view.mentions for i in range(m.start, m.end)}


def _speech_positions(view: View) -> set[int]:
    return {
        i
        for table, names in (("speech", ("verbs", "deny", "believe", "according")),)
        for m in view.cue(table)
        if m.value.name in names
        for i in (m.start - 1, m.end, *m.skipped)
    }


def _cased_names(view: View, titles: list[Match], known: dict[str, Entity]) -> list[tuple[int, int]]:
    words, taken = view.words, _taken(view)
    tables = ("titles", "institutions", "government", "months", "time")
    taken |= {i for table in tables for m in view.cue(table) for i in range(m.start, m.end)}
    speech_neighbours = _speech_positions(view)
    particles = {m.start for m in view.cue("name_particles")}
    spans: list[tuple[int, int]] = []
    position = 0
    while position < len(words):
        first = _after_initials(view, position)
        end = first
        while end < len(words) and end - first < LONGEST_NAME and end not in taken and _capitalised(view, end, first):
            end += 1
            joined = end in particles and end + 1 < len(words) and end + 1 not in taken
            if joined and _capitalised(view, end + 1, first):
                end += 2  # Khalid bin Salman
        if end == first:
            position += 1
            continue
        if _is_person(view, position, end, titles, speech_neighbours) or (
            end - position == 1 and _named_before(view, position, known)
        ):
            spans.append((position, end))
        position = end
    return spans


def _named_before(view: View, index: int, known: dict[str, Entity]) -> bool:
    """Whether a surname stands here that the document has given to a person, in whatever form."""
    word = view.words[index]
    bones = skeleton(view.text[word.start : word.end])
    return any(key.lstrip("=") in known for key in word.keys) or (len(bones) > 2 and bones in known)


def _capitalised(view: View, index: int, first: int) -> bool:
    """Whether a word may be part of a name that begins with the word ``first``."""
    word = view.words[index]
    if word.kind != "w" or not word.capital:
        return False
    if index > first and word.fold[0].isascii() != view.words[first].fold[0].isascii():
        return False  # директор Patria Юкка Харью
    if len(word.fold) == 1:  # the syllable of a name: Ю Сан Бом
        return (
            index == first
            and not view.language.latin
            and view.words[index + 1 : index + 2] != []
            and view.words[index + 1].capital
        )
    return not word.upper or len(word.fold) < 3 or index > first


def _after_initials(view: View, position: int) -> int:
    """The word after the initials that begin here: *S. P. Tyagi*."""
    words, index = view.words, position
    while (
        index + 2 < len(words)
        and len(words[index].fold) == 1
        and words[index].capital
        and words[index + 1].fold == "."
        and words[index + 2].capital
    ):
        index += 2
    return index


def _is_person(view: View, start: int, end: int, titles: list[Match], speech_neighbours: set[int]) -> bool:
    words = view.words
    single = end - start == 1
    if start == 0 and words[end : end + 1] and words[end].fold == ":" and not single:
        return True
    if start == 0 and (single or words[0].tags & {"prep", "verb", "pron"} or "=" + words[0].fold in _common(view)):
        return False
    if any(m.start <= start < m.end <= m.start + 2 for m in view.triggers):
        return False
    if single and _foreign(view, start):
        return False  # директор Patria
    if single and any(t.start == end for t in titles) and view.language.latin:
        return False  # Deputy Economy Minister Ivan Donev
    if single and view.language.has_case and end < len(words) and "gent" in words[end].tags and not words[end].capital:
        return False  # представитель Совета национальной безопасности
    place = view.language.latin and any(m.end == start and m.value.name == "of" for m in view.cue("marker"))
    before = not place and any(_joins(view, t.end, start) and _agrees(view, t, start) for t in titles)
    apposed = end < len(words) and words[end].fold in ",،(–—-"
    after = (
        not single and apposed and any(_joins(view, end, t.start, comma=True) and t.start - end <= 6 for t in titles)
    )
    speaks = bool({start, end - 1} & speech_neighbours) or _speaks_with_apposition(view, start, end)
    tagged = not single and all("name" in w.tags for w in words[start:end])
    if words[start + 1 : start + 2] and words[start + 1].fold == "." and not single:
        return True  # S. P. Tyagi
    return before or after or tagged or (speaks and not single)


def _speaks_with_apposition(view: View, start: int, end: int) -> bool:
    """Whether a verb of saying and a name have only what the person is between them, in words that no list of titles holds:
    *observes lift engineer Igor Rusu*, *Laura Ferrari, who runs a garage, says*."""
    words = view.words
    if _saying_before(view, start) is not None:
        return True
    verbs = _verbs_of_saying(view)
    if end + 1 < len(words) and words[end].fold in ",(–—-":
        closing = next((i for i in range(end + 1, min(len(words), end + _LONG)) if words[i].fold in ",)–—-"), None)
        return closing is not None and any(m.start in (closing + 1, closing + 2) for m in verbs)
    return False


def _verbs_of_saying(view: View) -> list[Match]:
    return [m for m in view.cue("speech") if m.value.name in ("verbs", "deny", "believe")]


def _saying_before(view: View, start: int) -> int | None:
    """Where a verb of saying ends that only what the person is parts from a name."""
    for verb in _verbs_of_saying(view):
        if 0 < start - verb.end <= _APPOSITION and all(_describes(view, i) for i in range(verb.end, start)):
            return verb.end
    return None


def _describes(view: View, index: int) -> bool:
    """Whether a word may belong to what a person is: no verb, no mark, no name but that of an organisation or a state."""
    word = view.words[index]
    if any(m.start <= index < m.end and m.type in ("org", "bloc", "country") for m in view.mentions):
        return True
    return (
        word.kind == "w"
        and not word.capital
        and not ("verb" in word.tags and not word.tags & {"noun", "adj"})
        and ("=" + word.fold not in _common(view))
    )


def _common(view: View) -> frozenset[str]:
    return frozenset("=" + w for w in view.language.profile.function_words)


def _foreign(view: View, index: int) -> bool:
    """Whether a word stands in Latin letters in a text of another script."""
    return not view.language.latin and view.words[index].kind == "w" and view.words[index].fold[0].isascii()


def _agrees(view: View, title: Match, name: int) -> bool:
    """Whether a title can stand in the case of the name after it: not *сообщил журналистам Юрий Борисов*."""
    cases = _OBLIQUE | {"nomn"}
    own = {c for word in view.words[name : name + 2] if word.capital for c in word.tags & cases}
    titled = {c for i in range(title.start, title.end) for c in view.words[i].tags & cases}
    return not view.language.has_case or not own or not titled or bool(own & titled)


def _joins(view: View, left: int, right: int, comma: bool = False) -> bool:
    """Whether only words that may stand between a title and a name stand between these two positions."""
    if not 0 <= right - left <= _REACH:
        return False
    mentioned = _taken(view) | {i for m in view.cue("government") for i in range(m.start, m.end)}
    for index in range(left, right):
        word = view.words[index]
        if word.kind == "p":
            if word.fold in ",،" and (comma or index in (left, right - 1)):
                continue
            if word.fold in '-–—"«»' or (word.fold == "." and index == left and word.glued):
                continue  # Mr. Stewart
            return False
        of = index > 0 and any(m.end == index and m.value.name == "of" for m in view.cue("marker"))  # the mayor of Lima
        if word.kind == "w" and word.capital and index not in mentioned and not (comma or of or _foreign(view, index)):
            return False
        if "verb" in word.tags and not word.tags & {"noun", "adj"}:
            return False
    nouns = {t.start for t in view.triggers if t.value.pos == "noun"}  # the director of the arms *export* agency
    if any(left <= t.start < right and t.value.pos == "verb" and t.start not in nouns for t in view.triggers):
        return False
    return not any(
        left <= m.start < right and m.value.name in ("verbs", "deny", "according") for m in view.cue("speech")
    )


def _caseless_names(view: View, titles: list[Match], known: dict[str, Entity]) -> list[tuple[int, int]]:
    """Names in a script without capitals: words that the lexicon does not know, after a title or a verb of saying."""
    words, taken = view.words, _taken(view)
    lexical = {i for m in [*view.triggers, *(c for t in view.cues.values() for c in t)] for i in m.met}
    common = view.language.profile.function_words
    particles = {m.start for m in view.cue("name_particles")} - taken

    def unknown(index: int) -> bool:
        return index in particles or (
            index < len(words)
            and words[index].kind == "w"
            and index not in taken
            and index not in lexical
            and words[index].fold not in common
            and len(words[index].fold) > 1
            and not any(key in common for key in words[index].keys)
        )

    def defined(index: int) -> bool:
        inside = index - 1 in particles  # عبد الرحمن
        return words[index].fold.startswith(("ال", "وال", "بال", "لل")) and not inside

    spans: list[tuple[int, int]] = []
    for title in titles:
        position = title.end
        if words[title.end - 1].fold.endswith("ا") and not title.key.endswith("ا"):
            continue  # an accusative of circumstance, no title: متحدثا
        while position < min(title.end + _REACH, len(words)):
            if position in taken or (words[position].kind == "w" and defined(position)):
                position += 1
                continue
            break
        if (
            position + 1 < len(words)
            and not defined(position)
            and not unknown(position)
            and _given(view, position, taken)
        ):
            end = _name_end(position, unknown) if unknown(position + 1) and not defined(position + 1) else position
            if end - position >= 2:  # a given name that is an ordinary word: سلام تيكلي
                spans.append((position, end))
        elif unknown(position) and not defined(position):
            end = _name_end(position, unknown)
            if end - position >= 2 or defined(title.start):
                spans.append((position, end))
    for title in titles:
        end = title.start
        while end > 0 and (words[end - 1].fold in ",،" or words[end - 1].fold in common):
            end -= 1
        begin = end
        while begin > 0 and end - begin < LONGEST_NAME and unknown(begin - 1) and not defined(begin - 1):
            begin -= 1
        if begin > 0 and end - begin == 1 and not defined(begin - 1) and _given(view, begin - 1, taken):
            begin -= 1  # a given name that is an ordinary word: عمر بامبا
        if title.start > end and end - begin >= 2 and any(words[i].fold in ",،" for i in range(end, title.start)):
            spans.append((begin, end))
    for speech in view.cue("speech"):
        if speech.value.name not in ("verbs", "deny", "believe", "according"):
            continue
        position = speech.end
        if unknown(position) and not defined(position):
            end = _name_end(position, unknown)
            inner = next((i for i in range(position, end - 1) if defined(i)), None)
            if inner is not None:  # ويؤكد مؤرخ البحرية أوليغ فيتروف
                position = inner + 1
                end = _name_end(position, unknown)
            if end - position >= 2 or words[position].fold in known:
                spans.append((position, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end))
    return merged


def _given(view: View, index: int, taken: set[int]) -> bool:
    """Whether a word that the lexicon knows may yet be a given name: no name of the gazetteer and no word of grammar."""
    word = view.words[index]
    marked = {m.start for m in (*view.cue("marker"), *view.cue("boundaries"), *view.cue("speech"))}
    common = view.language.profile.function_words
    return word.kind == "w" and index not in taken | marked and len(word.fold) > 2 and word.fold not in common


def _name_end(position: int, unknown: Callable[[int], bool]) -> int:
    end = position + 1
    while end - position < LONGEST_NAME and unknown(end):
        end += 1
    return end


def _give_title(view: View, person: Mention, titles: list[Match]) -> None:
    """The title before or after a name, and the states and organisations that are part of it."""
    best: tuple[int, int, int] | None = None
    whole = [t for t in titles if not any(view.words[i].fold in ",،" for i in range(t.end, max(t.end, person.start)))]
    for title in [*whole, *titles]:
        if _joins(view, title.end, person.start) and _agrees(view, title, person.start):
            best = (title.start, person.start, person.start - title.end)
            break
        if 0 <= title.start - person.end <= _REACH and _joins(view, person.end, title.start, comma=True):
            best = (person.end, _title_end(view, title.end), 0)
            break
    if best is None:
        verb = _saying_before(view, person.start)
        if verb is None:
            return
        best = (verb, person.start, 0)
    start, end, _ = best
    before = start
    # an adjective of nationality stands before its title in some languages, after it in others
    for mention in view.mentions:
        if mention is person or mention.type not in ("country", "bloc", "org") or mention.speaker:
            continue
        near = ("adjective", "name") if view.language.latin else ("adjective",)
        placed = any(
            m.end == mention.start and m.value.name == "in" for m in view.cue("marker")
        )  # in Oslo Colonel Berg
        adjacent = mention.end == before and mention.kind in near and start < person.start and not placed
        if start <= mention.start < end or adjacent:
            mention.absorbed = True
            if mention.type == "org":
                person.organisation = person.organisation or mention.entity.name
            start = min(start, mention.start) if adjacent else start
    nation = next(
        (m.entity.country for m in view.mentions if m.absorbed and m.type == "country" and start <= m.start <= end),
        None,
    )
    if person.entity.country is None and nation:
        known = person.entity
        person.entity = Entity(id=known.id, name=known.name, country=nation, kind=known.kind)
    title_words = view.quote(start, min(end, len(view.words))).strip(" ,،")
    person.title = title_words or None
    if start < person.start:
        person.head = start
        person.start = start
    else:
        person.end = max(person.end, end)


def _title_end(view: View, position: int) -> int:
    """Where a title after a name ends: at a comma, a verb of saying or a dash."""
    speech = {m.start for m in view.cue("speech")}
    end = position
    while end < len(view.words):
        word = view.words[end]
        if end in speech or (word.kind == "p" and not word.glued and word.fold not in '«»"') or word.fold in ",،;:":
            break
        if "verb" in word.tags and not word.tags & {"noun", "adj"}:
            break
        end += 1
    return end
