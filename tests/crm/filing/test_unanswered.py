"""Letters that ask programs to answer or to fetch: nothing is written, and nothing is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from crm.mail.models import Message, Outgoing
from tests import make

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.workspace.models import User

INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:boots-1@acme.test
DTSTART:20250512T080000Z
SUMMARY:Boots
ORGANIZER:mailto:jana@severka.test
ATTENDEE;RSVP=TRUE:mailto:ana@halden.test
END:VEVENT
END:VCALENDAR"""

ASKING = {
    "a read receipt": {
        "Disposition_Notification_To": "jana@severka.test",
        "Return_Receipt_To": "jana@severka.test",
        "X_Confirm_Reading_To": "jana@severka.test",
    },
    "a click that unsubscribes": {
        "List_Unsubscribe": "<https://elsewhere.test/off?1>, <mailto:off@elsewhere.test>",
        "List_Unsubscribe_Post": "List-Unsubscribe=One-Click",
    },
    "a body that is elsewhere": {
        "Content_Location": "https://elsewhere.test/body",
        "X_Body": "https://elsewhere.test/body",
    },
}


@pytest.mark.parametrize("what", sorted(ASKING))
def test_no_answer_is_written_to_a_letter_that_asks_for(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    _cut_off(monkeypatch)
    box = make.mailbox(session, ana)

    make.filed(session, box, make.raw(**ASKING[what]))

    assert session.scalar(select(func.count()).select_from(Message)) == 1
    assert session.scalar(select(func.count()).select_from(Outgoing)) == 0


def test_an_invitation_is_answered_by_nobody_but_a_person(
    session: Session, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cut_off(monkeypatch)
    box = make.mailbox(session, ana)
    raw = make.raw(text=INVITATION).replace(b"text/plain", b"text/calendar; method=REQUEST")

    make.filed(session, box, raw)

    assert session.scalar(select(func.count()).select_from(Message)) == 1
    assert session.scalar(select(func.count()).select_from(Outgoing)) == 0


def _cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> None:
        raise AssertionError("a letter was to be asked about")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
