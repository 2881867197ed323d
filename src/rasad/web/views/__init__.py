"""The pages, a module each. A module has ``pages``, an instance of :class:`rasad.web.pages.Pages`; :func:`every` finds them."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from rasad.web.pages import Pages


@cache
def every() -> tuple[Pages, ...]:
    """The pages of all modules here, by the names of the modules."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").pages for name in names)
