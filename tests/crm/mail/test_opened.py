"""An open message of Gmail is looked for in the mailboxes of whoever looks, by a number."""

from __future__ import annotations

from typing import Any

import pytest

from crm.base.db import Session
from crm.mail import opened
from crm.mail.letter import Arrival, Unreadable
from crm.mail.models import Mailbox, MailboxKind, MailboxState
from crm.mail.opened import NOBODYS, Fate, Opened
from crm.workspace.models import User, Workspace
from tests import make


def gmail(session: Session, user: User, address: str = "", **values: Any) -> Mailbox:
    return make.mailbox(session, user, address, kind=MailboxKind.GMAIL, **values)


def filed(session: Session, box: Mailbox, uid: int, **more: Any) -> Any:
    arrivals = [make.arrival(make.raw(**more), uid=uid)]
    return make.filed_arrivals(session, box, arrivals, folder_name="All Mail").new


@pytest.mark.parametrize(
    ("name", "uid"),
    [
        ("msg-f:1847000000000000001", 1847000000000000001),
        ("msg-f:9223372036854775807", 2**63 - 1),
        ("18c2f0a1b2c3d4e5", 0x18C2F0A1B2C3D4E5),
        ("msg-f:9223372036854775808", NOBODYS),
        ("8000000000000000", NOBODYS),
        ("msg-f:0", NOBODYS),
        ("0", NOBODYS),
        ("", NOBODYS),
        ("msg-a:r123", NOBODYS),
        ("thread-f:1847", NOBODYS),
        ("msg-f:1847 ", NOBODYS),
        ("msg-f:1847\n", NOBODYS),
        ("MSG-F:1847", NOBODYS),
        ("18C2F0A1B2C3D4E5", NOBODYS),
        ("msg-f:١٨٤٧", NOBODYS),
        ("msg-f:" + "1" * 5000, NOBODYS),
        ("f" * 5000, NOBODYS),
    ],
)
def test_an_events_id_is_a_number_or_nobodys(name: str, uid: int) -> None:
    assert opened.number(name) == uid


def test_what_the_ledger_says_of_an_open_message(session: Session, ana: User) -> None:
    box = gmail(session, ana)
    [message_id] = filed(session, box, 7)
    make.filed_arrivals(
        session,
        box,
        [
            Arrival(8, None, make.NOW, skipped="spam"),
            Arrival(9, Unreadable(b"d" * 32, b"raw", "too deep", 3), make.NOW),
        ],
        folder_name="All Mail",
    )

    def said(uid: int) -> Opened | None:
        place = opened.find(session, ana, uid)
        assert place is not None
        return place.opened

    assert said(7) == Opened(Fate.FILED, message_id, "", ana.email)
    assert said(8) == Opened(Fate.LEFT_OUT, rule="spam", address=ana.email)
    assert said(9) == Opened(Fate.UNREAD, address=ana.email)
    assert said(10) is None
    assert said(NOBODYS) is None


def test_what_went_into_the_bin_after_it_was_filed_is_still_known(
    session: Session, ana: User
) -> None:
    [message_id] = filed(session, gmail(session, ana), 7)
    session.connection().exec_driver_sql("update copy set state = 2, rule = 'trash'")

    place = opened.find(session, ana, 7)

    assert place is not None
    assert place.opened == Opened(Fate.FILED, message_id, "trash", ana.email)


def test_a_colleagues_mailbox_is_not_asked(
    session: Session, workspace: Workspace, ana: User
) -> None:
    bo = make.user(session, workspace, "bo@halden.test")
    filed(session, gmail(session, bo), 7)

    assert opened.find(session, ana, 7) is None
    assert opened.find(session, ana, 7, address=bo.email) is None


def test_the_ids_of_a_mailbox_that_is_not_gmails_say_nothing(session: Session, ana: User) -> None:
    filed(session, make.mailbox(session, ana), 7)

    place = opened.find(session, ana, 7)

    assert place is not None
    assert (place.gmail, place.opened) == (False, None)


def test_only_the_mailbox_that_is_open_counts_where_google_says_which(
    session: Session, ana: User
) -> None:
    mine = gmail(session, ana)
    filed(session, mine, 7)
    other = gmail(session, ana, "ana@other.test", place={"aliases": ["sales@other.test"]})

    assert opened.find(session, ana, 8) is None, "either may be"
    for address in ("ana@other.test", "ANA@Other.test", "sales@other.test"):
        place = opened.find(session, ana, 7, address=address)
        assert place is not None
        assert (place.mailbox_id, place.opened) == (other.id, None)
    assert opened.find(session, ana, 7, address="else@other.test") is None
    place = opened.find(session, ana, 7)
    assert place is not None
    assert place.mailbox_id == mine.id


@pytest.mark.parametrize("state", [MailboxState.PAUSED, MailboxState.NEEDS_LOGIN])
def test_a_mailbox_that_is_not_read_says_so(
    session: Session, ana: User, state: MailboxState
) -> None:
    gmail(session, ana, state=state)

    place = opened.find(session, ana, 7)

    assert place is not None
    assert place.stopped
