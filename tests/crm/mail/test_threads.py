"""Threads: who asks for one that went into another finds where its messages are."""

from __future__ import annotations

from crm.base import bulk, ids
from crm.base.db import Session
from crm.mail import threads
from crm.workspace.models import User
from tests import make


def test_a_thread_is_followed_to_where_it_went_however_often(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.filed(session, box, *(make.raw(subject=f"{number}") for number in range(3)))
    one, two, three = bulk.run(session, "select id from thread order by id", ()).scalars()
    for gone, into in ((one, two), (two, three)):
        bulk.run(session, "update thread set merged_into = %s where id = %s", (into, gone))

    assert [threads.living(session, ana.workspace_id, t) for t in (one, two, three)] == [three] * 3
    assert threads.living(session, ana.workspace_id, ids.new()) is None
