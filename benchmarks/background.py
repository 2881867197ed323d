"""How often the reader makes a claim where there is none: ordinary news, one sentence a line."""

from __future__ import annotations

import argparse
from typing import Any

from corpora import ordinary
from tables import aligned, promise

import rasad
from rasad import Claim, Document

SHOWN = 12  #: false claims that are printed


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Claims from 1,000 sentences, with every sentence a document, and with every file a document."""
    sentences = ordinary(options.shared / "data" / "background")
    if not sentences:
        print(f"left out: no ordinary news (ar.txt, en.txt …) in {options.shared / 'data' / 'background'}")
        return {}
    rows: list[tuple[str, str, int, int, float]] = []
    found: list[Claim] = []
    for way in ("each sentence", "each file"):
        for code, lines in sentences.items():
            texts = lines if way == "each sentence" else ["\n".join(lines)]
            claims = [claim for text in texts for claim in _read(text, code)]
            found.extend(claims)
            rows.append((way, code, len(lines), len(claims), 1000 * len(claims) / len(lines)))
        chosen = [row for row in rows if row[0] == way]
        total, made = sum(row[2] for row in chosen), sum(row[3] for row in chosen)
        rows.append((way, "all", total, made, 1000 * made / total))
    print(aligned(("a document is", "language", "sentences", "claims", "claims per 1,000"), rows))
    for claim in found[:SHOWN]:
        print(f"  {claim.language} {claim.frame} {claim.confidence:.2f}: {claim.evidence.quote[:110]}")
    totals = {row[0]: row[4] for row in rows if row[1] == "all"}
    return {
        "rows": rows,
        "promises": [
            promise(f"claims per 1,000 ordinary sentences, {way} a document", rate, 1, most=True)
            for way, rate in totals.items()
        ],
    }


def _read(text: str, code: str) -> list[Claim]:
    return rasad.read_document(Document(name="ordinary", text=text, language=code))
