"""What the database knows of a batch: asked for many at once, told for those that exist."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import db, ids
from crm.base.db import Session
from crm.base.settings import Settings
from crm.filing import known
from crm.mail import copies
from crm.mail.letter import Arrival, Unreadable
from crm.mail.models import Message
from crm.people.models import Contact
from crm.workspace.models import User, Workspace
from sync import reading
from tests import make


def test_what_is_stored_or_skipped_is_settled_and_nothing_else(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box)
    arrivals = [
        make.arrival(make.raw(), uid=1),
        Arrival(2, None, make.NOW, skipped="spam"),
        Arrival(3, Unreadable(b"d" * 32, b"raw", "too deep", 3), make.NOW),
        make.arrival(make.raw(), uid=4),
    ]
    make.filed_arrivals(session, box, arrivals)
    copies.mark_gone(session, folder, [4])

    assert known.settled_uids(session, folder, [1, 2, 3, 4, 5]) == {1, 2}
    assert known.settled_uids(session, folder, []) == frozenset()
    folder.uidvalidity = 2
    assert known.settled_uids(session, folder, [1, 2]) == frozenset()


def test_our_circle_holds_users_and_mailboxes(
    session: Session, workspace: Workspace, ana: User
) -> None:
    make.mailbox(session, ana, "ana@gmail.com")

    circle = known.our_circle(session, workspace.id)

    assert circle.addresses == {"ana@halden.test", "ana@gmail.com"}
    assert circle.domains == {"halden.test"}


def test_stored_letters_are_known_by_their_reference(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    one = make.raw(message_id="1@x.test", text="One")
    none = make.raw(message_id=None, text="Without an id")
    make.filed(session, box, one, none, make.raw(message_id="1@x.test", text="Quite another"))
    refs = [known.own_ref(reading.read(raw)) for raw in (one, none)]

    found = known.messages(session, workspace.id, [*refs, ids.new()])

    assert set(found) == set(refs)
    assert [len(found[ref]) for ref in refs] == [2, 1]
    assert found[refs[1]][0].fingerprint == reading.read(none).fingerprint
    wanted = [found[refs[1]][0].id, ids.new()]
    texts = known.texts(session, workspace.id, wanted, longest=20)
    assert [(text.text.strip(), text.sizes) for text in texts.values()] == [("Without an id", [])]
    assert known.texts(session, workspace.id, wanted, longest=5) == {}
    assert known.texts(session, workspace.id, [], longest=20) == {}


def test_letters_without_an_id_are_told_apart_by_their_content() -> None:
    one, other = (reading.read(make.raw(message_id=None, text=t)) for t in ("One", "Other"))

    assert known.own_ref(one) == known.own_ref(one) != known.own_ref(other)


def test_references_keep_their_order() -> None:
    assert known.refs(["a@x", "b@x"]) == [*known.refs(["a@x"]), *known.refs(["b@x"])]
    assert len(set(known.refs(["a@x", "b@x", "A@x"]))) == 3


def test_whose_addresses_are_is_known_with_their_company(
    session: Session, workspace: Workspace, ana: User
) -> None:
    make.filed(session, make.mailbox(session, ana), make.raw("jana@severka.test"))
    jana = session.scalars(select(Contact)).one()

    people = known.people(session, workspace.id, ["jana@severka.test", "nobody@x.test"])

    assert people == {"jana@severka.test": known.KnownPerson(jana.id, jana.company_id)}
    assert known.people(session, workspace.id, []) == {}


def test_what_was_mentioned_leads_to_its_thread(
    session: Session, workspace: Workspace, ana: User
) -> None:
    letter = make.raw(message_id="1@x.test", In_Reply_To="<0@x.test>")
    make.filed(session, make.mailbox(session, ana), letter)
    thread = session.scalars(select(Message.thread_id)).one()
    refs = known.refs(["1@x.test", "0@x.test"])

    mentions = known.mentions(session, workspace.id, [*refs, ids.new()])

    assert mentions == dict.fromkeys(refs, thread)


def lock_and_leave(workspace_id: UUID) -> bool:
    with db.transaction(workspace_id) as session:
        known.lock(session, workspace_id)
        return True


def test_one_transaction_files_at_a_time_and_other_workspaces_do_not_wait(
    house: Settings,
) -> None:
    with db.transaction() as session:
        here = make.workspace(session).id
    there = ids.new()

    with ThreadPoolExecutor(2) as pool, db.transaction(here) as session:
        known.lock(session, here)
        waits, goes = pool.submit(lock_and_leave, here), pool.submit(lock_and_leave, there)
        assert goes.result(timeout=20)
        with pytest.raises(TimeoutError):
            waits.result(timeout=0.3)
        session.rollback()

        assert waits.result(timeout=20)
