"""A contact that is met later: the same timeline as one that was there first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import adding, pulling
from crm.mail import copies, visibility
from crm.mail.models import Message, Shares
from crm.people import contacts
from crm.people.models import Company, Contact
from crm.work import timeline
from crm.workspace.models import User, Workspace
from tests import make

JANA = "jana@severka.test"
HOUR = timedelta(hours=1)

#: Letters in which Jana may stand: sender, to, cc, and whether a machine sent them.
LETTERS = st.lists(
    st.sampled_from(
        [
            (JANA, "ana@halden.test", "", ""),
            (JANA, "list@lists.test", "", ""),
            ("ana@halden.test", JANA, "", ""),
            ("ana@halden.test", "bo@halden.test", JANA, ""),
            ("eva@severka.test", "ana@halden.test", JANA, ""),
            ("eva@severka.test", JANA, "ana@halden.test", ""),
            ("shop@zinc.test", JANA, "", "auto-generated"),
            (JANA, "ana@halden.test", "", "auto-replied"),
            ("eva@severka.test", "ana@halden.test", "", ""),
        ]
    ),
    min_size=1,
    max_size=6,
)


def live(
    session: Session, letters: list[tuple[str, str, str, str]], level: Shares, *, first: bool
) -> object:
    """File letters with Jana known before, or met after; return what is known of her then."""
    workspace = make.workspace(session)
    ana = make.user(session, workspace, "ana@halden.test")
    box = make.mailbox(session, ana, shares=level, meets="nobody")
    if first:
        adding.add_contact(session, JANA, name="Jana", by=ana, at=make.NOW)
    for number, (sender, to, cc, automatic) in enumerate(letters):
        headers = {"Cc": cc} if cc else {}
        if automatic:
            headers["Auto_Submitted"] = automatic
        at = make.NOW + number * HOUR
        make.filed(session, box, make.raw(sender, to, f"{number}", at=at, **headers))
    if not first:
        adding.add_contact(session, JANA, name="Jana", by=ana, at=make.NOW)
    return known_of_jana(session, workspace, ana)


def known_of_jana(session: Session, workspace: Workspace, ana: User) -> object:
    session.expire_all()
    sam = make.user(session, workspace, "sam@halden.test")
    jana = contacts.get_named(session, ana, JANA)
    assert jana.company_id is not None
    lines = {
        (who.email, name): [
            (e.summary, e.at, e.rule, e.seen, e.automatic)
            for e in timeline.page(session, visibility.viewer(session, who), record).entries
        ]
        for who in (ana, sam)
        for name, record in (("jana", jana.id), ("severka", jana.company_id))
    }
    unfiled = session.execute(
        select(Message.subject, Message.unfiled)
        .where(Message.workspace_id == workspace.id)
        .order_by(Message.subject)
    )
    return lines, [tuple(row) for row in unfiled], jana.last_in_at, jana.last_out_at


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(LETTERS, st.sampled_from(Shares))
def test_it_makes_no_difference_whether_a_contact_was_met_before_or_after(
    session: Session, letters: list[tuple[str, str, str, str]], level: Shares
) -> None:
    assert live(session, letters, level, first=False) == live(session, letters, level, first=True)


def test_pulling_in_counts_messages_and_does_nothing_twice(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana, meets="nobody")
    make.filed(session, box, make.raw(JANA), make.raw(JANA, Cc=JANA), make.raw("bo@x.test"))
    jana = adding.add_contact(session, JANA, by=ana, at=make.NOW)
    other = adding.add_contact(session, "eva@severka.test", by=ana, at=make.NOW)

    again = pulling.pull_in(session, workspace.id, {JANA: jana.id}, since=make.NOW)
    moved = pulling.pull_in(session, workspace.id, {JANA: other.id}, since=make.NOW)
    none = pulling.pull_in(session, workspace.id, {}, since=make.NOW)

    assert (again, moved, none) == (0, 2, 0)


@pytest.mark.parametrize("level", Shares)
def test_what_the_server_no_longer_has_is_pulled_in_too(
    session: Session, workspace: Workspace, ana: User, level: Shares
) -> None:
    box = make.mailbox(session, ana, shares=level, meets="nobody")
    make.filed_arrivals(session, box, [make.arrival(make.raw(JANA), uid=1)])
    copies.mark_gone(session, make.folder(session, box), [1])

    jana = adding.add_contact(session, JANA, by=ana, at=make.NOW)

    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert [entry.summary for entry in page.entries] == ["Hello"]


def test_a_letter_in_a_second_mailbox_lets_it_meet_whom_the_first_did_not(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    letter = make.raw(JANA, to="ana@halden.test, sam@halden.test")
    make.filed(session, make.mailbox(session, ana, meets="nobody"), letter)
    assert session.scalars(select(Contact)).all() == []

    make.filed(session, make.mailbox(session, sam), letter)

    jana = contacts.find_by_email(session, sam, JANA)
    assert jana is not None
    assert timeline.count(session, visibility.viewer(session, sam), jana.id) == 1
    assert session.scalars(select(Company.name)).all() == ["Severka"]
