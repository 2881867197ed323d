"""How right the claims are: the scorer over gold folders, and the seed article."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from corpora import GOLD_DEV, GOLD_LATE, GOLD_TEST
from tables import aligned, promise

LANGUAGES = ("ar", "en", "ru", "uk")
FIGURES = ("f1", "precision", "recall", "attribution", "attributes", "grounded")
MODEL_CASE = "kazakhstan-market"

Claims = list[dict[str, Any]]


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Scores every gold folder that is there, language by language."""
    if not options.scorer.is_file():
        print(f"left out: no scorer at {options.scorer} (--scorer FILE)")
        return {}
    found: dict[str, Any] = {}
    shared_dev = options.shared / "eval" / "dev"
    folders = (
        ("shared dev", shared_dev),
        ("own dev", GOLD_DEV),
        ("own test", GOLD_TEST),
        ("calibration", GOLD_LATE),
    )
    for name, folder in folders:
        if any(folder.glob("*.json")):
            found[name] = _scored(folder, options.scorer)
        else:
            print(f"left out: {name}, no gold files in {folder}")
    rows = [
        (name, code, *(report[code].get(figure) for figure in FIGURES), report[code].get("claims"))
        for name, report in found.items()
        for code in ("all", *LANGUAGES)
        if code in report
    ]
    print(aligned(("gold", "language", "core F1", *FIGURES[1:3], "speaker", *FIGURES[4:], "claims"), rows))
    print(
        "\nthe same article in two languages, likeness (Jaccard) of what is found: "
        + ", ".join(f"{name} {report['agreement']:.3f}" for name, report in found.items())
    )
    found["promises"] = [row for name, report in found.items() for row in _promises(name, report)]
    article = options.shared / "seed" / "article.ar.txt"
    if article.is_file() and (shared_dev / f"{MODEL_CASE}.json").is_file():
        missed = _missed(article, shared_dev / f"{MODEL_CASE}.json", options.scorer)
        print(f"\nseed article: {len(missed)} of the claims that must be found are missed", *missed, sep="\n  ")
        found["seed"] = {"missed": missed}
        found["promises"].append(promise("seed article, claims missed", len(missed), 0, most=True))
    return found


def _promises(name: str, report: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    worst = min(report[code]["f1"] for code in LANGUAGES if code in report)
    rows = [promise(f"{name}, core F1, worst language", worst, 0.90 if name == "shared dev" else 0.85)]
    bounds = {"attribution": ("speaker", 0.95), "attributes": ("attributes", 0.90), "grounded": ("grounded", 1.0)}
    for figure, (title, bound) in bounds.items():
        value = report["all"].get(figure)
        if value is not None:
            rows.append(promise(f"{name}, {title}", value, bound))
    return [*rows, promise(f"{name}, agreement of languages", report["agreement"], 0.90)]


def _scored(folder: Path, scorer: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        texts = Path(work, "texts")
        texts.mkdir()
        for path in folder.glob("*.json"):
            topic = json.loads(path.read_text(encoding="utf-8"))
            for code, text in topic["texts"].items():
                (texts / f"{topic['id']}.{code}.txt").write_text(text, encoding="utf-8", newline="")
        lines = read_folder(texts)
        report: dict[str, Any] = json.loads(_score(scorer, folder, lines, Path(work), "--json").stdout)
    report["agreement"] = _agreement([json.loads(line) for line in lines.splitlines()])
    return report


def read_folder(texts: Path) -> str:
    """The JSON lines of ``rasad read`` over a folder. Raises RuntimeError where it could not be run; what it skipped is
    told on standard error."""
    command = [sys.executable, "-m", "rasad.cli", "read", str(texts), "--format", "jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode > 1:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-800:]}")
    sys.stderr.write(done.stderr)
    return done.stdout


def _score(scorer: Path, gold: Path, lines: str, work: Path, flag: str) -> subprocess.CompletedProcess[str]:
    claims = work / "claims.jsonl"
    claims.write_text(lines, encoding="utf-8")
    command = [sys.executable, str(scorer), str(gold), "--claims", str(claims), flag]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)


def _missed(article: Path, gold: Path, scorer: Path) -> list[str]:
    """The claims of the seed article that must be found and are not, in the scorer's words."""
    text = article.read_text(encoding="utf-8")
    topic = json.loads(gold.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        texts, only = Path(work, "texts"), Path(work, "gold")
        texts.mkdir()
        only.mkdir()
        (texts / f"{MODEL_CASE}.ar.txt").write_text(text, encoding="utf-8", newline="")
        (only / gold.name).write_text(json.dumps(topic | {"texts": {"ar": text}}), encoding="utf-8")
        told = _score(scorer, only, read_folder(texts), Path(work), "--misses").stderr
    return [line.partition(": ")[2] for line in told.splitlines() if ": missed " in line]


def _agreement(claims: Claims) -> float:
    """The mean likeness, over topics and pairs of languages, of what was found: who is in which role of which frame."""
    by_text: dict[str, dict[str, set[tuple[str, str, str]]]] = {}
    for claim in claims:
        topic, code, _ = Path(claim["document"]).name.rsplit(".", 2)
        by_text.setdefault(topic, {}).setdefault(code, set()).update(_facts(claim))
    shares = [
        len(found.get(a, set()) & found.get(b, set())) / len(found.get(a, set()) | found.get(b, set()))
        for found in by_text.values()
        for a, b in combinations(LANGUAGES, 2)
        if found.get(a) or found.get(b)
    ]
    return sum(shares) / max(1, len(shares))


def _facts(claim: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for role, fillers in claim["roles"].items():
        for filler in fillers:
            yield claim["frame"], role, filler["id"]
