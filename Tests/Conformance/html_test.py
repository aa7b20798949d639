"""The report as a page, in a real browser: nothing from the network, nothing too wide, nothing that a reader can't reach.

Needs Chromium, which run.sh installs from Debian; axe-core looks for barriers, html5lib for markup that is not right.
"""

import os
import shutil
import subprocess

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

NOW = "2026-10-20T12:00:00Z"
SIZES = {"desk": (1280, 900), "tablet": (768, 1024), "phone": (360, 740)}


def observations(spaces):
    """Nineteen days of each, looked at every hour, with a day on which nobody looked."""
    lines = ["observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas"]
    for index in range(spaces):
        hardware = ["t4-small", "a10g-small", "l4x1", "cpu-basic"][index % 4]
        name = f"acme/space-{index:03}" + ("-with-a-very-long-name-that-goes-on-and-on" if index % 7 == 0 else "")
        for hour in range(19 * 24):
            day = 1 + hour // 24
            if day == 9:
                continue
            at = f"2026-10-{day:02}T{hour % 24:02}:00:00Z"
            if (hour + index) % 24 < 14:
                lines.append(f"{at},{name},RUNNING,{hardware},{hardware},3600,1")
            else:
                lines.append(f"{at},{name},SLEEPING,,{hardware},3600,1")
    return "\n".join(lines) + "\n"


def page(folder, spaces):
    def spaceplan(*arguments):
        result = subprocess.run(
            [os.environ["SPACEPLAN"], *arguments], cwd=folder, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr

    (folder / "looks.csv").write_text(observations(spaces))
    spaceplan("import", "history", "--observations", "looks.csv")
    spaceplan("report", "--month", "2026-10", "--now", NOW, "--format", "html", "--output", "report.html")
    return folder / "report.html"


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return page(tmp_path_factory.mktemp("few"), 5)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return page(tmp_path_factory.mktemp("many"), 300)


@pytest.fixture(scope="module")
def simulation(few):
    """The same Spaces under other rules, with pictures of each."""
    result = subprocess.run(
        [os.environ["SPACEPLAN"], "simulate", "--set", "acme/*:sleep=15m", "--now", NOW, "--format", "html"],
        cwd=few.parent, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    file = few.parent / "simulation.html"
    file.write_text(result.stdout)
    return file


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def open_page(browser, file, size="desk", scheme="light"):
    width, height = SIZES[size]
    view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    asked = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("pageerror", lambda error: pytest.fail(str(error)))
    view.goto(file.as_uri())
    assert asked == [file.as_uri()], "the page asks for nothing else"
    return view


def test_the_markup_is_right(few, simulation):
    for file in (few, simulation):
        html5lib.HTMLParser(strict=True).parse(file.read_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_page(browser, few, many, simulation, size, scheme):
    for file in (few, many, simulation):
        view = open_page(browser, file, size, scheme)
        assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        view.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_checker_finds_no_barrier(browser, few, simulation, size, scheme):
    for file in (few, simulation):
        view = open_page(browser, file, size, scheme)
        view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(view)
        assert found.violations_count == 0, found.generate_report()
        view.close()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_names_in_tables_are_on_one_line(browser, few, simulation, size):
    for file in (few, simulation):
        view = open_page(browser, file, size)
        lines = view.evaluate(
            "Array.from(document.querySelectorAll('main table code')).map(each => each.getClientRects().length)")
        assert lines and set(lines) <= {0, 1}, "those in closed details have none"
        view.close()


def test_the_names_of_300_spaces_do_not_overlap(browser, many):
    view = open_page(browser, many)
    boxes = view.evaluate(
        "Array.from(document.querySelectorAll('.strips span')).map(each => each.getBoundingClientRect().toJSON())")
    assert len(boxes) == 300
    for above, below in zip(boxes, boxes[1:]):
        assert above["bottom"] <= below["top"] + 0.5
    strips = view.evaluate(
        "Array.from(document.querySelectorAll('.strips svg')).map(each => each.getBoundingClientRect().left)")
    assert all(box["right"] <= left + 0.5 for box, left in zip(boxes, strips))
    view.close()


def test_each_picture_can_be_read_as_a_table_with_the_keyboard(browser, few):
    view = open_page(browser, few)
    pictures = view.locator("figure")
    assert pictures.count() == 4
    for index in range(4):
        assert pictures.nth(index).locator("svg[role=img]").first.get_attribute("aria-label")
        summary = pictures.nth(index).locator("summary")
        summary.focus()
        view.keyboard.press("Enter")
        assert pictures.nth(index).locator("table").is_visible()
    view.close()


def test_a_simulation_shows_its_pictures_with_words_and_a_table(browser, simulation):
    view = open_page(browser, simulation)
    pictures = view.locator("figure")
    assert pictures.count() > 4
    for index in range(pictures.count()):
        assert pictures.nth(index).locator("svg[role=img]").first.get_attribute("aria-label")
        assert pictures.nth(index).locator("table").count() == 1
    # What the list below a curve explains is drawn on it.
    marks = view.locator("circle.mark")
    assert marks.count() == view.locator("figure ol li").count() > 0
    view.close()


def test_the_pictures_add_up_to_the_report(browser, few):
    view = open_page(browser, few)
    cells = view.evaluate(
        "Array.from(document.querySelectorAll('figure')[0].querySelectorAll('tbody tr')).map(row => row.lastChild.textContent)")
    total = view.locator(".headline strong").inner_text().split()[0]
    assert abs(sum(round(float(cell.replace("<", "")) * 100) for cell in cells) - round(float(total) * 100)) <= len(cells)
    view.close()


def test_it_prints(browser, few, tmp_path):
    view = open_page(browser, few)
    printed = tmp_path / "report.pdf"
    view.pdf(path=str(printed), format="A4")
    assert printed.read_bytes().startswith(b"%PDF") and printed.stat().st_size > 20_000
    view.close()
