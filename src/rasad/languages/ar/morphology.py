"""Arabic word forms: proclitics, the article, verbal prefixes and suffixes are taken off in every way that may be right.

A form is analysed without a dictionary: each way of taking it apart gives a key, and the lexicon decides which keys are
words. The bare key is the form without proclitics and article; ``n:`` is a noun or adjective without its ending, ``v:`` the
stem of a past-tense verb, ``p:`` that of a present-tense one. A name is looked up by its bare key alone, a noun by ``n:``,
a verb written ``زود/يزود`` by ``v:زود`` and ``p:زود``.
"""

from __future__ import annotations

from functools import lru_cache

Readings = tuple[tuple[str, ...], frozenset[str]]

_PRONOUNS = ("هما", "ها", "هم", "هن", "نا", "كم", "ه", "ي")
_OBJECTS = ("هما", "ها", "هم", "هن", "نا", "كم", "ه")  #: of a verb, without "thee", which makes "joint" a buyer
_NOUN = ("ات", "ون", "ين", "ان", "تان", "تين", "ه", "ا")
_CONSTRUCT = ("تا", "تي", "و", "ي")  #: endings of duals and plurals that stand before a genitive
_PAST = ("ت", "وا", "تا", "ا", "نا", "ن")
_PRESENT = ("ون", "وا", "ان", "ن", "ين", "ا")
#: verbs whose past begins with ت and so looks like the imperfect of another: قد تسلم العراق
_DONE = frozenset(
    [
        "تسلم",
        "تلقي",
        "تراجع",
        "تخلي",
        "تعهد",
        "تعاقد",
        "تحول",
        "تعرض",
        "تمكن",
        "تجاوز",
        "تعاون",
        "توصل",
        "تفوق",
        "تقدم",
        "تقارب",
        "تدخل",
        "توقف",
        "تزود",
        "تسلح",
        "تورط",
        "تدرب",
        "تنازل",
        "تبرع",
        "تحدث",
        "تعثر",
        "تاخر",
        "تحطم",
        "تدهور",
        "تزايد",
        "تضاعف",
        "تولي",
        "تبني",
        "تزعم",
        "تصدر",
        "توعد",
        "تغير",
        "تكرر",
        "تاكد",
        "تبين",
        "تفاقم",
        "تحسن",
        "توسع",
        "تاسس",
        "توفي",
        "تعطل",
        "تاثر",
        "تفاوض",
        "تنافس",
        "تحالف",
        "تعزز",
        "تكبد",
        "تحمل",
        "تلق",
        "تم",
        "تحت",
        "توجه",
        "تحرك",
        "تشكل",
        "توافق",
        "تطور",
        "تحقق",
        "تعلم",
        "تصاعد",
    ]
)
#: words that are no verb and take nothing off but a conjunction, however like a verb they look: التي is no آلت
_CLOSED = frozenset(
    [
        "التي",
        "الذي",
        "الذين",
        "اللذان",
        "اللذين",
        "اللتان",
        "اللتين",
        "اللواتي",
        "اللاتي",
        "الي",
        "علي",
        "عن",
        "من",
        "في",
        "مع",
        "بين",
        "حتي",
        "لكن",
        "لكنها",
        "لكنه",
        "اذا",
        "كما",
        "عند",
        "لدي",
        "قبل",
        "بعد",
        "ذلك",
        "تلك",
        "هذه",
        "هذا",
        "هولاء",
        "حيث",
        "منذ",
        "خلال",
        "ضد",
        "نحو",
        "دون",
        "غير",
        "كل",
        "بعض",
        "عبر",
        "حول",
        "بدايه",
        "ضمن",
        "احيانا",
        "الا",
        "اما",
        "انما",
        "ايضا",
        "تباعا",
        "اذ",
        "لان",
        "كي",
        "لما",
    ]
)
#: imperfects of the first person, which are read as such in these verbs alone: اجهزه is equipment, اصدر is "issued"
_FIRST_PERSON = frozenset(
    [
        "اعتقد",
        "اري",
        "اتوقع",
        "اظن",
        "ارجح",
        "اخشي",
        "اشك",
        "اومن",
        "اود",
        "اريد",
        "ادعو",
        "اطالب",
        "احذر",
        "اويد",
        "اعارض",
    ]
)
_SHORTENED = ("ت", "وا", "ون")  #: endings before which a final ى is lost: اشترى, اشترت, اشتروا


def _proclitics(form: str) -> list[tuple[str, tuple[str, ...]]]:
    """(rest, tags) for every way of taking off و ف, then ب ك ل س, then ال."""
    ways: list[tuple[str, tuple[str, ...]]] = [(form, ())]
    if len(form) > 3 and form[0] in "وف":
        ways.append((form[1:], ("conj",)))
    for rest, tags in list(ways):
        if len(rest) > 3 and rest[0] in "بكل":
            ways.append((rest[1:], (*tags, "prep:" + rest[0])))
        if len(rest) > 4 and rest.startswith("لل"):
            ways.append((rest[2:], (*tags, "prep:ل", "def")))
            ways.append(("ال" + rest[2:], (*tags, "prep:ل", "def")))
        if len(rest) > 4 and rest[0] == "س" and rest[1] in "يتنا":
            ways.append((rest[1:], (*tags, "future")))
    for rest, tags in list(ways):
        if len(rest) > 4 and rest.startswith("ال"):
            ways.append((rest[2:], (*tags, "def")))
    return ways


def _short(form: str) -> str:
    """The noun of two letters behind an article, if it is one (الجو), which is known as nothing but a noun: الآن is no آن."""
    rest = form[1:] if form[0] in "وفبك" and len(form) == 5 else form
    return rest[2:] if len(rest) == 4 and rest.startswith("ال") else ""


def _nouns(rest: str, definite: bool) -> list[str]:
    bodies = [rest]
    if not definite:
        bodies += [rest[: -len(s)] for s in _PRONOUNS if rest.endswith(s) and len(rest) - len(s) >= 3]
    stems = list(bodies)
    for body in bodies:
        if body != rest and body.endswith("ت") and len(body) > 3:
            stems.append(body[:-1] + "ه")  # a feminine noun before a suffix: صفقته
        for ending in _NOUN if definite else _NOUN + _CONSTRUCT:
            if body.endswith(ending) and len(body) - len(ending) >= 3:
                stems.append(body[: -len(ending)])
                if ending in ("ات", "تان", "تين", "تا", "تي"):
                    stems.append(body[: -len(ending)] + "ه")
    return stems


def _verbs(rest: str, future: bool = False) -> list[str]:
    keys: list[str] = []
    bodies = [rest, *(rest[: -len(s)] for s in _OBJECTS if rest.endswith(s) and len(rest) - len(s) >= 3)]
    for body in bodies:
        for mark, stem, endings in (
            ("v:", body, _PAST),
            ("p:", body[1:] if body[0] in "يتن" or body in _FIRST_PERSON else "", _PRESENT),
        ):
            if len(stem) < 2 or (future and mark == "v:"):
                continue
            keys.append(mark + stem)
            for ending in endings:
                if stem.endswith(ending) and len(stem) - len(ending) >= 2:
                    short = stem[: -len(ending)]
                    keys.append(mark + short)
                    if ending in _SHORTENED and len(short) > 2:
                        keys.append(mark + short + "ي")
    return keys


def _past(form: str) -> bool:
    """Whether a form that begins with ت ends as a past does, with its pronoun: تسلمت, تسلمتها."""
    return form[-1] == "ت" or any(form.endswith("ت" + s) and len(form) - len(s) > 4 for s in _PRONOUNS)


@lru_cache(maxsize=2_000)
def readings(form: str) -> Readings:
    """The keys and tags that a form may have; a tag ``prep:ل`` tells of a preposition written into the word."""
    keys: dict[str, None] = {form: None}
    tags: set[str] = set()
    for rest, way in _proclitics(form):
        if len(rest) < 2:
            continue
        keys[rest] = None
        tags.update(way)
        if rest in _CLOSED:
            keys["n:" + rest] = None
            continue
        keys.update(("n:" + stem, None) for stem in _nouns(rest, "def" in way))
        if "def" not in way and not any(t.startswith("prep:") for t in way):
            keys.update((key, None) for key in _verbs(rest, "future" in way))
    bare = form[1:] if form[0] in "وف" else form
    if len(bare) > 3 and (bare[0] == "ي" or (bare[0] == "ت" and not _past(bare) and bare not in _DONE)):
        keys["n:مضارع"] = None  # may be an imperfect, whatever the verb: "قد مضارع" is "may"
    if short := _short(form):
        keys["n:" + short] = None
    return tuple(keys), frozenset(tags)


def entry_keys(form: str, pos: str = "") -> tuple[str, ...]:
    """The keys of a form in an entry for a name, a noun, a verb, or anything."""
    verb = ("p:" + form[1:],) if form[0] == "ي" and len(form) > 2 else ("v:" + form,)
    return {"name": (form,), "closed": (form,), "noun": ("n:" + form,), "verb": verb}.get(pos, ("n:" + form, *verb))
