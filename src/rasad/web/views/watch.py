"""What is watched: each source with what it gave and what went wrong, and the texts of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from fastapi import Query

from rasad.analysis.asked import AskedRegister
from rasad.register import watched
from rasad.register.watched import Lost, Text, Watched
from rasad.web.errors import NotThereError
from rasad.web.pages import PageData, Pages

pages = Pages()
PAGE = 50  #: texts at a time
LOST = 100  #: addresses of which nothing came, at most
LATE = timedelta(minutes=15)  #: after which a visit that is due was forgotten: nobody watches


class WatchPage(PageData, frozen=True, kw_only=True):
    """Every source. ``late``: visits are due that nobody makes."""

    TABLE: ClassVar[str] = "sources"

    sources: tuple[Watched, ...]
    late: bool


class SourcePage(PageData, frozen=True, kw_only=True):
    """A source, some of its texts, the latest first, of ``total``; and addresses that it named and of which nothing came."""

    TABLE: ClassVar[str] = "texts"

    source: Watched
    texts: tuple[Text, ...]
    lost: tuple[Lost, ...]
    page: int
    total: int


@pages.page("/watch", template="watch.html", kept=False)
def watch(register: AskedRegister) -> WatchPage:
    """The sources that are visited on a schedule, with what each gave."""
    sources = watched.sources(register.engine)
    overdue = (datetime.now(UTC) - LATE).isoformat(timespec="seconds")
    return WatchPage(sources=sources, late=any(one.next is not None and one.next < overdue for one in sources))


@pages.page("/watch/{number}", template="source.html", kept=False)
def source(register: AskedRegister, number: int, page: Annotated[int, Query(ge=1, le=2**31)] = 1) -> SourcePage:
    """A source that is watched, with its texts."""
    of = next((one for one in watched.sources(register.engine) if one.id == number), None)
    if of is None:
        raise NotThereError(f"{number}: no source of this number is watched")
    return SourcePage(
        source=of, texts=watched.texts(register.engine, number, PAGE, PAGE * (page - 1)),
        lost=watched.lost(register.engine, number, LOST), page=page, total=watched.counted_texts(register.engine, number),
    )  # fmt: skip
