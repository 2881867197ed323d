"""Step 7: who speaks. Reported speech, "according to", and quotations that run over sentences."""

from __future__ import annotations

from typing import NamedTuple

from rasad.claims import Entity, Speaker
from rasad.languages import Cue, Word
from rasad.languages.lexicon import Match
from rasad.reading.affinity import disagrees
from rasad.reading.mentions import POINTER
from rasad.reading.view import ACTORS, Mention, View

INVERTED = 7  #: words between a verb that only its place makes one of saying and its subject, at most
NEAR = 9  #: words between a verb of saying and its subject, at most
_QUOTES = frozenset('«»"“”„')
_HEADING = frozenset(":–—-")  #: marks between a headline and who says it


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
    starts = {m.start for m in speech_cues}
    reports = {(m.start, m.end) for m in view.cue("speech", "reports")}
    speech_cues = [m for m in speech_cues if (m.start, m.end) not in reports or m.end not in starts]  # reports said
    speech_cues += _inverted(view, speech_cues)
    for cue in speech_cues:
        speaker = _who(view, cue, used)
        if speaker is None or (cue.value.name == "nouns" and not _writes(speaker)):
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
        source = _source(view, cue)
        if source is not None and source is not speaker:
            source.speaker = True
            found.append(Speech(source, "according", start, end, cue, view.words[cue.start].start))
    headed = None if found else _headed(view)
    return [headed] if headed else found


def _writes(mention: Mention) -> bool:
    """Whether a report or a statement is theirs: *of the ministry*, *by the panel*, *from the United Nations*."""
    of = mention.functions.keys() & {"of", "agent"}
    return bool(of) or ("from" in mention.functions and mention.type in ("org", "bloc"))


def _source(view: View, cue: Match) -> Mention | None:
    """From whom a speaker has what he says, where the verb itself ends in the preposition: *نقلت الوكالة عن مسؤول*."""
    if not any(m.end == cue.end and m.value.name == "from" for m in view.cue("marker")):
        return None
    return next((m for m in view.mentions if m.start == cue.end and _may_speak(m) and m.type != "country"), None)


def _headed(view: View) -> Speech | None:
    """Who speaks in a headline without a verb of saying: *Minister: Poland will buy …*, *India to buy jets – sources*."""
    words, last = view.words, len(view.words)
    for at in range(1, last - 1):
        spaced = words[at].end < words[at + 1].start and (words[at].fold == ":" or words[at - 1].end < words[at].start)
        if words[at].fold not in _HEADING or not spaced:
            continue
        ahead = _label(view, 0, at) if words[at].fold == ":" else None
        after = _label(view, at + 1, last) if words[-1].fold != "." else None
        for speaker, start, end in ((ahead, at + 1, last), (after, 0, at)):
            if speaker is not None and _heads(view, speaker, start, end):
                speaker.speaker = True
                cue = Match(at, at + 1, Cue("speech", "verbs"), words[at].fold)
                return Speech(speaker, "verbs", words[start].start, words[end - 1].end, cue, words[at].start)
    return None


def _label(view: View, start: int, end: int) -> Mention | None:
    """The speaker whom these words name, and nothing else: *Defence Minister Ben Ali*, *the sources*, *UN report*."""
    words = view.words
    told = [m for m in view.cue("speech") if m.value.name in ("nouns", "reports") and start <= m.start < m.end <= end]
    light = {i for i in range(start, end) if words[i].fold in _QUOTES or words[i].fold in view.language.before_nouns}
    light |= {i for m in view.mentions if m.kind == "adjective" for i in range(m.start, m.end)}  # a Russian *general*
    rest = set(range(start, end)) - light - {i for m in told for i in range(m.start, m.end)}
    for mention in view.mentions:
        whole = mention.start >= start and mention.end <= end and rest <= set(range(mention.start, mention.end))
        speaks = mention.type in ACTORS if told else _may_speak(mention) and mention.kind != "adjective"
        if whole and speaks and not mention.absorbed:
            return mention
    for title in view.cue("titles"):
        if title.start >= start and title.end <= end and rest <= set(range(title.start, title.end)):
            return _nameless(view, "officials", title)
    report = next((m for m in told if m.value.name == "reports"), None)
    return None if rest or report is None else _nameless(view, "media", report)


def _nameless(view: View, who: str, words: Match) -> Mention:
    """A speaker without a name who is no mention yet."""
    entity = Entity(id=f"anonymous:{who}", name=who, kind="anonymous")
    first, last = view.words[words.start], view.words[words.end - 1]
    text = view.quote(words.start, words.end)
    return Mention(entity, "anonymous", words.start, words.end, text, first.start, last.end)


def stand_in(view: View, pointer: Mention) -> Mention | None:
    """The official without a name that a title stands for where it points back at nobody: *the minister said*, *a spokesman for
    the ministry*."""
    title = next((t for t in view.cue("titles") if t.start < pointer.end and pointer.start < t.end), None)
    title = title or _office(view, pointer)
    return None if title is None else _nameless(view, "officials", title)


def introduced(view: View, pointer: Mention) -> bool:
    """Whether the words of a title tell of whom he is one, so that they point at nobody: *представительница министерства*."""
    words = view.words
    title = next((t for t in view.cue("titles") if t.start <= pointer.start < t.end), None)
    if title is None or title.end >= len(words):
        return False
    word, first = words[title.end], words[title.start]
    if view.language.has_case:
        of = "gent" in word.tags and not word.tags & {"verb", "prep", "pron"}
        return of and not word.capital and "nomn" in first.tags
    return any(m.start == title.end and m.value.name in ("of", "for") for m in view.cue("marker"))


def _heads(view: View, speaker: Mention, start: int, end: int) -> bool:
    """Whether words tell what a speaker at their edge says, and do not go on about him: *Poland: 48 jets ordered*."""
    if not any(start <= t.start < end for t in view.triggers):
        return False
    if speaker.type in ("person", "anonymous") or speaker.entity.kind == "media" or speaker.kind == "pointer:person":
        return True
    if speaker.start >= end:  # at the end, a state or a firm may as well be what the sentence leads up to
        return speaker.kind == "government" or (speaker.type in ("org", "bloc") and speaker.entity.kind != "company")
    inside = [m for m in view.mentions if m.start >= start and m.kind != "adjective"]
    actors = [m for m in inside if m.type in ACTORS]
    if any(m.entity.country == speaker.entity.country is not None for m in actors):
        return False  # Jordan: Washington will supply Amman with …
    # a gap in what is told the state before the colon may fill: Algeria: Russia delivered fighters
    others = {m.entity.id for m in actors}
    return len(others) > (speaker.kind != "government") or any(m.kind == "pointer:speaker" for m in inside)


def _inverted(view: View, cues: list[Match]) -> list[Match]:
    """Verbs that tell speech by their place alone, whatever they mean: …, *sighed the minister*; «…», — *резюмировал эксперт*;
    *diplomats regretted that* …."""
    if view.language.order == "VSO":
        return []
    words = view.words
    said = {i for m in cues for i in range(m.start, m.end)}
    found = []
    for that in view.cue("speech", "that"):
        at = that.start - 1 - (that.start > 0 and words[that.start - 1].fold == ",")
        if at > 0 and at not in said and _finite(words[at]) and _has_speaker(view, at):
            found.append(Match(at, at + 1, Cue("speech", "verbs"), words[at].fold))
            said.add(at)
    for mention in view.mentions:
        if mention.type != "person" and mention.kind != "anonymous" and mention.entity.kind != "media":
            continue
        for at in range(mention.start - 1, max(0, mention.start - INVERTED), -1):
            if words[at].kind == "p" or at in said:
                break
            first = at - 1
            if any(m.end == at for m in view.cue("speech", "this")):
                first = -1  # об этом передаёт ТАСС
            closed = (
                first < 0
                or (words[first].fold == "," and not _relative_before(view, first))
                or words[first].fold in '»”"–—-'
            )
            if closed and _tells(view, at, mention):
                found.append(Match(at, at + 1, Cue("speech", "verbs"), words[at].fold))
                view.triggers = [t for t in view.triggers if t.start != at]  # …, передаёт ТАСС: a paper hands on words
                break
    return found


def _finite(word: Word) -> bool:
    return bool(word.tags & {"past", "present"}) and not word.tags & {"gerund", "noun", "adj", "infinitive"}


def _has_speaker(view: View, at: int) -> bool:
    """Whether the word before a verb ends the name of a person or of a speaker without one."""
    return any(
        (m.type == "person" or m.kind == "anonymous") and m.end == at and m.functions.keys() & {"subject", "bare"}
        for m in view.mentions
    )


def _relative_before(view: View, comma: int) -> bool:
    return any(m.start in (comma + 1, comma + 2) for m in (*view.cue("relatives"), *view.cue("boundaries")))


def _tells(view: View, at: int, mention: Mention) -> bool:
    """Whether a finite verb stands here whose subject the mention can be, and nothing but what he is and when comes after."""
    word = view.words[at]
    media = mention.entity.kind == "media"
    if not _finite(word) or (any(t.start <= at < t.end for t in view.triggers if t.value.pos == "verb") and not media):
        return False
    subject = mention.functions.keys() & ({"subject", "bare"} if media else {"subject"})
    if view.language.has_case and (word.tags & {"participle", "short"} or not subject):
        return False
    if view.words[mention.end : mention.end + 1] and view.words[mention.end].fold in ",–—":
        return True
    return not any(t.start >= mention.end for t in view.triggers) and not any(
        m.start >= mention.end and m.type in ("system", "class") for m in view.mentions
    )


def _who(view: View, cue: Match, used: set[int]) -> Mention | None:
    """Who speaks: named by the cue, its subject, or left out, and then whoever spoke last: *по его словам*, *وأضاف أن*."""
    kind = cue.value.name
    if kind == "his":
        return _unnamed(view, cue)
    told = any(0 <= m.start - cue.end <= 2 for m in view.cue("speech", "that"))
    if kind == "nouns" or (kind == "according" and not told):
        return _after(view, cue) or (_title(view, cue) if kind == "according" else None)
    subject = _subject(view, cue, used) or _title(view, cue)
    if (
        subject is not None
        or kind not in ("verbs", "according")
        or view.language.latin
        or "first" in view.words[cue.start].tags
    ):
        return subject
    if any(m.start < cue.end and cue.start < m.end for m in view.cue("speech", "nobody")):
        return None
    single = "sing" in view.words[cue.start].tags or view.language.order == "VSO"
    return _unnamed(view, cue) if told and single else None


def _title(view: View, cue: Match) -> Mention | None:
    """An official without a name beside a verb of saying: *a minister said*, *заявил гендиректор*."""
    taken = {i for m in view.mentions for i in range(m.start, m.end)}
    reports = [m for m in view.cue("speech", "reports") if m.start != cue.end]
    cited = cue.value.name == "according"
    nation = {i for m in view.mentions if m.kind == "adjective" for i in range(m.start, m.end)}
    first = next(i for i in range(cue.end, len(view.words) + 1) if i not in nation)  # рассказал сербский *лидер*
    for words in [*view.cue("titles"), *reports]:
        before = words.end == cue.start and not cited
        after = words.start == first and (cited or _turned_round(view, cue))
        subject = cited or not view.language.has_case or "nomn" in view.words[words.start].tags
        if (
            (before or after)
            and subject
            and taken.isdisjoint(range(words.start, words.end))
            and not _passive(view, cue)
        ):
            return _nameless(view, "media" if words in reports else "officials", words)
    return None


def _unnamed(view: View, cue: Match) -> Mention:
    first, last = view.words[cue.start], view.words[cue.end - 1]
    text = view.quote(cue.start, cue.end)
    return Mention(POINTER, "pointer:person", cue.start, cue.end, text, first.start, last.end)


def _acts(view: View, cue: Match, speaker: Mention) -> bool:
    """Whether a state or company does what it announces: *Serbia confirmed the purchase*. It only speaks where "that", a
    quotation, a comma or another's deed follows."""
    after = speaker.start > cue.start
    if speaker.type not in ("country", "bloc", "org") or speaker.entity.kind == "media":
        return False
    if after and view.language.order != "VSO":
        return False
    words = view.words
    first = max(m.end for m in view.mentions if m.group == speaker.group) if after else cue.end
    first = max(
        [first, *(end for start, end, *_ in view.times if 0 <= start - first <= 1)]
    )  # said on Thursday it would
    opens = speaker.start - 1
    while opens > 0 and words[opens].fold in view.language.before_nouns:
        opens -= 1
    if opens >= 0 and words[opens].fold in ',،»"”':
        return False  # …, Rosoboronexport said; …, the defence ministry said
    if view.language.order != "VSO" and not any(t.end > cue.start for t in view.triggers):
        return False  # what was said came before: … to Kyiv, a spokesman for the government said on Friday
    if (cue.start and words[cue.start - 1].fold in ',،»"”') or first >= len(words):
        return False
    if any(0 <= m.start - first <= 4 for m in view.cue("speech", "that")):
        return False
    named = {i for m in view.mentions for i in range(m.start - 1, m.end)}  # «Rafale» is no quotation
    if any(words[i].fold in ':«"“„' and i not in named for i in range(first, min(len(words), first + 6))):
        return False
    return not any(
        0 <= m.start - first <= 1 and m.kind != "adjective" and (m.type != "pointer" or _goes_on(view, m.end))
        for m in view.mentions
        if m is not speaker
    )


def _goes_on(view: View, index: int) -> bool:
    """Whether a clause goes on here, not the sentence ends."""
    return index < len(view.words) and view.words[index].kind == "w"


def _longest(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end, m.value.name == "nouns", m.value.name != "according")):
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
    citing = {m.start for m in view.cue("speech", "according")}
    verbs = [m.start for m in view.cue("speech") if m.value.name in ("verbs", "deny", "believe")]
    return any(view.words[i].fold in ";؛:" for i in range(left, right)) or any(
        left <= at < right and at not in citing for at in verbs
    )


def _across_quotation(view: View, left: int, right: int, mention: Mention) -> bool:
    """Whether of two positions one stands in a quotation and one outside: *"We have told them," the minister said*."""
    words = view.words
    begin = mention.start if mention.end == left else left  # the agency «Reuters» said
    marks = sum(words[i].fold in _QUOTES for i in range(begin, right))
    opened = mention.start > 0 and words[mention.start - 1].fold in _QUOTES
    named = opened and any(w.fold in _QUOTES for w in words[mention.start : mention.end + 1])  # said «Rosoboronexport»
    return (marks - named) % 2 == 1


def _after(view: View, cue: Match) -> Mention | None:
    """The one whom "according to" names, or whose words they are."""
    if cue.value.name == "nouns":
        for mention in view.mentions:
            owner = mention.end == cue.start and "possessive" in view.words[mention.end - 1].tags
            if owner and _may_speak(mention):
                mention.functions.setdefault("of", 1.0)
                return mention
    within = [m for m in view.mentions if _may_speak(m) and m.start in cue.skipped and not m.absorbed]
    if within:
        return next((m for m in within if m.type == "person"), within[0])  # as Ivanov put it
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
    word = view.words[cue.start]
    if "first" in word.tags:
        return None  # напомним: nobody but the author
    offices = [t for m in view.mentions for t in [_office(view, m)] if t is not None]
    joined = view.language.order == "VSO" and "conj" in word.tags  # ورفضت: the subject of a verb so joined follows it
    for mention in view.mentions:
        if unsaid and "agent" not in mention.functions:
            continue
        before = (
            mention.end <= cue.start or mention.start <= cue.start < mention.end <= cue.end
        )  # local *media reported*
        if not _may_speak(mention) or id(mention) in used or mention.absorbed or (joined and before):
            continue
        if any(t.start <= mention.start < t.end for t in offices) and mention.type == "pointer":
            continue  # the spokesman of whom another mention names
        distance = max(0, cue.start - mention.end) if before else mention.start - cue.end
        if mention.start in cue.skipped and mention.end <= cue.end:
            distance = 0  # rejected the Iranian ministry this accusation
        left, right = (mention.end, cue.start) if before else (cue.end, mention.start)
        if not before and view.language.latin and not _turned_round(view, cue) and "agent" not in mention.functions:
            continue  # Ivanov said Russia had delivered …
        if (
            distance < 0
            or distance > NEAR + 6 * (mention.type in ("person", "anonymous"))
            or _blocked(view, left, right)
            or _across_quotation(view, left, right, mention)
        ):
            continue
        office = _office(view, mention)
        ahead = office.start if office else mention.start  # в пресс-службе завода заявили
        inside = _body(mention) and (
            "in" in mention.functions or any(m.end == ahead and m.value.name == "in" for m in view.cue("marker"))
        )
        if view.language.has_case and not inside and disagrees(view, word, mention):
            continue
        they = inside and not before and "plur" in view.words[cue.start].tags
        if inside and mention.type == "pointer" and not they:
            continue
        score = _subject_score(view, mention, before, left, right) + 0.3 * they
        if score <= 0:
            continue
        score -= 0.03 * distance
        if best is None or score > best[0]:
            best = (score, mention)
    return best[1] if best else None


def _turned_round(view: View, cue: Match) -> bool:
    """Whether a verb of saying may stand before its subject: at the beginning, or after a mark: …, *said the minister*."""
    return (
        not cue.start
        or view.words[cue.start - 1].kind == "p"
        or any(
            m.end == cue.start
            for m in [*view.cue("boundaries"), *view.cue("coordinators"), *view.cue("speech", "according")]
        )
    )


def _passive(view: View, cue: Match) -> bool:
    """Whether a verb of saying stands in the passive: *it should be noted that* names nobody."""
    if not view.language.passive or "past" not in view.words[cue.start].tags:
        return False
    return any(0 <= cue.start - m.end <= 1 for m in view.cue("voice"))


def _subject_score(view: View, mention: Mention, before: bool, left: int, right: int) -> float:
    functions = {"bare": 1.0} if _office(view, mention) else mention.functions
    score = {"person": 1.0, "anonymous": 1.0, "org": 0.9}.get(mention.type, 0.7)
    if mention.kind == "adjective":
        return 0.0
    if view.language.has_case:
        if "subject" in functions or "bare" in functions:
            pass
        elif (mention.type in ("person", "anonymous") and not functions.keys() - {"of"}) or not functions:
            score -= 0.3
        elif _body(mention) and functions.keys() & {"in"}:
            score -= 0.15  # в Нью-Дели заявили
        else:
            return 0.0
    elif mention.type == "anonymous" and functions.keys() == {"of"}:
        score -= 0.3  # two of the three sources
    elif not functions.keys() & ({"bare", "subject"} if before else {"bare", "subject", "agent"}):
        return 0.0  # the purchase of drones by Ukraine worried Moscow
    elif functions.get("of", 0.0) > max(functions.get(f, 0.0) for f in ("bare", "subject", "agent")):
        score -= 0.3  # the supply of Kyiv was denied by Moscow
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


def _office(view: View, mention: Mention) -> Match | None:
    """The title of an official without a name that stands before whom he speaks for: *a spokeswoman for the trade ministry*,
    *представитель посольства*, *в пресс-службе завода*."""
    titles = view.cue("titles", "of_org")
    if not titles or not _body(mention) or mention.kind == "adjective":
        return None
    words = view.words
    inside = {m.end for m in view.cue("marker") if m.value.name == "in"}
    markers = {m.start for m in view.cue("marker") if m.value.name in ("of", "for", "in")}
    linking = {
        i for i, w in enumerate(words) if i in markers or w.fold in view.language.before_nouns or w.fold in _QUOTES
    }
    for title in titles:
        between = range(title.end, mention.start)
        subject = not view.language.has_case or "nomn" in words[title.start].tags or title.start in inside
        plain = view.language.latin and bool(between) and _describes(view, between[-1])  # for the *trade* ministry
        if (
            len(between) - plain <= 2 * view.language.latin
            and title.end <= mention.start
            and linking.issuperset(between[: len(between) - plain])
            and subject
        ):
            return title
    return None


def _describes(view: View, index: int) -> bool:
    """Whether a word says no more than which ministry or office it is."""
    word = view.words[index]
    return (
        word.kind == "w"
        and not word.tags & {"past", "gerund"}
        and word.fold not in view.language.profile.function_words
    )


def _body(mention: Mention) -> bool:
    """Whether it is a state or an organisation, or points at one."""
    return mention.type in ("org", "country", "bloc") or mention.kind in (
        "pointer:org",
        "pointer:country",
        "pointer:panel",
    )


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
    if cue.value.name == "deny" or (cue.value.name == "according" and _adds(view, cue)):
        start = words[first].start
    elif _parenthetical(view, first, last):
        start = max(start, words[_clause(view, first)].start)
    thats = [m for m in view.cue("speech", "that") if 0 <= m.start - last <= 4]
    if thats and cue.value.name != "according":
        start = max(start, words[first].start)
    return start, end


def _parenthetical(view: View, first: int, last: int) -> bool:
    """Whether an act of speech stands between commas inside a clause: *since Saab, she says, has promised*."""
    words = view.words
    return first > 1 and last < len(words) and words[first - 1].fold in ",،" and words[last].fold in ",،"


def _clause(view: View, index: int) -> int:
    """Where the clause that a word stands in begins: after a colon or a dash, or with a conjunction after a comma."""
    words = view.words
    opening = {m.start for table in ("boundaries", "coordinators") for m in view.cue(table)}
    opening -= {m.start for m in view.cue("relatives")}
    for at in range(index - 2, 0, -1):
        if words[at].fold in ":–—" and words[at].kind == "p":
            return at + 1
        if words[at].fold in ",،" and at + 1 in opening and at + 2 < index:
            return at + 1
    return 0


def _adds(view: View, cue: Match) -> bool:
    """Whether a clause that begins with a cue is added to another: …, *and according to analysts* …."""
    words, index = view.words, cue.start
    joined = any(m.end == index for m in view.cue("coordinators"))
    if view.language.order == "VSO":
        bare = cue.key.lstrip("=").rpartition(":")[2]
        joined = "conj" in words[index].tags and not words[index].fold.startswith(bare)
    before = index - joined * (view.language.order != "VSO") - 1
    return joined and before >= 0 and words[before].fold in ",،"


def release(view: View) -> None:
    """Officials and specialists of a state who do not speak act for it: *Russian specialists service the S-300*."""
    for index, mention in enumerate(view.mentions):
        state = mention.state
        acts = mention.functions.keys() & {"subject", "bare", "agent"}
        if state is not None and acts and not mention.speaker:
            state.absorbed = False
            state.functions, state.of, state.group = mention.functions, mention.of, mention.group
            view.mentions[index] = state


def speaker_of(mention: Mention) -> Speaker:
    """The speaker that a mention names."""
    entity = mention.entity
    kind = entity.type if entity.type != "anonymous" else "anonymous"
    return Speaker(
        id=entity.id, name=entity.name, kind=kind, title=mention.title, organisation=mention.organisation,
        anonymous=entity.type == "anonymous",
    )  # fmt: skip
