"""Phrases in dictionary form, found in any inflection over the words of a sentence.

How an entry is written is described in ``docs/languages.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rasad.languages.words import Word, split

GAP = 4  #: the most words that `_` in an entry stands for

_STOPS = frozenset(".;!?؟؛:")
_QUOTES = frozenset('«»"“”„')


class Match(NamedTuple):
    """Words ``[start:end]`` of the sentence are an entry with this value; ``key`` is the key that its first word met, and
    ``skipped`` are the words between that a gap stands for."""

    start: int
    end: int
    value: Any
    key: str = ""
    skipped: tuple[int, ...] = ()

    @property
    def met(self) -> list[int]:
        """The words that the entry itself names."""
        return [index for index in range(self.start, self.end) if index not in self.skipped]


Step = frozenset[str] | None
Entry = tuple[tuple[Step, ...], bool, Any]  #: the steps still to come, whether the last is a clitic, and the value


class _Bucket:
    """The entries that begin with one key: of one word; by the key of the second word; and by the key of the word after a
    gap, with the words that the gap may stand for."""

    __slots__ = ("gapped", "reach", "second", "single")

    def __init__(self) -> None:
        self.single: list[Any] = []
        self.second: dict[str, list[Entry]] = {}
        self.gapped: dict[str, list[tuple[int, Entry]]] = {}
        self.reach = 0  #: the widest gap

    def values(self) -> Iterator[Any]:
        """The values of all entries."""
        yield from self.single
        for some in self.second.values():
            yield from (value for _, _, value in some)
        for reached in self.gapped.values():
            yield from (value for _, (_, _, value) in reached)

    def add(self, rest: tuple[Step, ...], clitic: bool, value: Any) -> None:
        if not rest:
            self.single.append(value)
            return
        gaps = _gaps(rest)
        entry = (rest[gaps + 1 :], clitic, value)
        self.reach = max(self.reach, gaps * GAP)
        for key in rest[gaps] or ():
            if gaps:
                self.gapped.setdefault(key, []).append((gaps * GAP, entry))
            else:
                self.second.setdefault(key, []).append(entry)


def _gaps(rest: tuple[Step, ...]) -> int:
    """How many gaps an entry goes on with."""
    return next((index for index, step in enumerate(rest) if step is not None), len(rest))


class Lexicon:
    """Many phrases, looked up at once. ``keys_of`` gives the keys of a dictionary form."""

    def __init__(self, keys_of: Callable[[str, str], Iterable[str]]) -> None:
        self._keys_of = keys_of
        self._first: dict[str, _Bucket] = {}

    def __getstate__(self) -> dict[str, _Bucket]:
        return self._first

    def __setstate__(self, state: dict[str, _Bucket]) -> None:
        self._first = state
        self._keys_of = _complete

    def add(self, entry: str, value: Any, pos: str = "") -> None:
        """Adds one entry, whose first word is of this part of speech (name, noun, verb, or anything); raises ValueError
        when it has no words, or begins or ends with a gap."""
        steps = self._steps(entry, pos)
        if not steps or steps[0] is None or steps[-1] is None:
            raise ValueError(f"not an entry: {entry!r}")
        last = entry.split()[-1]
        clitic = len(steps) > 1 and len(last) == 1 and last.lower() == last.upper()
        if clitic:  # a preposition that is written into the next word: وفقا ل
            steps[-1] = frozenset([f"prep:{last}", f"={last}"])
        rest = tuple(steps[1:])
        for key in steps[0]:
            bucket = self._first.get(key)
            if bucket is None:
                bucket = self._first[key] = _Bucket()
            bucket.add(rest, clitic, value)

    def _steps(self, entry: str, pos: str) -> list[Step]:
        steps: list[Step] = []
        for token in entry.split():
            if token == "_":
                steps.append(None)
                continue
            alternatives: list[list[frozenset[str]]] = []
            for form in token.split("/") if len(token) > 1 else [token]:
                exact = form.startswith("=")
                atoms = split(form[1:] if exact else form)
                alternatives.append(
                    [
                        frozenset([f"={a.fold}"]) if exact or a.kind != "w" else self._keys(a.fold, pos, steps)
                        for a in atoms
                    ]
                )
            longest = max(len(a) for a in alternatives)
            if longest == 1 or len(alternatives) == 1:
                steps.extend(
                    frozenset().union(*(a[position] for a in alternatives if position < len(a)))
                    for position in range(longest)
                )
            else:
                raise ValueError(f"alternatives of different lengths in {entry!r}")
        return steps

    def _keys(self, form: str, pos: str, before: list[Step]) -> frozenset[str]:
        return frozenset(self._keys_of(form, pos if not before or pos in ("name", "closed") else ""))

    def values(self, key: str) -> list[Any]:
        """The values of the entries of one word with this key."""
        bucket = self._first.get(key)
        return bucket.single if bucket is not None else []

    def keys_of(self, wanted: Callable[[Any], bool]) -> frozenset[str]:
        """The keys with which the entries of such values begin: words that have none of them hold no such entry."""
        return frozenset(key for key, bucket in self._first.items() if any(map(wanted, bucket.values())))

    def find(self, words: Sequence[Word]) -> list[Match]:
        """Every match in words that know what begins with them (:meth:`begins`), overlapping ones included, in the order of their beginnings, longest first."""
        matches: list[Match] = []
        for position, word in enumerate(words):
            found: list[Match] = []
            for key, bucket in word.begins:
                found += [Match(position, position + 1, value, key) for value in bucket.single]
                if bucket.second:
                    found += _going_on(bucket, key, words, position)
                if bucket.gapped:
                    found += _after_gap(bucket, key, words, position)
            if len(found) > 1:
                found = sorted({(m.end, id(m.value)): m for m in reversed(found)}.values(), key=lambda m: -m.end)
            matches.extend(found)
        return matches

    def begins(self, keys: Iterable[str]) -> tuple[tuple[str, _Bucket], ...]:
        """Those of the keys of a word with which entries begin, and these entries, for :meth:`find`."""
        return tuple((key, self._first[key]) for key in keys if key in self._first)


def _complete(form: str, pos: str) -> Iterable[str]:
    raise TypeError(f"a lexicon that was kept takes no further entries ({form!r}, {pos})")


def _going_on(bucket: _Bucket, key: str, words: Sequence[Word], position: int) -> list[Match]:
    """The matches of the entries that go on with the next word."""
    found: list[Match] = []
    after = position + 1
    if after == len(words) or bucket.second.keys().isdisjoint(words[after].keys):
        return found
    for following in words[after].keys:
        for rest, clitic, value in bucket.second.get(following, ()):
            end, skipped = _follow(rest, words, after + 1, len(words)) if rest else (after + 1, ())
            if end:
                found.append(Match(position, end - clitic, value, key, skipped))
    return found


def _after_gap(bucket: _Bucket, key: str, words: Sequence[Word], position: int) -> list[Match]:
    """The matches of the entries that go on after a gap, each at the first word where it does."""
    found: list[Match] = []
    met: set[int] = set()
    count = len(words)
    for at, passed in _passing(words, position + 1, count, bucket.reach):
        if bucket.gapped.keys().isdisjoint(words[at].keys):
            continue
        for following in words[at].keys:
            for reach, entry in bucket.gapped.get(following, ()):
                if passed > reach or id(entry) in met:
                    continue
                rest, clitic, value = entry
                end, skipped = _follow(rest, words, at + 1, count) if rest else (at + 1, ())
                if end:
                    met.add(id(entry))
                    found.append(Match(position, end - clitic, value, key, (*range(position + 1, at), *skipped)))
    return found


def _passing(words: Sequence[Word], at: int, count: int, reach: int) -> Iterator[tuple[int, int]]:
    """The words at which a gap of up to ``reach`` words that begins here may end, and how many it then stands for:
    quotation marks and the rest of a designation count for none."""
    passed = 0
    while at < count:
        yield at, passed
        word = words[at]
        passed += not (word.fold in _QUOTES or (word.glued and word.kind != "p"))
        if passed > reach or word.fold in _STOPS:
            return
        at += 1


_NOWHERE: tuple[int, tuple[int, ...]] = (0, ())


def _follow(rest: tuple[Step, ...], words: Sequence[Word], position: int, count: int) -> tuple[int, tuple[int, ...]]:
    """Where the rest of an entry ends when it goes on at this word, or 0, and the words that gaps skip."""
    for index, step in enumerate(rest):
        if step is None:
            return _skip(rest[index + 1 :], words, position, count)
        if position >= count or step.isdisjoint(words[position].keys):
            return _NOWHERE
        position += 1
    return position, ()


def _skip(tail: tuple[Step, ...], words: Sequence[Word], position: int, count: int) -> tuple[int, tuple[int, ...]]:
    """The same after a gap."""
    for at, _ in _passing(words, position, count, GAP):
        end, skipped = _follow(tail, words, at, count)
        if end:
            return end, (*range(position, at), *skipped)
    return _NOWHERE
