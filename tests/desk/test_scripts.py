"""What scripts add to the pages, in a real browser; everything they do can be done without them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.desk.browsing import Watched, served, started

import rasad

expect.set_options(timeout=20_000)  # a machine that does much else at the time
SEED = "Ukraine recently supplied Kazakhstan with S-300 systems, said Serhiy Zgurets, head of military programmes. "


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def register_path(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that these tests decide on and add to."""
    return Path(shutil.copy(examples, tmp_path_factory.mktemp("scripts") / "rasad.db"))


@pytest.fixture(scope="module")
def address(register_path: Path) -> Iterator[str]:
    with served(register_path) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Watched]:
    """A browser that was let in; at the end nothing may have been said in its console or asked of others."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    watched = Watched(context, address.partition("/?")[0])
    watched.page.goto(address)
    yield watched
    assert watched.wrong == []
    context.close()


def stays(page: Page) -> None:
    """Waits for the scripts of the page, and marks it so that :func:`stayed` can tell whether it was loaded anew."""
    page.wait_for_load_state("networkidle")
    page.evaluate("window.marked = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


def test_names_are_suggested_in_any_script_and_arrows_choose_one(desk: Watched) -> None:
    page = desk.page
    desk.open("/review")
    stays(page)
    page.keyboard.press("/")
    page.keyboard.type("ترك")
    option = page.get_by_role("option").filter(has_text="Turkey")
    expect(option).to_be_visible()
    for _ in range(8):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/TUR")


def test_two_letters_lead_to_a_page_and_a_list_is_walked_by_keys(desk: Watched) -> None:
    page = desk.page
    desk.open("/help")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/search")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("main .row-line").nth(1).locator("a.what")
    expect(second).to_be_focused()
    href = second.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")


def test_the_keys_are_shown_over_the_page_and_can_be_switched_off(desk: Watched) -> None:
    page = desk.page
    desk.open("/search")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("kbd").first).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")
    desk.open("/help")
    page.get_by_role("checkbox").check()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/countries")


def test_the_appearance_changes_at_once_and_stays(desk: Watched) -> None:
    page = desk.page
    desk.open("/search")
    stays(page)
    page.locator(".menu summary").click()
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert stayed(page)
    desk.open("/countries")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".menu summary").click()
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="as the system").click()


def test_choosing_a_claim_changes_the_panel_and_not_the_page(desk: Watched, register_path: Path) -> None:
    with rasad.open_register(register_path) as register:
        document = next(row.document for row in register.search("S-400", kind="document", limit=20))
    page = desk.page
    desk.open(f"/documents/{document}")
    stays(page)
    signs = page.locator("[data-text] a.sign")
    first, second = (signs.nth(n).get_attribute("data-claim") for n in (0, 1))
    signs.nth(0).click()
    panel = page.locator("[data-panel]")
    expect(panel.locator(f'h2 a[href="/claims/{first}"]')).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(panel.locator(f'h2 a[href="/claims/{second}"]')).to_be_visible()
    assert f"claim={second}" in page.url
    page.go_back()
    expect(panel.locator(f'h2 a[href="/claims/{first}"]')).to_be_visible()
    page.locator("[data-text] mark.role").first.hover()
    expect(page.locator("[data-panel] .facts .lit").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel.locator("h2 a")).to_have_count(0)
    assert stayed(page)


def test_a_picture_becomes_a_live_one_under_the_policy_of_the_desk(desk: Watched) -> None:
    page = desk.page
    desk.open("/countries/TUR/market")
    stays(page)
    figure = page.locator("figure.picture").first
    figure.get_by_role("button").click()
    bar = figure.locator("svg .mark-rect path[aria-label]").first
    expect(bar).to_be_attached()
    bar.hover(force=True)
    expect(page.locator("#vg-tooltip-element")).to_be_visible()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("deals")


def test_a_table_is_sorted_by_its_headings(desk: Watched) -> None:
    page = desk.page
    desk.open("/countries")
    table = page.locator("table[data-sortable]").first
    heading = table.locator("thead th").nth(1)
    heading.get_by_role("button").click()
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    told = table.locator("tbody tr > :nth-child(2)").all_inner_texts()
    numbers = [int(text.replace(",", "")) for text in told if text.strip()]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 3


def test_a_quotation_is_copied_with_its_source(desk: Watched) -> None:
    page = desk.page
    desk.open("/search?q=S-400")
    article = page.locator("article.evidence").first
    article.get_by_role("button", name="Copy with source").click()
    expect(article.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert article.locator("blockquote").inner_text().split()[0] in copied
    assert "\n— " in copied


def test_a_decision_leads_to_the_next_claim_and_is_undone_by_a_key(desk: Watched) -> None:
    page = desk.page
    desk.open("/review")
    stays(page)
    asked = page.locator("[data-review]")
    first = asked.get_attribute("data-review")
    page.keyboard.press("x")
    expect(page.locator(".done")).to_be_visible()
    expect(asked).not_to_have_attribute("data-review", first or "")
    desk_claim = f"/claims/{first}.json"
    assert page.evaluate("a => fetch(a).then(r => r.json()).then(d => d.shown.standing)", desk_claim) is None
    page.keyboard.press("u")
    expect(page.locator(".done")).to_contain_text("undone")
    assert page.evaluate("a => fetch(a).then(r => r.json()).then(d => d.shown.standing)", desk_claim) is not None
    page.keyboard.press("j")
    expect(page.locator(".done")).to_have_count(0)
    assert stayed(page)


def test_a_dropped_file_is_read_and_found_without_leaving_the_page(desk: Watched) -> None:
    page = desk.page
    desk.open("/add")
    stays(page)
    page.evaluate(
        """text => {
            const files = new DataTransfer();
            files.items.add(new File([text], "dropped.en.txt", { type: "text/plain" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
        }""",
        SEED,
    )
    form = page.locator("form[data-drop]")
    assert form.locator("input[type=file]").evaluate("input => input.files[0].name") == "dropped.en.txt"
    form.locator("button").click()
    arrived = page.get_by_role("link", name="dropped.en.txt")
    expect(arrived).to_be_visible()
    assert "/add/" in page.url
    assert stayed(page)
    arrived.click()
    expect(page.locator("[data-text]")).to_contain_text("Zgurets")
