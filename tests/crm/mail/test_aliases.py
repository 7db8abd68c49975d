"""A mailbox's other addresses: noted, and asked for again at times and after another login."""

from __future__ import annotations

from datetime import timedelta

from crm.base.db import Session
from crm.filing import known
from crm.mail import aliases, mailboxes
from crm.workspace.models import User
from tests import make


def test_they_are_ours_from_then_on(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    aliases.note(session, box, ["ana@brand.test", "no address", "ana@brand.test"], at=make.NOW)

    assert box.place["aliases"] == ["ana@brand.test"]
    assert box.place["path"] == "/nowhere"
    assert known.our_circle(session, box.workspace_id).holds("ana@brand.test")


def test_they_are_asked_for_once_an_hour_and_after_another_login(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    assert aliases.are_due(box, make.NOW)

    aliases.note(session, box, [], at=make.NOW)

    assert not aliases.are_due(box, make.NOW + timedelta(minutes=59))
    assert aliases.are_due(box, make.NOW + timedelta(minutes=60))
    mailboxes.resume(session, box, by=ana, at=make.NOW)
    assert not aliases.are_due(box, make.NOW)
    mailboxes.resume(session, box, secret=b"new", by=ana, at=make.NOW)
    assert aliases.are_due(box, make.NOW)
