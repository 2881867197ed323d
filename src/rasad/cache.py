"""What is costly to make and always the same is kept between runs, in the user's cache folder.

``RASAD_CACHE`` names another folder; set to nothing it turns the keeping off. Whatever goes wrong with the folder (read
only, full, a broken file), the thing is made anew: a cache changes how long a run takes and never what it says.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]

T = TypeVar("T")


def folder() -> Path | None:
    """Where things are kept, or None where nothing is."""
    named = os.environ.get("RASAD_CACHE")
    if named is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("rasad")


def fingerprint(files: Iterable[Traversable], *more: str) -> str:
    """A hash of the contents of files and of further words: two things with the same fingerprint are the same."""
    digest = hashlib.sha256()
    for part in more:
        digest.update(part.encode() + b"\x00")
    for file in files:
        digest.update(file.name.encode() + b"\x00" + file.read_bytes() + b"\x00")
    return digest.hexdigest()[:24]


def kept(name: str, key: str, make: Callable[[], T]) -> T:
    """What ``make()`` gives; kept under this name and key, and the one kept before under the name given up.

    What is kept is pickled, so the folder must be the user's own.
    """
    load: Callable[[Path], T] = _load
    return _kept(f"{name}-{key}.pickle", name, make, load, lambda made, file: pickle.dump(made, file, protocol=5))


def kept_array(name: str, key: str, make: Callable[[], Array]) -> Array:
    """An array, as :func:`kept` keeps things. One that was kept is not read but mapped into memory: what nobody looks at takes none, and
    what several processes look at they share."""
    import numpy as np

    def mapped(path: Path) -> Array:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))

    return _kept(f"{name}-{key}.npy", name, make, mapped, lambda made, file: np.save(file, made, allow_pickle=False))


def _kept(
    file_name: str, name: str, make: Callable[[], T], load: Callable[[Path], T], write: Callable[[T, IO[bytes]], None]
) -> T:
    place = folder()
    if place is None:
        return make()
    path = place / file_name
    with contextlib.suppress(
        OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, ValueError
    ):
        if path.stat().st_uid == os.getuid() if hasattr(os, "getuid") else path.exists():
            return load(path)
    made = make()
    gc.freeze()
    with contextlib.suppress(OSError):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place, prefix=f".{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                write(made, file)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        for old in place.glob(f"{name}-*{path.suffix}"):
            if old != path:
                old.unlink(missing_ok=True)
    return made


def _load(path: Path) -> Any:
    """The thing in a file. It is kept to the end, so the garbage collector neither wakes for its many small objects while
    they are loaded nor looks through them ever after, which at the end of a short run took as long as the run."""
    was = gc.isenabled()
    gc.disable()
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    finally:
        gc.freeze()
        if was:
            gc.enable()
