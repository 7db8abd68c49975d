"""Where a first import goes over IMAP, and what lets it in there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm.base import clock, db
from crm.base.settings import Settings
from crm.base.vault import Vault
from crm.mail import importing as choosing
from crm.mail import mailboxes
from crm.mail.importing import Over, Why
from crm.mail.models import Mailbox
from server.demo.gmail import GmailServer
from sync import google as ours
from sync import importing
from sync.sources.gmail import BulkLogin
from tests.sync import rig
from tests.sync.rig import Box


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        for raw in rig.letters(4):
            server.add("ana@halden.test").deliver(raw)
        yield server


def way(box: Box, row: Mailbox) -> BulkLogin | None:
    login = ours.login(row, box.settings, box.vault, "1//token")
    return importing.bulk_login(row, box.settings, login, "1//token")


def test_it_goes_where_the_settings_say_with_tls_unless_they_say_otherwise(
    town: Settings, google: GmailServer
) -> None:
    box = rig.connect_gmail(town, google, over=Over.IMAP)
    for url, place in {
        "imaps://imap.gmail.com": ("imap.gmail.com", 993, "tls"),
        "imaps://imap.test:1993": ("imap.test", 1993, "tls"),
        "imap://[::1]": ("::1", 143, "none"),
    }.items():
        told = replace(box, settings=replace(box.settings, google_imap_url=url))
        found = way(told, box.row())
        assert found is not None
        assert (found.host, found.port, found.security) == place


def test_it_is_the_first_import_alone_and_where_it_was_chosen(
    town: Settings, google: GmailServer
) -> None:
    box = rig.connect_gmail(town, google)
    assert way(box, box.row()) is None
    box = rig.connect_gmail(town, google, over=Over.IMAP)
    row = box.row()
    found = way(box, row)
    assert found is not None

    found.leave(Why.LIMIT)
    assert way(box, box.row()) is None

    row.synced_at = clock.now() - timedelta(hours=1)
    assert way(box, row) is None


def choose(box: Box, over: Over) -> None:
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        mailboxes.note_place(session, row, choosing.choice(over))


def test_what_was_listed_before_it_went_over_the_api_for_a_while_is_not_gone_by(
    town: Settings, google: GmailServer
) -> None:
    account = google.add("ana@halden.test")
    for raw in rig.letters(396, 2):
        account.deliver(raw)
    box = rig.connect_gmail(town, google, over=Over.IMAP)
    assert rig.bring(box, budget=0).more
    choose(box, Over.API)
    for copy in list(account.copies)[::7]:
        account.label(copy.id, add=["STARRED"], remove=["UNREAD"])
    assert rig.bring(box, budget=0).more

    choose(box, Over.IMAP)
    rig.bring(box)

    other = rig.connect_gmail(town, google)
    rig.bring(other)
    assert labels_of(box) == labels_of(other)


def labels_of(box: Box) -> list[tuple[Any, ...]]:
    asked = "select uid, labels, flags from copy where workspace_id = %s order by uid"
    return box.ask(asked, box.workspace_id)


@pytest.mark.parametrize("listed", [True, False])
def test_an_admin_may_let_us_read_and_not_in_over_imap(
    town: Settings, google: GmailServer, *, listed: bool
) -> None:
    box = rig.connect_gmail(town, google, over=Over.IMAP)
    scopes = [*ours.READING, *(ours.EVERYTHING if listed else ())]
    key = json.dumps(google.delegate("sync@halden.test", scopes))
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        row.place = {"grant": ours.DELEGATION, **choosing.choice(Over.IMAP)}
        row.secret = Vault(town.vault_keys).seal(key)

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (4, "")
    methods = {call.method for call in google.calls}
    assert ("imap.fetch" in methods) is listed
    assert ("users.messages.get" in methods) is not listed
    ended = choosing.left(box.row())
    assert (ended is None) is listed
