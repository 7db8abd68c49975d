"""The packages stand on each other in one direction, and each knows what it may know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, Source, assert_holds, imports, modules, refused

#: A library, and where it may be imported, for types too.
ONLY_IN = {
    "flask": ("server",),
    "werkzeug": ("server",),
    "imapclient": ("sync",),
    "imaplib": ("sync",),
    "mailparser": ("sync",),
    "fast_mail_parser": ("sync",),
    "googleapiclient": ("sync",),
    "google.oauth2": ("sync", "server.auth"),
    "google.auth": ("sync", "server.auth"),
}
#: A library, and where it may not be.
NEVER_IN = {
    "sqlalchemy": ("addon", "server.api", "server.pages", "server.web"),
    "psycopg": ("crm.people", "crm.mail", "crm.work", "crm.sales", "crm.filing", "sync", "addon"),
    "requests": ("crm", "addon"),
    "urllib.request": ("crm", "addon"),
    "http.client": ("crm", "addon"),
    "socket": ("crm", "addon"),
}
#: They know nothing of each other.
STRANGERS = ("addon.cards", "server.api", "server.pages")
#: What the cards share among themselves.
SHARED = ("addon.cards.parts", "addon.cards.contact_parts")


def knows_too_much(source: Source) -> Iterator[str]:
    """Refuse the import of a library where it has no business."""
    for node, name in imports(source.tree):
        for library, places in ONLY_IN.items():
            if _within(name, library) and not _in(source.module, places):
                yield source.at(node, f"{library} belongs in {' and '.join(places)} alone")
        for library, places in NEVER_IN.items():
            if _within(name, library) and _in(source.module, places):
                yield source.at(node, f"{library} has no business here")


def knows_a_stranger(source: Source) -> Iterator[str]:
    """Refuse that a card, an endpoint or a page imports another one."""
    home = next((place for place in STRANGERS if source.module.startswith(f"{place}.")), None)
    if home is None:
        return
    for node, name in imports(source.tree):
        if _in(name, SHARED) or _in(name, (source.module,)):
            continue
        if any(name.startswith(f"{place}.") for place in STRANGERS):
            yield source.at(node, f"{source.module} knows {name}")


def test_imports_go_in_one_direction():
    lint = Path(sys.executable).with_name("lint-imports")
    command = [lint, "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout


def test_a_library_is_imported_where_it_belongs():
    assert_holds(knows_too_much, modules())


def test_cards_endpoints_and_pages_are_strangers():
    assert_holds(knows_a_stranger, modules())


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("addon/cards/deal.py", "from sqlalchemy import select"),
        ("addon/cards/deal.py", "if True:\n    from sqlalchemy.orm import Session"),
        ("server/api/deals.py", "import sqlalchemy as sa"),
        ("server/pages/deals.py", "def f():\n    from sqlalchemy import text"),
        ("sync/running.py", "from flask import g"),
        ("crm/work/notes.py", "import flask"),
        ("server/cli/mailbox.py", "import imapclient"),
        ("server/pages/inbox.py", "from mailparser import parse_from_bytes"),
        ("crm/mail/letter.py", "from fast_mail_parser import parse_email"),
        ("server/addon.py", "from googleapiclient.discovery import build"),
        ("crm/work/notes.py", "import psycopg"),
        ("addon/response.py", "import urllib.request"),
    ],
)
def test_a_library_in_the_wrong_place_is_refused(path, line):
    assert refused(knows_too_much, line, path)


def test_a_library_in_its_place_is_not():
    assert not refused(knows_too_much, "from flask import Flask", "server/app.py")
    assert not refused(knows_too_much, "import imapclient", "sync/sources/imap/wire.py")
    assert not refused(
        knows_too_much, "from google.oauth2 import id_token", "server/auth/google.py"
    )
    assert not refused(knows_too_much, "import flasklike", "crm/work/notes.py")


def test_a_card_that_knows_another_is_refused():
    card = "addon/cards/deal.py"

    assert refused(knows_a_stranger, "from addon.cards import message", card)
    assert refused(knows_a_stranger, "from addon.cards.message import head", card)
    assert refused(knows_a_stranger, "from server.api.deals import shape", "server/pages/deals.py")
    assert not refused(knows_a_stranger, "from addon.cards import parts", card)


def _within(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def _in(module: str, places: tuple[str, ...]) -> bool:
    return any(_within(module, place) for place in places)
