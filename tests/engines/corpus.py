"""Sources for the tests of the engines: gold texts about arms, everyday news between them, stories that several papers printed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

GOLD = Path(__file__).resolve().parent.parent / "gold" / "dev"
EVERYDAY = [
    "The city council will vote on Thursday on a new tram line to the northern suburbs. Residents asked for more trees.",
    "Ціни на яблука цього року вищі, ніж торік: заморозки у квітні пошкодили сади. Садівники чекають на дощ.",
    "В Казани открылась выставка детского рисунка; до воскресенья её увидят все школьники города.",
    "أعلنت وزارة التعليم موعد بدء العام الدراسي الجديد، ودعت الأهالي إلى تسجيل أبنائهم قبل نهاية الشهر.",
]
STORY = (
    "ANKARA (Reuters) - Turkey has signed a contract with Spain for 40 Eurofighter Typhoon aircraft, the defence ministry said on Monday.\n\n"
    "Deliveries are to begin in 2028. Madrid will train the pilots and repair the engines, a spokesman for the ministry told reporters.\n\n"
    "Greece has asked its allies to refuse the export of missiles for the aircraft."
)


def gold(number: int) -> list[tuple[str, str]]:
    """Names and texts of the first gold topics about arms, in all languages."""
    topics = [json.loads(path.read_text("utf-8")) for path in sorted(GOLD.glob("*.json"))]
    chosen = [topic for topic in topics if topic["claims"]][:number]
    return [(f"{topic['id']}.{code}", text) for topic in chosen for code, text in sorted(topic["texts"].items())]


def gold_files(folder: Path, number: int) -> Path:
    """A folder with the first gold topics, a text a file."""
    folder.mkdir(parents=True)
    for name, text in gold(number):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def news(folder: Path, topics: int = 6) -> Path:
    """A folder of texts as files, JSON lines and packed JSON lines: of each gold text one, everyday news, and a story that five papers
    printed, two of them cut."""
    gold_files(folder, topics)
    for number in range(len(gold(topics))):
        (folder / f"everyday-{number}.txt").write_text(EVERYDAY[number % 4], encoding="utf-8")
    cut = STORY[: STORY.index("\n\nGreece")]
    printed = [("Alpha", STORY), ("Beta", STORY), ("Gamma", cut), ("Delta", cut), ("Epsilon", STORY)]
    rows = [
        {
            "text": text,
            "outlet": outlet,
            "published": f"2025-10-2{day}",
            "address": f"https://{outlet.lower()}.example/{day}",
        }
        for day, (outlet, text) in enumerate(printed)
    ]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    (folder / "printed.jsonl").write_text("".join(lines[:3]), encoding="utf-8")
    (folder / "printed.jsonl.gz").write_bytes(gzip.compress("".join(lines[3:]).encode()))
    return folder
