"""A real browser, which nothing leaves: Chromium by Playwright, and axe-core to judge pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.soon import SOON

CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
#: WCAG 2.2 A and AA, and what axe-core takes for good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: A page on a busy machine may take its time, with everything that is expected of it.
expect.set_options(timeout=SOON * 1000)
_AXE = Path(axe_core_python.__file__).parent / "axe.min.js"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser, or skip where there is none."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def faults(page: Page, within: str = "") -> list[str]:
    """Return what axe-core finds wrong with a page."""
    page.wait_for_load_state()
    page.evaluate(_AXE.read_text())
    options = {
        "runOnly": {"type": "tag", "values": _RULES},
        "resultTypes": ["violations"],
        "iframes": False,  # What stands in a letter is its author's.
    }
    found: Any = page.evaluate(
        "([within, options]) => axe.run(within || document, options)", [within, options]
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'].splitlines()[1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    page.wait_for_load_state()  # Before, a page that a click has led to has no style.
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide
