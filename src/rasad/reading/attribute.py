"""Step 7: who speaks. Reported speech, "according to", and quotations that run over sentences."""

from __future__ import annotations

from typing import NamedTuple

from rasad.claims import Speaker
from rasad.languages.lexicon import Match
from rasad.reading.affinity import disagrees
from rasad.reading.mentions import POINTER
from rasad.reading.view import ACTORS, Mention, View

NEAR = 9  #: words between a verb of saying and its subject, at most
_COUNTRY_SPEAKS = frozenset({"country", "bloc"})


class Speech(NamedTuple):
    """Somebody says, denies or believes what stands in ``text[start:end]``; ``cue`` are the words that tell so."""

    speaker: Mention
    kind: str  #: verbs, deny, believe, according, nouns
    start: int
    end: int
    cue: Match
    at: int  #: where in the document its words stand


def speeches(view: View) -> list[Speech]:
    """The acts of speech in one sentence, from left to right, and marks who speaks as a speaker."""
    found: list[Speech] = []
    used: set[int] = set()
    speech_cues = _longest(
        [m for m in view.cue("speech") if m.value.name in ("verbs", "deny", "believe", "according", "nouns", "his")]
    )
    for cue in speech_cues:
        speaker = _who(view, cue, used)
        if speaker is None or (cue.value.name == "nouns" and speaker.functions.keys().isdisjoint(("of", "agent"))):
            continue
        if cue.value.name in ("verbs", "believe") and _acts(view, cue, speaker):
            continue
        used.add(id(speaker))
        if cue.value.name != "deny" or speaker.type in ("person", "anonymous"):
            for mention in view.mentions:
                mention.speaker = (
                    mention.speaker
                    or mention is speaker
                    or (mention.group == speaker.group and mention.type == speaker.type)
                )
        start, end = _scope(view, cue, speaker)
        found.append(Speech(speaker, cue.value.name, start, end, cue, view.words[cue.start].start))
    return found


def _who(view: View, cue: Match, used: set[int]) -> Mention | None:
    """Who speaks: named by the cue, its subject, or left out, and then whoever spoke last: *по его словам*, *وأضاف أن*."""
    kind = cue.value.name
    if kind == "his":
        return _unnamed(view, cue)
    if kind in ("according", "nouns"):
        return _after(view, cue)
    subject = _subject(view, cue, used)
    if subject is not None or kind != "verbs" or view.language.latin or "first" in view.words[cue.start].tags:
        return subject
    told = any(0 <= m.start - cue.end <= 2 for m in view.cue("speech", "that"))
    single = "sing" in view.words[cue.start].tags or view.language.order == "VSO"
    return _unnamed(view, cue) if told and single else None


def _unnamed(view: View, cue: Match) -> Mention:
    first, last = view.words[cue.start], view.words[cue.end - 1]
    text = view.quote(cue.start, cue.end)
    return Mention(POINTER, "pointer:person", cue.start, cue.end, text, first.start, last.end)


def _acts(view: View, cue: Match, speaker: Mention) -> bool:
    """Whether a state or company does what it announces: *Serbia confirmed the purchase*. It only speaks where "that", a
    quotation, a comma or another's deed follows."""
    if speaker.type not in ("country", "bloc", "org") or speaker.start > cue.start or speaker.entity.kind == "media":
        return False
    words = view.words
    first = cue.end
    if speaker.start and words[speaker.start - 1].fold in ',،»"”':
        return False  # …, Rosoboronexport said
    if (cue.start and words[cue.start - 1].fold in ',،»"”') or first >= len(words):
        return False
    if any(0 <= m.start - first <= 4 for m in view.cue("speech", "that")):
        return False
    if any(words[i].fold in ':«"“„' for i in range(first, min(len(words), first + 6))):
        return False
    return not any(
        0 <= m.start - first <= 1 and m.type != "pointer" and m.kind != "adjective"
        for m in view.mentions
        if m is not speaker
    )


def _longest(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end, m.value.name == "nouns")):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept


def _may_speak(mention: Mention) -> bool:
    return mention.type in ACTORS or mention.kind in (
        "anonymous",
        "pointer:panel",
        "pointer:person",
        "pointer:org",
        "pointer:actor",
        "pointer:country",
    )


def _blocked(view: View, left: int, right: int) -> bool:
    """Whether a sentence mark or another verb of saying stands between two positions."""
    return any(view.words[i].fold in ";؛:" for i in range(left, right)) or any(
        left <= m.start < right for m in view.cue("speech") if m.value.name in ("verbs", "deny", "believe")
    )


def _after(view: View, cue: Match) -> Mention | None:
    """The one whom "according to" names, or whose words they are."""
    if cue.value.name == "nouns":
        for mention in view.mentions:
            owner = mention.end == cue.start and "possessive" in view.words[mention.end - 1].tags
            if owner and _may_speak(mention):
                mention.functions.setdefault("of", 1.0)
                return mention
    candidates = [
        m for m in view.mentions
        if _may_speak(m) and m.kind != "adjective" and 0 <= m.start - cue.end <= NEAR and not m.absorbed and not _comma(view, cue.end, m.start)
    ]  # fmt: skip
    if not candidates:
        return None
    first = candidates[0]
    person = next(
        (m for m in candidates if m.type == "person" and m.start - cue.end <= NEAR and m.start - first.end <= 3), None
    )
    return person or first


def _comma(view: View, left: int, right: int) -> bool:
    return any(view.words[i].kind == "p" and view.words[i].fold in ",،;:." for i in range(left, right))


def _subject(view: View, cue: Match, used: set[int]) -> Mention | None:
    """The subject of a verb of saying: the nearest that may be one, a person or an anonymous speaker before a state."""
    best: tuple[float, Mention] | None = None
    unsaid = _passive(view, cue)
    if "first" in view.words[cue.start].tags:
        return None  # напомним: nobody but the author
    for mention in view.mentions:
        if unsaid and "agent" not in mention.functions:
            continue
        if not _may_speak(mention) or id(mention) in used or mention.absorbed:
            continue
        before = mention.end <= cue.start
        distance = cue.start - mention.end if before else mention.start - cue.end
        left, right = (mention.end, cue.start) if before else (cue.end, mention.start)
        if (
            distance < 0
            or distance > NEAR + 6 * (mention.type in ("person", "anonymous"))
            or _blocked(view, left, right)
        ):
            continue
        if view.language.has_case and disagrees(view, cue.start, mention):
            continue
        score = _subject_score(view, mention, before, left, right)
        if score <= 0:
            continue
        score -= 0.03 * distance
        if best is None or score > best[0]:
            best = (score, mention)
    return best[1] if best else None


def _passive(view: View, cue: Match) -> bool:
    """Whether a verb of saying stands in the passive: *it should be noted that* names nobody."""
    if not view.language.passive or "past" not in view.words[cue.start].tags:
        return False
    return any(0 <= cue.start - m.end <= 1 for m in view.cue("voice"))


def _subject_score(view: View, mention: Mention, before: bool, left: int, right: int) -> float:
    functions = mention.functions
    score = {"person": 1.0, "anonymous": 1.0, "org": 0.9}.get(mention.type, 0.7)
    if mention.kind == "adjective":
        return 0.0
    if view.language.has_case:
        if "subject" in functions or "bare" in functions:
            pass
        elif (mention.type in ("person", "anonymous") and not functions.keys() - {"of"}) or not functions:
            score -= 0.3
        elif mention.type in ("org", "country", "bloc") and functions.keys() & {"in"}:
            score -= 0.15  # в Нью-Дели заявили
        else:
            return 0.0
    elif not functions.keys() & {"bare", "subject", "agent"}:
        return 0.0
    if not before and any(left <= m.start < right for m in view.cue("speech", "that")):
        return 0.0  # what is said, not who says it
    relatives = [m.start for m in view.cue("relatives")]
    closed = before and any(view.words[i].fold in ",،" for i in range(left, right))
    if closed and any(r < mention.start and not _comma(view, r, mention.start) for r in relatives):
        score -= 0.5  # inside a clause that is closed before the verb: the minister, who visited Stockholm, said
    skipped = {r for r in relatives if closed and left <= r <= left + 2}
    boundaries = sum(left <= m.start < right and m.start not in skipped for m in view.cue("boundaries"))
    score -= 0.35 * boundaries
    if not before and view.language.order != "VSO":
        score -= 0.1 + 0.3 * _comma(view, left, right)
    if before and view.language.order == "VSO":
        score -= 0.1
    return score


def _scope(view: View, cue: Match, speaker: Mention) -> tuple[int, int]:
    """What an act of speech covers: the sentence between semicolons, or after "that" only what follows it."""
    words, sentence = view.words, view.sentence
    first, last = min(cue.start, speaker.start), max(cue.end, speaker.end)
    start, end = sentence.start, sentence.end
    for index, word in enumerate(words):
        if word.fold in ";؛":
            if index < first:
                start = word.end
            elif index >= last:
                end = word.start
                break
    if cue.value.name == "deny":
        start = words[first].start
    thats = [m for m in view.cue("speech", "that") if 0 <= m.start - last <= 4]
    if thats and cue.value.name != "according":
        start = max(start, words[first].start)
    return start, end


def speaker_of(mention: Mention) -> Speaker:
    """The speaker that a mention names."""
    entity = mention.entity
    kind = entity.type if entity.type != "anonymous" else "anonymous"
    return Speaker(
        id=entity.id, name=entity.name, kind=kind, title=mention.title, organisation=mention.organisation,
        anonymous=entity.type == "anonymous",
    )  # fmt: skip
