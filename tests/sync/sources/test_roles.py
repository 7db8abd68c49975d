"""What a folder is for, by its attribute or its name."""

from __future__ import annotations

import pytest

from sync.source import FolderRole
from sync.sources.roles import NAMES, role_of


@pytest.mark.parametrize(
    ("name", "delimiter", "role"),
    [
        ("inbox", "/", FolderRole.INBOX),
        ("INBOX.Sent", ".", FolderRole.SENT),
        ("[Gmail]/Sent Mail", "/", FolderRole.SENT),
        ("ارسال‌شده", "/", FolderRole.SENT),
        ("JUNK  E-MAIL", "/", FolderRole.SPAM),
        ("Odeslana\N{COMBINING ACUTE ACCENT} pošta", "/", FolderRole.SENT),
        ("Clients/Spam", "/", FolderRole.NONE),
        ("Trash/Clients/Old", "/", FolderRole.TRASH),
        ("INBOX.Trash.Old", ".", FolderRole.TRASH),
        ("Junk/2024", "/", FolderRole.SPAM),
        ("Sent/2024", "/", FolderRole.NONE),
        ("Trash Dealers/Old", "/", FolderRole.NONE),
        ("Sent", "", FolderRole.SENT),
        ("Sentinel", "/", FolderRole.NONE),
    ],
)
def test_a_name_suggests_a_role(name: str, delimiter: str, role: FolderRole) -> None:
    assert role_of(name, delimiter=delimiter) is role


def test_the_servers_word_comes_first() -> None:
    assert role_of("Trash", ["\\HasNoChildren", "\\Archive"]) is FolderRole.ARCHIVE


def test_no_name_stands_for_two_roles() -> None:
    roles: dict[str, set[FolderRole]] = {}
    for role, name, whose in NAMES:
        roles.setdefault(name.casefold(), set()).add(role)
        assert whose

    assert all(len(found) == 1 for found in roles.values())
    assert all(role_of(name) is role for role, name, _ in NAMES)
