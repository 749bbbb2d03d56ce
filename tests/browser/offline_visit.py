"""Visit every page of a running server and complain of whatever is asked outside, fails, or breaks.

Run in a network namespace with loopback only: ``python -m tests.browser.offline_visit DATA CHROMIUM LIST``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.served import FLAGS, screen_one_project, screen_through_the_page, serving, watched

PAGES = ("/", "/heating", "/border", "/border/follow-ups", "/screenings", "/policy", "/about")
OF_A_PROJECT = ("sheet.html", "letter", "follow-up")


def visit(data: Path, chromium: str, listed: Path) -> list[str]:
    """Return what is wrong with any page, and print how many were visited."""
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    visited = 0
    with serving(data) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = watched(browser.new_page(viewport={"width": 1440, "height": 900}), address, complaints)
        screen_through_the_page(page, address, listed)
        screening = page.url
        page.click("#list tbody tr >> nth=0")
        page.wait_for_selector("#why .why-facts")
        page.wait_for_load_state("networkidle")
        screen_one_project(page, address)
        page.wait_for_load_state("networkidle")
        first, second = screening.removeprefix(address), page.url.removeprefix(address)
        of_project = [f"{second}/subjects/2-0/{name}" for name in OF_A_PROJECT]
        for lang in ("zh", "en"):
            for name in (*PAGES, first, f"{first}/issues", second, *of_project):
                page.goto(f"{address}{name}?lang={lang}")
                page.wait_for_load_state("networkidle")
                visited += 1
        browser.close()
    sys.stdout.write(f"visited {visited}\n")
    return complaints


if __name__ == "__main__":
    wrong = visit(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    sys.stdout.write("\n".join(wrong))
    sys.exit(1 if wrong else 0)
