"""What the marks of the pages mean, and how to get about."""

from __future__ import annotations

from rasad import __version__
from rasad.analysis.asked import AskedRegister
from rasad.web.pages import PageData, Pages

pages = Pages()
KEYS = (
    ("/", "search"), ("g h", "home"), ("g s", "to_search"), ("g c", "countries"), ("g r", "review"), ("g a", "add"), ("g w", "watch"),
    ("j", "next"), ("k", "previous"), ("?", "help"), ("Esc", "close"),
)  # fmt: skip
DECIDING = (
    ("a", "accept"), ("x", "reject"), ("c", "correct"), ("j", "skip"), ("u", "undo"), ("m", "join"), ("s", "split"),
)  # fmt: skip


class HelpPage(PageData, frozen=True, kw_only=True):
    """The keys, each with the name of what it does."""

    version: str = __version__
    keys: tuple[tuple[str, str], ...] = KEYS
    deciding: tuple[tuple[str, str], ...] = DECIDING


@pages.page("/help", template="help.html")
def help_(_: AskedRegister) -> HelpPage:
    """Keys, marks and ways on."""
    return HelpPage()
