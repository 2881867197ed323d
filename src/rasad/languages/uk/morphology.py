"""Ukrainian word forms, from pymorphy3's dictionaries."""

from __future__ import annotations

from rasad.languages.cyrillic import Readings, analyser

_readings, entry_keys = analyser("uk")

_INFINITIVES = ("ти", "тися", "тись")  #: the endings of an infinitive in writing


def readings(form: str) -> Readings:
    """The lemmas and tags of a form. The dictionary also takes *робить*, *тіснить*, *поставить* for infinitives, which they
    are in speech only: in writing they are the third person. Of *підкидає*, which may be the present of an imperfective verb
    or the future of a perfective one, the present is meant."""
    lemmas, tags = _readings(form)
    if "infinitive" in tags and not form.endswith(_INFINITIVES):
        tags -= {"infinitive"}
    if {"present", "future"} <= tags:
        tags -= {"future"}
    return lemmas, tags
