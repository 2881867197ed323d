"""Where the time goes: the reader under cProfile, by module and by function."""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from corpora import Text, arms, arms_reports, mixed, ordinary, up_to
from tables import aligned

import rasad
from rasad import Document
from rasad.reading.identify import identify

TOP = 15
PACKAGE = Path(rasad.__file__).parent

Function = tuple[str, int, str]  #: file, line and name, as pstats has it


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Profiles the loading of all languages, text all about arms, and mixed news."""
    started = time.perf_counter()
    found = {"loading": _profiled("loading: the first report in each language", islice(arms_reports(seed=3), 4))}
    print(f"(loading took {time.perf_counter() - started:.1f} s under the profiler)\n")
    found["arms"] = _profiled("text all about arms: every gold text once", arms())
    news = options.shared / "data" / "background"
    if ordinary(news):
        found["mixed"] = _profiled("mixed news", up_to(mixed(news), 1_000_000 if options.quick else 5_000_000))
    return found


def _profiled(title: str, texts: Iterable[Text]) -> dict[str, Any]:
    chosen = list(texts)
    profile = cProfile.Profile()
    profile.enable()
    for _, text in chosen:
        rasad.read_document(Document(name="profiled", text=text, language=identify(text)))
    profile.disable()
    table: dict[Function, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = sum(own for _, _, own, _, _ in table.values())
    modules = _by_module(table)
    functions = sorted(((own, calls, where) for where, (_, calls, own, _, _) in table.items()), reverse=True)[:TOP]
    module_rows = [(name, own, 100 * own / total) for name, own in modules[:TOP]]
    function_rows = [(_name(where), calls, own, 100 * own / total) for own, calls, where in functions]
    print(f"{title} ({total:.1f} s under the profiler)")
    print(aligned(("module, with what it calls outside Rasad", "seconds", "%"), module_rows))
    print(aligned(("function", "calls", "own seconds", "%"), function_rows), end="\n\n")
    return {"seconds": total, "modules": module_rows, "functions": function_rows}


def _by_module(table: dict[Function, Any]) -> list[tuple[str, float]]:
    """Own seconds of every module of Rasad; what functions outside it take is put down to the modules that call them."""
    seconds: dict[str, float] = {}
    for where, (_, _, own, _, callers) in table.items():
        module = _module(where)
        if module:
            seconds[module] = seconds.get(module, 0.0) + own
            continue
        for caller, (_, _, share, _) in callers.items():
            name = _module(caller) or "elsewhere"
            seconds[name] = seconds.get(name, 0.0) + share
    return sorted(seconds.items(), key=lambda item: -item[1])


def _module(where: Function) -> str | None:
    path = Path(where[0])
    if not path.is_relative_to(PACKAGE):
        return None
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "rasad"


def _name(where: Function) -> str:
    path, line, function = where
    return function if path == "~" else f"{_module(where) or Path(path).name}:{line} {function}"
