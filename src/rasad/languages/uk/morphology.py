"""Ukrainian word forms, from pymorphy3's dictionaries."""

from __future__ import annotations

from rasad.languages.cyrillic import Readings, analyser

_readings, entry_keys = analyser("uk")

# what is a noun far oftener than a verb: МіГ-29, not "could"; складу of an inventory, not "I shall compose";
# техніку for equipment, not "to the technician"; and тис. for thousands, not "he pressed"
_NOUNS: dict[str, Readings] = {
    "міг": (("міг",), frozenset({"noun", "nomn", "accs"})),
    "техніку": (("техніка",), frozenset({"noun", "sing", "accs"})),
    "тис": (("тис",), frozenset({"noun"})),
    "складу": (("склад",), frozenset({"noun", "sing", "gent", "datv", "loct"})),
}
_INFINITIVES = ("ти", "тися", "тись")  #: the endings of an infinitive in writing


def readings(form: str) -> Readings:
    """The lemmas and tags of a form. The dictionary also takes *робить*, *тіснить*, *поставить* for infinitives, which they
    are in speech only: in writing they are the third person. Of *підкидає*, which may be the present of an imperfective verb
    or the future of a perfective one, the present is meant."""
    if form in _NOUNS:
        return _NOUNS[form]
    lemmas, tags = _readings(form)
    if "infinitive" in tags and not form.endswith(_INFINITIVES):
        tags -= {"infinitive"}
    if {"present", "future"} <= tags:
        tags -= {"future"}
    return lemmas, tags
