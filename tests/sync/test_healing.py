"""What is broken on either side, the next looks mend: nothing is lost and nothing is doubled."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.base.settings import Settings
from sync import ledger
from tests.servers.dovecot import Dovecot
from tests.sync import rig
from tests.sync.rig import Box

LOGIN = "healing"
COUNT = 60


def rows_are_deleted(box: Box, _server: Dovecot, dice: random.Random) -> None:
    """Take copies out of the ledger, and all that is known of what was brought in."""
    uids = dice.sample(range(1, COUNT, 2), COUNT // 3)
    box.ask("delete from copy where mailbox_id = %s and uid = any(%s)", box.id, uids)
    box.ask("delete from stretch where workspace_id = %s", box.workspace_id)


def a_folder_is_forgotten(box: Box, _server: Dovecot, _dice: random.Random) -> None:
    """Take a folder with all of its account out of the ledger."""
    box.ask("delete from folder where mailbox_id = %s and name = 'Sent'", box.id)


def mail_is_expunged(_box: Box, server: Dovecot, dice: random.Random) -> None:
    """Delete letters on the server, the newest among them, and none whose row may be gone too."""
    server.expunge(LOGIN, [*dice.sample(range(2, COUNT, 2), COUNT // 4), COUNT])


def a_folder_is_renamed(_box: Box, server: Dovecot, _dice: random.Random) -> None:
    """Rename a folder on the server, as people do."""
    with server.connect(LOGIN) as client:
        assert client.rename("Projects", "Old/Projects")[0] == "OK"


def uidvalidity_changes(_box: Box, server: Dovecot, _dice: random.Random) -> None:
    """Give all numbers anew, as a server does that was restored."""
    server.set_uidvalidity(LOGIN, 77)
    server.set_uidvalidity(LOGIN, 78, "Sent")


BREAKS: tuple[Callable[[Box, Dovecot, random.Random], None], ...] = (
    rows_are_deleted,
    a_folder_is_forgotten,
    mail_is_expunged,
    a_folder_is_renamed,
    uidvalidity_changes,
)


@pytest.fixture
def box(town: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Box:
    """Take in a mailbox of several folders; from then on a look is an hour after the one before."""
    letters = rig.letters(COUNT + 30, seed=11)
    rig.deliver(dovecot, LOGIN, letters[:COUNT])
    rig.deliver(dovecot, LOGIN, letters[COUNT : COUNT + 15], "Sent")
    rig.deliver(dovecot, LOGIN, letters[COUNT + 15 :], "Projects")
    rig.deliver(dovecot, LOGIN, letters[:5], "Projects")  # A second copy of what lies in INBOX.
    box = rig.connect(town, dovecot.port, LOGIN)
    rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, LOGIN))
    monkeypatch.setattr(ledger, "EVERY", timedelta(0))
    return box


def known(box: Box) -> list[tuple[object, ...]]:
    """Return what people see of the mail: messages, threads, and lines on timelines."""
    return box.ask(
        "select m.id, m.rfc_id, m.thread_id, array(select record_id from activity_link l"
        "   join activity a on a.workspace_id = l.workspace_id and a.id = l.activity_id"
        "   where a.workspace_id = m.workspace_id and a.message_id = m.id order by 1)"
        " from message m where m.workspace_id = %s order by 1",
        box.workspace_id,
    )


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda one: one.__name__)
def test_what_is_broken_is_mended_and_people_see_the_same(
    box: Box, dovecot: Dovecot, breaks: Callable[[Box, Dovecot, random.Random], None]
) -> None:
    before = known(box)

    breaks(box, dovecot, random.Random(1))
    for _ in range(2):
        assert rig.bring(box).trouble == ""

    rig.assert_exact(box, rig.served(dovecot, LOGIN))
    assert known(box) == before


@pytest.mark.parametrize("seed", range(3))
def test_all_of_it_at_once_is_mended_too(box: Box, dovecot: Dovecot, seed: int) -> None:
    before, dice = known(box), random.Random(seed)
    broken = [one for one in BREAKS if one is not uidvalidity_changes]

    for one in (*dice.sample(broken, len(broken)), uidvalidity_changes):
        one(box, dovecot, dice)
    for _ in range(2):
        assert rig.bring(box).trouble == ""

    rig.assert_exact(box, rig.served(dovecot, LOGIN))
    assert known(box) == before
