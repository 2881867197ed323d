"""A desk on a register of the examples, asked as a browser asks it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import rasad
from rasad.web.app import create_app
from rasad.web.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKEN = "a-token-for-the-tests"
BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of the examples; copy it to change it."""
    path = tmp_path_factory.mktemp("desk") / "examples.db"
    with rasad.open_register(path, create=True) as register:
        register.add([EXAMPLES])
    return path


@pytest.fixture
def register_file(examples: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(examples, tmp_path / "rasad.db"))


@pytest.fixture
def settings(register_file: Path) -> Settings:
    return Settings(register=str(register_file), token=TOKEN, secret="secret", hosts=("testserver",))


@pytest.fixture
def stranger(settings: Settings) -> Iterator[TestClient]:
    """A browser that nobody let in."""
    with TestClient(create_app(settings), headers=BROWSER, follow_redirects=False) as client:
        yield client


@pytest.fixture
def desk(stranger: TestClient) -> TestClient:
    """The browser of the person at an own machine."""
    stranger.get("/", params={"token": TOKEN})
    return stranger
