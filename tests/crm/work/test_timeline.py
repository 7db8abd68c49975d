"""The timeline: pages of any size join to the whole, whoever looks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.base import bulk, ids
from crm.base.db import Session, table
from crm.base.errors import NotFoundError
from crm.base.ids import EVERYONE
from crm.filing import adding
from crm.mail import visibility
from crm.mail.visibility import Viewer
from crm.work import notes, timeline
from crm.work.models import Activity, ActivityKind, ActivityLink, LinkRule, Record
from crm.work.timeline import Page
from crm.workspace.models import User, Workspace
from tests import make

#: Lines: minutes ago, and for whom of everyone, two mailboxes of the viewer's and a stranger's.
LINES = st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(0, 3), min_size=1)), max_size=25)


def write(
    session: Session, workspace: Workspace, lines: list[tuple[int, set[int]]], audiences: list[UUID]
) -> tuple[UUID, list[tuple[object, UUID]]]:
    """Write a timeline; return its record and what the audiences but the last may see of it."""
    record = ids.new()
    made = ids.many(len(lines))
    at = [make.NOW - timedelta(minutes=minutes) for minutes, _ in lines]
    bulk.insert(
        session,
        table(Activity),
        workspace.id,
        ("id", "kind", "at", "summary"),
        [(id_, ActivityKind.NOTE, when, "") for id_, when in zip(made, at, strict=True)],
    )
    columns = ("record_id", "audience", "at", "activity_id", "record", "rule", "since")
    bulk.insert(
        session,
        table(ActivityLink),
        workspace.id,
        columns,
        [
            (record, audiences[n], when, id_, Record.CONTACT, LinkRule.MANUAL, make.NOW)
            for id_, when, (_, which) in zip(made, at, lines, strict=True)
            for n in which
        ],
    )
    shown = [
        (when, id_)
        for id_, when, (_, which) in zip(made, at, lines, strict=True)
        if which - {len(audiences) - 1}
    ]
    return record, sorted(shown, reverse=True)


def pages(session: Session, viewer: Viewer, record: UUID, size: int) -> list[Page]:
    found = [timeline.page(session, viewer, record, size=size)]
    while (mark := found[-1].older) is not None and len(found) < 100:
        found.append(timeline.page(session, viewer, record, before=mark, size=size))
    return found


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(LINES, st.integers(1, 7))
def test_pages_of_any_size_join_to_the_whole_without_gap_or_repeat(
    session: Session, lines: list[tuple[int, set[int]]], size: int
) -> None:
    workspace = make.workspace(session)
    user = make.user(session, workspace)
    mine = [make.mailbox(session, user, f"{n}@halden.test").id for n in range(2)]
    viewer = visibility.viewer(session, user)
    record, shown = write(session, workspace, lines, [EVERYONE, *mine, ids.new()])

    found = pages(session, viewer, record, size)

    assert [(entry.at, entry.id) for page in found for entry in page.entries] == shown
    assert all(len(page.entries) == size for page in found[:-1])
    assert timeline.count(session, viewer, record) == len(shown)
    assert timeline.count(session, viewer, record, most=3) == min(len(shown), 4)


def test_what_is_written_between_two_pages_neither_shifts_nor_repeats_them(
    session: Session, workspace: Workspace, ana: User
) -> None:
    record = adding.add_contact(session, "jana@severka.test", name="Jana", by=ana, at=make.NOW).id
    for minutes in range(4):
        record_note(session, ana, record, f"{minutes}", minutes)
    viewer = visibility.viewer(session, ana)
    first = timeline.page(session, viewer, record, size=2)

    record_note(session, ana, record, "new", -1)
    second = timeline.page(session, viewer, record, before=first.older, size=2)

    assert [e.summary for e in (*first.entries, *second.entries)] == ["0", "1", "2", "3"]
    assert second.older is None


def record_note(session: Session, by: User, record: UUID, summary: str, minutes: int) -> Activity:
    return timeline.record(
        session,
        ActivityKind.NOTE,
        by=by,
        at=make.NOW - timedelta(minutes=minutes),
        summary=summary,
        on=[(Record.CONTACT, record)],
    )


def test_what_somebody_did_stands_on_each_record_once_for_everyone_to_see(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test", role="reader")
    jana = adding.add_contact(session, "jana@severka.test", name="Jana", by=ana, at=make.NOW)
    contact, company = jana.id, jana.company_id
    assert company is not None
    on = [(Record.CONTACT, contact), (Record.COMPANY, company), (Record.CONTACT, contact)]

    timeline.record(
        session,
        ActivityKind.CALL,
        by=ana,
        at=make.NOW,
        summary="Called",
        on=on,
        rule=LinkRule.MANUAL,
    )

    for record in (contact, company):
        [entry] = timeline.page(session, visibility.viewer(session, sam), record).entries
        assert (entry.kind, entry.summary, entry.who) == (ActivityKind.CALL, "Called", "Ana Kovač")
        assert (entry.message_id, entry.rfc_id, entry.automatic) == (None, "", False)
        assert (entry.rule, entry.since) == (LinkRule.MANUAL, make.NOW)


def test_what_is_done_to_somebody_elses_record_is_not_told(
    session: Session, workspace: Workspace, ana: User
) -> None:
    other = make.workspace(session, "Other")
    eva = make.user(session, other, "eva@other.test", role="admin")
    theirs = adding.add_contact(session, "jana@severka.test", name="Jana", by=eva, at=make.NOW).id

    with pytest.raises(NotFoundError, match="no such record"):
        record_note(session, ana, theirs, "Hello", 0)
    with pytest.raises(NotFoundError, match="no such record"):
        timeline.record(
            session,
            ActivityKind.CALL,
            by=eva,
            at=make.NOW,
            summary="Called",
            on=[(Record.COMPANY, theirs)],
        )


def test_a_mark_is_written_with_its_moment_to_the_microsecond() -> None:
    mark = timeline.Mark(make.NOW + timedelta(microseconds=1), EVERYONE)

    assert str(mark).split(".")[1:] == ["000001", "0" * 32]


def test_a_line_of_a_machine_says_so(session: Session, workspace: Workspace, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.filed(session, box, make.raw("jana@severka.test"))
    away = make.raw("jana@severka.test", Auto_Submitted="auto-replied", subject="Away")
    make.filed(session, box, away)
    record = session.scalars(
        select(ActivityLink.record_id).where(ActivityLink.record == Record.CONTACT).distinct()
    ).one()

    entries = timeline.page(session, visibility.viewer(session, ana), record).entries

    assert {entry.summary: entry.automatic for entry in entries} == {"Hello": False, "Away": True}


def test_a_note_and_a_message_stand_on_one_timeline_in_their_order(
    session: Session, workspace: Workspace, ana: User
) -> None:
    make.filed(session, make.mailbox(session, ana), make.raw("jana@severka.test"))
    record = session.scalars(
        select(ActivityLink.record_id).where(ActivityLink.record == Record.CONTACT)
    ).one()

    for hours in (-1, 1):
        at = make.NOW + timedelta(hours=hours)
        notes.write(session, f"Note {hours}", by=ana, at=at, on=[(Record.CONTACT, record)])

    entries = timeline.page(session, visibility.viewer(session, ana), record).entries
    assert [entry.summary for entry in entries] == ["Note 1", "Hello", "Note -1"]


def test_when_something_was_last_said_is_what_the_viewer_may_see(session, workspace, ana):
    mine, theirs = ids.new(), ids.new()
    seen, _ = write(session, workspace, [(5, {0}), (3, {1}), (1, {2})], [EVERYONE, mine, theirs])
    hidden, _ = write(session, workspace, [(2, {2})], [EVERYONE, mine, theirs])
    viewer = Viewer(ana, (mine,))

    found = timeline.last_of(session, viewer, [seen, hidden, ids.new()], at=make.NOW)

    assert found == {seen: make.NOW - timedelta(minutes=3)}
    assert timeline.last_of(session, viewer, [], at=make.NOW) == {}


def test_a_name_in_doubt_is_not_said_and_what_was_written_begins_below(session, ana):
    mailbox = make.mailbox(session, ana)
    raw = make.raw(sender='"Sam <sam@halden.test>" <x@evil.test>', text="Buy gift cards")
    make.filed(session, mailbox, raw)
    viewer = visibility.viewer(session, ana)
    contact = adding.add_contact(session, "x@evil.test", by=ana, at=make.NOW)

    [entry] = timeline.page(session, viewer, contact.id).entries

    assert (entry.who, entry.in_doubt, entry.snippet) == ("x@evil.test", True, "Buy gift cards")
