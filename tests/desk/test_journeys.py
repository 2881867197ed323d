"""What people come to the desk for, from end to end, in a real browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.desk.browsing import Watched, served, started
from tests.desk.test_browser import LOOKS

import rasad

expect.set_options(timeout=20_000)  # a machine that does much else at the time
SEED = (
    "على الرغم من حقيقة أن كازاخستان شريك طويل الأمد لأوكرانيا في التعاون العسكري التقني ، إلا أن الوضع يتغير الآن.\n"
    "قال سيرجي زغوريتس ، رئيس البرامج العسكرية في مركز أبحاث الجيش والتحويل ونزع السلاح ، إن أوكرانيا قد زودت مؤخرًا معدات الطيران "
    "الكازاخستانية ، وأنظمة الصواريخ المضادة للطائرات S-300 ، وناقلات الجند المدرعة ، والتي تعتبر تنافسية نسبيًا من حيث تكلفة المنتجات "
    "الأوكرانية.\n"
)
PASSWORD = "three camels at noon"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture
def own(browser: Browser, examples: Path, tmp_path: Path) -> Iterator[Watched]:
    """The desk of an own machine, on a copy of the examples."""
    with served(Path(shutil.copy(examples, tmp_path / "rasad.db"))) as address:
        watched = Watched(browser.new_context(viewport={"width": 1280, "height": 900}), address.partition("/?")[0])
        watched.page.goto(address)
        yield watched
        assert watched.wrong == []
        watched.page.context.close()


@pytest.fixture(scope="module")
def shared(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a desk with accounts: amal, who administers, and rana, who reads."""
    register = Path(shutil.copy(examples, tmp_path_factory.mktemp("shared") / "rasad.db"))
    for name, role in (("amal", "admin"), ("rana", "reader")):
        command = [sys.executable, "-m", "rasad.cli", "user", "add", name, "--role", role, "--register", str(register)]
        subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    with served(register) as address:
        yield address.rstrip("/")


def enter(watched: Watched, name: str, password: str = PASSWORD) -> None:
    watched.page.locator("#name").fill(name)
    watched.page.locator("#password").fill(password)
    watched.page.locator("main form button.main").click()


def test_a_pasted_article_gives_its_claim_in_two_clicks(own: Watched) -> None:
    page = own.page
    own.open("/add")
    page.get_by_label("Text", exact=True).fill(SEED)
    page.get_by_role("button", name="Read the text").click()
    page.get_by_role("link", name="Ukraine → Kazakhstan: S-300", exact=True).first.click()
    evidence = page.locator("article.evidence").filter(has=page.locator("blockquote", has_text="زغوريتس"))
    expect(evidence).to_have_count(1)
    evidence.get_by_role("link", name="in the text").click()
    panel = page.locator("[data-panel]")
    expect(panel.locator("h2")).to_contain_text(
        "Ukraine → Kazakhstan: aviation equipment, S-300, armoured personnel carrier"
    )
    expect(panel).to_contain_text("Sergey Zgurets")
    expect(page.locator("[data-text]")).to_have_attribute("lang", "ar")
    expect(page.locator("[data-text] p").first).to_have_attribute("dir", "rtl")


def test_a_rejected_claim_changes_its_deal_and_comes_back_when_that_is_undone(own: Watched, tmp_path: Path) -> None:
    with rasad.open_register(tmp_path / "rasad.db") as register:
        deal = register.deals(supplier="Russia", recipient="Turkey", item="S-400")[0]["deal"]
        claim = next(held.claim.id for held in register.deal(deal).claims if held.claim.value is not None)
    page = own.page
    own.open(f"/deals/{deal}")
    support = page.locator("header.head .support")
    expect(support).to_contain_text("2 independent sources")
    own.open(f"/claims/{claim}")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("main")).to_contain_text("rejected by a reviewer")
    own.open(f"/deals/{deal}")
    expect(support).to_contain_text("1 independent source")
    own.open("/review/log")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Take back").first.click()
    expect(page.locator(".decisions")).to_contain_text("taken back by decision")
    own.open(f"/deals/{deal}")
    expect(support).to_contain_text("2 independent sources")


def test_all_of_it_works_without_a_script(browser: Browser, examples: Path, tmp_path: Path) -> None:
    with served(Path(shutil.copy(examples, tmp_path / "rasad.db"))) as address:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        home = address.partition("/?")[0]
        page.goto(address)
        page.locator("main input[name=q]").fill("S-400")
        page.locator("main input[name=q]").press("Enter")
        page.get_by_role("link", name="in the text").first.click()
        chosen = page.locator("[data-panel] h2")
        expect(chosen).to_contain_text("S-400")
        other = page.locator("[data-text] a.sign:not(.chosen)").last
        claim = other.get_attribute("data-claim")
        other.click()
        expect(chosen.locator("a")).to_have_attribute("href", f"/claims/{claim}")
        page.goto(f"{home}/review")
        first = page.locator("[data-review]").get_attribute("data-review")
        page.get_by_role("button", name="Reject").click()
        expect(page.locator(".done")).to_be_visible()
        expect(page.locator("[data-review]")).not_to_have_attribute("data-review", first or "")
        page.goto(f"{home}/add")
        page.get_by_label("Text", exact=True).fill(SEED)
        page.get_by_role("button", name="Read the text").click()
        expect(page.get_by_role("link", name="Ukraine → Kazakhstan: S-300", exact=True).first).to_be_visible()
        context.close()


def test_who_is_not_known_logs_in_and_out(browser: Browser, shared: str) -> None:
    watched = Watched(browser.new_context(), shared)
    page = watched.page
    watched.open("/countries/TUR?x=1")
    assert page.url.startswith(f"{shared}/login")
    enter(watched, "amal", "three camels at midnight")
    expect(page.get_by_role("alert")).to_be_visible()
    enter(watched, "amal")
    page.wait_for_url("**/countries/TUR?x=1")
    page.locator(".menu summary").click()
    page.locator('.menu form[action="/logout"] button').click()
    page.wait_for_url("**/login*")
    watched.open("/")
    assert page.url.startswith(f"{shared}/login")
    assert watched.wrong == []
    page.context.close()


def test_a_reader_sees_no_way_to_decide(browser: Browser, shared: str) -> None:
    watched = Watched(browser.new_context(), shared)
    page = watched.page
    watched.open("/")
    enter(watched, "rana")
    expect(page.locator("nav").first).to_contain_text("Countries")
    assert page.get_by_role("link", name="Review").count() == 0
    assert watched.open("/review") == 403
    assert watched.open("/account/users") == 403
    page.context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_log_in_and_accounts_in_every_look(browser: Browser, shared: str, look: str) -> None:
    options: dict[str, Any] = LOOKS[look]
    watched = Watched(browser.new_context(**options), shared)
    wrong: list[str] = []
    for name, path in (
        ("login", "/login"),
        ("own-account", "/account"),
        ("users", "/account/users"),
        ("audit", "/account/audit"),
    ):
        watched.open(path)
        if name == "login":
            watched.shoot(f"login-{look}")
            wrong += [f"login: {what}" for what in watched.barriers()]
            enter(watched, "amal")
            watched.page.wait_for_url(f"{shared}/")
            continue
        watched.shoot(f"{name}-{look}")
        page = watched.page
        if (wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) > 0:
            wrong.append(f"{name} is {wide} pixels too wide")
        wrong += [f"{name}: {what}" for what in [*watched.barriers(), *watched.wrong]]
    assert not wrong, "\n".join(wrong)
    watched.page.context.close()
