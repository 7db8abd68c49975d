"""Draw the icons that Gmail has no sign for, and the logo: PNGs out of the page's own SVGs.

Run it after `scripts/vendor.sh`: `.venv/bin/python scripts/draw_icons.py`. It needs Chromium.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from addon.widgets import Icon

HERE = Path(__file__).parent.parent
SPRITE = HERE / "server" / "templates" / "_icons.svg"
SHEET = HERE / "server" / "static" / "icons"
LOGO = HERE / "server" / "static" / "favicon.svg"
_INK = "#4f535b"  # --text-2 of the light theme; Gmail shows them on white.


def main() -> None:
    """Draw every icon for which Google has no name."""
    sprite = SPRITE.read_text()
    wanted = [icon.sign for icon in Icon if not icon.value[1]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 48, "height": 48})
        for name in wanted:
            drawn = re.search(rf'<symbol id="i-{name}"[^>]*>(.*?)</symbol>', sprite, re.DOTALL)
            assert drawn is not None, name
            page.set_content(
                '<body style="margin:0"><svg width="48" height="48" viewBox="0 0 24 24" fill="none"'
                f' stroke="{_INK}" stroke-width="1.75" stroke-linecap="round"'
                f' stroke-linejoin="round">{drawn[1]}</svg>'
            )
            page.screenshot(path=SHEET / f"{name}.png", omit_background=True)
        page.set_viewport_size({"width": 128, "height": 128})
        page.set_content(f'<body style="margin:0">{LOGO.read_text()}')
        page.add_style_tag(content="svg { display: block; width: 128px; height: 128px }")
        page.screenshot(path=LOGO.parent / "logo.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
