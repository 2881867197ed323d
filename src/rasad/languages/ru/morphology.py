"""Russian word forms, from pymorphy3's dictionaries."""

from rasad.languages.cyrillic import analyser

readings, entry_keys = analyser("ru")
