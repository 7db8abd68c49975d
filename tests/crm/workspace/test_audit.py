"""The audit log: what was done is told by acts, newest first, and only grows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ForbiddenError
from crm.workspace import audit
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, Source, User
from tests import make


@pytest.fixture
def ana(session: Session) -> User:
    return make.user(session, make.workspace(session), role="admin")


def test_what_was_done_at_once_is_one_act(session: Session, ana: User) -> None:
    record = ids.new()
    done = [
        Done("contact", record, field="title", before="", after="Director"),
        Done("contact", record, field="phone", before="1", after="2", source=Source.SIGNATURE),
    ]

    act = audit.record(session, ana.workspace_id, done, by=ana, at=make.NOW)

    told = audit.of_act(session, ana.workspace_id, act)
    assert [(e.field, e.before, e.after, e.user_id) for e in told] == [
        ("title", "", "Director", ana.id),
        ("phone", "1", "2", ana.id),
    ]
    assert told[1].source == Source.SIGNATURE
    assert audit.of_act(session, ana.workspace_id, ids.new()) == []


def test_a_record_is_paged_newest_first_without_a_gap(session: Session, ana: User) -> None:
    record, other = ids.new(), ids.new()
    for n in range(7):
        at = make.NOW + timedelta(minutes=n)
        done = [Done("deal", one, field="name", after=str(n)) for one in (record, other)]
        audit.record(session, ana.workspace_id, done, by=ana, at=at)

    first = audit.of_record(session, ana.workspace_id, record, size=4)
    second = audit.of_record(session, ana.workspace_id, record, before=first.older, size=4)

    assert [e.after for e in (*first.entries, *second.entries)] == list("6543210")
    assert second.older is None


def test_the_newest_entry_of_each_field_says_where_its_value_comes_from(
    session: Session, ana: User
) -> None:
    record = ids.new()
    for after, source in (("Buyer", Source.MANUAL), ("Director", Source.SIGNATURE)):
        done = [Done("contact", record, field="title", after=after, source=source)]
        audit.record(session, ana.workspace_id, done, by=ana, at=make.NOW)
    made = [Done("contact", record, AuditVerb.MADE)]
    audit.record(session, ana.workspace_id, made, by=None, at=make.NOW)

    found = audit.newest_of_fields(session, ana.workspace_id, [record])

    assert {key: entry.after for key, entry in found.items()} == {(record, "title"): "Director"}


def test_the_whole_is_for_those_who_manage(session: Session, ana: User) -> None:
    sam = make.user(session, make.workspace(session, "Other"), "sam@halden.test", role="manager")

    with pytest.raises(ForbiddenError):
        audit.of_workspace(session, sam)


def test_the_whole_is_paged_as_well(session: Session, ana: User) -> None:
    for n in range(3):
        done = [Done("tag", ids.new(), AuditVerb.MADE, after=str(n))]
        audit.record(session, ana.workspace_id, done, by=ana, at=make.NOW)

    first = audit.of_workspace(session, ana, size=2)
    second = audit.of_workspace(session, ana, before=first.older, size=2)

    assert [e.after for e in (*first.entries, *second.entries)] == list("210")


def test_nothing_done_is_nothing_told(session: Session, ana: User) -> None:
    act = audit.record(session, ana.workspace_id, [], by=ana, at=make.NOW)

    assert audit.of_act(session, ana.workspace_id, act) == []
