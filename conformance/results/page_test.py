"""The page in a browser: by keyboard and by mouse, light and dark, seen and listened to."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conformance.results.fakes.sample import ODD, failures_of_every_kind, sample
from conformance.results.html import page as render
from tools.browser.browser import chromium

CELL: Final = '.cell[aria-label^="{} client, {} server"]'
# Never the measure of anything: a page is there as soon as it is.
PATIENCE: Final = 30_000
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    expect.set_options(PATIENCE)
    with chromium(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    text = render(sample(*failures_of_every_kind()))
    path.write_text(text, "utf-8", "backslashreplace")
    return path


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page as it opens; whatever was asked of the network or complained of is a failure."""
    context = browser.new_context(
        color_scheme=request.param, permissions=["clipboard-read", "clipboard-write"]
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    requests: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda made: requests.append(made.url))
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(file.as_uri())
    opened.wait_for_selector("html[data-ready]")
    yield opened
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} == {file.as_uri()}


def keep(page: Page, name: str) -> None:
    """Keeps a picture among the test's outputs."""
    scheme = (
        "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    )
    folder = Path(os.environ["TEST_UNDECLARED_OUTPUTS_DIR"])
    page.screenshot(path=folder / f"{name}_{scheme}.png", full_page=True, animations="disabled")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong, in words."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def label(page: Page, client: str, server: str) -> str:
    return page.locator(CELL.format(client, server)).get_attribute("aria-label") or ""


def test_the_map_tells_every_outcome(page: Page) -> None:
    told = "go client, ruby server: 3 failed, 6 passed"
    assert label(page, "go", "ruby") == told
    assert label(page, "python", "go") == "python client, go server: 1 crashed, 8 passed"
    assert label(page, "go", "go") == "go client, go server: 3 timed out, 6 passed"
    assert label(page, "ruby", "go") == "ruby client, go server: 3 known failing, 6 passed"
    assert label(page, "ruby", "ruby") == "ruby client, ruby server: 3 failed, 6 not run"
    assert label(page, "runner", "python") == "runner client, python server: 1 unsupported"
    assert page.locator("h1").inner_text() == "The matrix failed"
    assert "grpc-core" in page.locator("th[scope=col]", has_text="ruby").inner_text()
    keep(page, "page")


def test_a_cell_opens_by_keyboard(page: Page) -> None:
    cell = page.locator(CELL.format("go", "ruby"))
    page.get_by_label("Case").focus()
    page.keyboard.press("Tab")
    expect(page.locator(CELL.format("go", "go"))).to_be_focused()
    page.keyboard.press("Control+End")
    expect(page.locator(CELL.format("runner", "ruby"))).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("button", name="ruby server, all its cells")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell).to_be_focused()
    crossed = page.locator("th.cross").all_inner_texts()
    assert [text.split()[0] for text in crossed] == ["go", "ruby"]
    paints = "nodes => new Set(nodes.map(node => getComputedStyle(node).backgroundColor)).size"
    assert page.locator("#grid tbody th").evaluate_all(paints) == 2
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-title")).to_have_text("go client → ruby server")
    expect(page.locator("#sheet-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(cell).to_be_focused()


def test_a_cell_opens_by_mouse_and_tells_all(page: Page) -> None:
    page.locator(CELL.format("go", "ruby")).click()
    entry = page.locator("#sheet .entry").first
    expect(entry.locator("h4")).to_have_text("get_missing")
    assert entry.locator("dd").all_inner_texts() == ["OK", "UNKNOWN: 'boom'"]
    assert "checks service.md: Get" in entry.locator(".meta").inner_text()
    assert "--> start" in entry.locator("pre").inner_text()
    entry.get_by_role("button", name="Copy the command").click()
    expect(entry.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(
        "client=go/server=ruby/security=plaintext/key_type=none/case=get_missing"
    )
    keep(page, "sheet")
    page.locator("#sheet summary", has_text="passed").click()
    expect(page.locator("#sheet .plain tbody tr")).to_have_count(6)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#sheet")).to_be_hidden()


def test_texts_are_texts(page: Page) -> None:
    page.locator(CELL.format("go", "go")).click()
    reason = page.locator("#sheet .entry .reason").first
    assert reason.evaluate("node => node.textContent") == page.evaluate("text => text", ODD)
    assert page.locator("#sheet b").count() == 0


def test_toggles_change_the_counts(page: Page) -> None:
    mtls = page.locator(".chip[data-value=mtls]")
    mtls.click()
    assert mtls.get_attribute("aria-pressed") == "true"
    assert label(page, "go", "ruby") == "go client, ruby server: 1 failed, 2 passed"
    expect(page.locator("#shown")).to_contain_text("27 of 84 permutations shown")
    page.locator(".chip[data-value=plaintext]").click()
    assert label(page, "go", "ruby") == "go client, ruby server: 2 failed, 4 passed"
    page.locator(".chip[data-value=failed]").click()
    assert label(page, "go", "ruby") == "go client, ruby server: 2 failed"
    assert label(page, "go", "python") == "go client, python server: nothing"
    page.locator(".chip[data-value=trade]").click()
    expect(page.locator("#shown")).to_contain_text("0 of 84 permutations shown")
    page.get_by_role("button", name="Show all").click()
    assert label(page, "go", "ruby") == "go client, ruby server: 3 failed, 6 passed"
    page.locator(".chip[data-value=p521]").press("Space")
    assert label(page, "python", "go") == "python client, go server: 1 crashed, 2 passed"


def test_cases_are_found_by_name(page: Page) -> None:
    page.get_by_label("Case").fill("missing")
    expect(page.locator("#shown")).to_contain_text("27 of 84 permutations shown")
    assert label(page, "go", "ruby") == "go client, ruby server: 3 failed"
    page.locator(CELL.format("go", "ruby")).click()
    expect(page.locator("#sheet .lead")).to_have_text("3 failed, of what the toggles show.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_label("Case")).to_have_value("")
    expect(page.locator("#shown")).to_contain_text("All 84 permutations shown")


def test_a_link_shows_what_its_writer_saw(page: Page, file: Path) -> None:
    page.locator(".chip[data-value=failed]").click()
    page.locator(".chip[data-value=mtls]").click()
    page.get_by_label("Case").fill("missing")
    page.locator(CELL.format("go", "ruby")).click()
    link = page.url
    page.keyboard.press("Escape")
    expect(page).to_have_url(link.removesuffix("&client=go&server=ruby"))
    page.get_by_role("button", name="Show all").click()
    expect(page).to_have_url(file.as_uri())
    page.evaluate("link => { location.href = link; }", link)
    expect(page.locator("#sheet-title")).to_have_text("go client → ruby server")
    expect(page.locator("#sheet .lead")).to_have_text("1 failed, of what the toggles show.")
    expect(page.get_by_label("Case", exact=True)).to_have_value("missing")
    assert page.locator(".chip[aria-pressed=true]").count() == 2


def test_a_link_to_what_is_not_there_shows_all(page: Page) -> None:
    page.evaluate("location.href = '#outcome=lost&client=cobol&server=go'")
    page.wait_for_function("document.documentElement.dataset.ready === ''")
    expect(page.locator("#shown")).to_contain_text("All 84 permutations shown")
    expect(page.locator("#sheet")).to_be_hidden()


def test_findings_and_headings_open_what_they_are_about(page: Page) -> None:
    row = page.locator("#findings li", has_text="The ruby server fails 1 case with every client")
    row.get_by_role("button").click()
    expect(page.locator("#sheet-title")).to_have_text(
        "The ruby server fails 1 case with every client"
    )
    expect(page.locator("#sheet .entry")).to_have_count(9)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="python client, all its cells").click()
    expect(page.locator("#sheet-title")).to_have_text("python client, with every server")


def test_colours_are_the_systems_until_they_are_chosen(page: Page) -> None:
    def lightness() -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.strip("rgb()").split(",")))

    dark = bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))
    assert (lightness() < 200) is dark
    page.get_by_role("button", name="colours").click()
    assert (lightness() < 200) is not dark


def test_a_narrow_page_is_no_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator(CELL.format("go", "ruby")).click()
    assert page.evaluate("document.querySelector('#sheet').scrollWidth") <= 360


def test_it_is_accessible(page: Page) -> None:
    assert violations(page) == []
    page.locator(".chip[data-value=mtls]").click()
    page.locator(CELL.format("go", "ruby")).focus()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.locator("#sheet summary", has_text="passed").click()
    assert violations(page) == []


def test_paper_has_nothing_to_press(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("#theme")).to_be_hidden()
    expect(page.locator("#grid table")).to_be_visible()
    keep(page, "print")
