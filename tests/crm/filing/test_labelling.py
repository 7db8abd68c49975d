"""Labels follow the mailbox; with them what is read, what is in the bin, and what is to come in."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import labelling
from crm.filing.labelling import Meaning
from crm.mail import folders, messages, visibility
from crm.mail.letter import Arrival, Flag, Unreadable
from crm.mail.models import Copy, CopyState, InboxThread, Mailbox
from crm.workspace.models import User
from sync import ingest, reading
from sync.source import Place
from tests import make


def rule(labels: frozenset[str]) -> str:
    return "trash" if "TRASH" in labels else ""


def flags(labels: frozenset[str]) -> frozenset[Flag]:
    return frozenset() if "UNREAD" in labels else frozenset({Flag.SEEN})


MEANING = Meaning(flags, rule)


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    made = make.mailbox(session, ana)
    arrivals = [
        Arrival(1, reading.read(make.raw()), make.NOW, labels=("INBOX", "UNREAD")),
        ingest.skipped(Place("All Mail", 1, 2), "trash", ("TRASH",)),
        Arrival(3, Unreadable(b"d" * 32, b"x", "too deep", 1), make.NOW, labels=("INBOX",)),
    ]
    make.filed_arrivals(session, made, arrivals)
    return made


def change(session: Session, box: Mailbox, **by_uid: tuple[list[str], list[str]]) -> list[int]:
    [folder] = folders.of_mailbox(session, box).values()
    changes = {int(name[1:]): both for name, both in by_uid.items()}
    return labelling.change(session, box, folder, changes, MEANING, at=make.NOW)


def copies(session: Session, box: Mailbox) -> dict[int, tuple[int, str, str, str]]:
    session.expire_all()
    found = session.scalars(select(Copy).where(Copy.mailbox_id == box.id).order_by(Copy.uid))
    return {c.uid: (c.state, c.rule, c.labels, c.flags) for c in found}


def unread(session: Session, box: Mailbox) -> int | None:
    session.expire_all()
    return session.scalar(select(InboxThread.unseen).where(InboxThread.mailbox_id == box.id))


def test_labels_that_come_and_go_are_taken_over_with_what_they_mean(
    session: Session, box: Mailbox
) -> None:
    before = unread(session, box)

    wanted = change(session, box, u1=(["Label_7"], ["UNREAD"]))

    assert wanted == []
    assert copies(session, box)[1] == (CopyState.STORED, "", "INBOX Label_7", "seen")
    assert (before, unread(session, box)) == (1, 0)


def test_what_goes_into_the_bin_is_skipped_from_then_on_and_its_owner_still_sees_it(
    session: Session, box: Mailbox, ana: User
) -> None:
    message_id = session.scalar(select(Copy.message_id).where(Copy.uid == 1))

    change(session, box, u1=(["TRASH"], ["INBOX"]))

    assert copies(session, box)[1] == (CopyState.SKIPPED, "trash", "TRASH UNREAD", "")
    viewer = visibility.viewer(session, ana)
    assert messages.get(session, viewer, message_id).message.subject == "Hello"
    assert unread(session, box) == 1

    change(session, box, u1=(["INBOX"], ["TRASH"]))

    assert copies(session, box)[1][:2] == (CopyState.STORED, "")


def test_what_comes_out_of_the_bin_and_was_never_kept_is_to_be_fetched(
    session: Session, box: Mailbox
) -> None:
    assert change(session, box, u2=(["INBOX"], ["TRASH"])) == [2]

    assert 2 not in copies(session, box)


def test_a_letter_in_quarantine_stays_there(session: Session, box: Mailbox) -> None:
    assert change(session, box, u3=(["TRASH"], [])) == []

    assert copies(session, box)[3][:3] == (CopyState.FAILED, "", "INBOX TRASH")


def test_what_the_ledger_does_not_have_is_passed_over(session: Session, box: Mailbox) -> None:
    before = copies(session, box)

    assert change(session, box, u77=(["INBOX"], [])) == []

    assert copies(session, box) == before


def test_a_listing_of_a_label_tells_where_it_came_and_where_it_went(
    session: Session, box: Mailbox
) -> None:
    [folder] = folders.of_mailbox(session, box).values()

    def ask(uids: list[int], above: int = -1, upto: int = 99) -> dict[int, Any]:
        return labelling.differing(session, folder, "INBOX", uids, above=above, upto=upto)

    assert ask([1, 2]) == {2: (["INBOX"], []), 3: ([], ["INBOX"])}
    assert ask([1, 3]) == {}
    assert ask([1, 3, 77]) == {}  # The ledger has no 77.
    assert ask([2], upto=2) == {1: ([], ["INBOX"]), 2: (["INBOX"], [])}
    assert ask([2], above=1, upto=2) == {2: (["INBOX"], [])}
    assert labelling.borne(session, folder) == {"INBOX", "UNREAD", "TRASH"}
