"""Russian word forms, from pymorphy3's dictionaries."""

from __future__ import annotations

from rasad.languages.cyrillic import Readings, analyser

_readings, entry_keys = analyser("ru")

_PLACES = {
    "nomn": "индия дания франция германия куба любляна астана",
    "nomn accs": "киев берлин рим ливан чад ханой",
    "gent": "израиля кубы берлина рима ливана чада риги астаны любляны панамы дохи сальвадора подгорицы",
    "datv": "берлину риму ливану чаду ханою",
    "accs": "индию данию францию германию кубу любляну астану",
    "loct": "берлине риме ливане",
    "datv loct": "любляне",
    "gent datv loct": "индии дании латвии эстонии",
    "ablt": "минском любляной",
}  #: forms of places that the dictionary also gives to other words, and the cases in which they name the place
_CASES = {
    form: frozenset([*cases.split(), "noun", "sing"]) for cases, forms in _PLACES.items() for form in forms.split()
}


_STATES = {
    "советским": frozenset({"adj", "sing", "ablt"}),
    "соединенным": frozenset({"adj", "plur", "datv"}),
}  #: first words of the names of states, in the case in which they stand there
_PARTICIPLE = {"participle", "passive", "short"}
#: adjectives that are nouns after в
_ALONE = frozenset(("будущем", "прошлом", "целом", "общем", "основном", "дальнейшем", "настоящем"))


def readings(form: str) -> Readings:
    """The lemmas and tags of a form. What may be a state or a capital is one: *Индии* is no indium, *Куба* no cube, and
    *Израиля* no man of that name; *в будущем Алжир* is not into Algeria. *Мы покупаем* is no participle, and what
    *экспортирует* tells is present."""
    lemmas, tags = _readings(form)
    if form in _STATES:
        return lemmas, _STATES[form]
    if form in _ALONE:
        return lemmas, (tags | {"noun"}) - {"adj", "participle"}
    if "present" in tags:
        tags = tags - {"future"}
    if "first" in tags:
        tags = tags - _PARTICIPLE
    return lemmas, _CASES.get(form, tags)
