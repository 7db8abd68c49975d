"""Who may see what of a message: a table of what a mailbox shares, and who looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import StatementError

from crm.base.db import Session
from crm.base.errors import NotFoundError
from crm.base.ids import EVERYONE
from crm.filing import linking
from crm.mail import copies, inbox, messages, visibility
from crm.mail.models import Message, Shares
from crm.mail.visibility import Viewer
from crm.people.models import Contact
from crm.work import links, timeline
from crm.workspace.models import User, Workspace
from tests import make

LETTER = make.raw(
    "Jana <jana@severka.test>", subject="The price", text="Steel at 900", message_id="1@s.test"
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer sees of the one letter there is, everywhere it could show."""

    get: tuple[str, str, bool] | None  # subject, snippet, whether the text may be read
    timeline: tuple[str, str, str] | None  # summary, who, Message-ID
    found: tuple[bool, bool, bool]  # by its Message-ID, in its thread, by a word in it
    count: int
    links: int


SIGHTS = {
    Shares.NOTHING: Sight(None, None, (False, False, False), 0, 0),
    Shares.HAPPENED: Sight(("", "", False), ("", "Jana", ""), (False, True, False), 1, 2),
    Shares.HEADERS: Sight(
        ("The price", "", False), ("The price", "Jana", "1@s.test"), (True, True, False), 1, 2
    ),
    Shares.EVERYTHING: Sight(
        ("The price", "Steel at 900", True),
        ("The price", "Jana", "1@s.test"),
        (True, True, True),
        1,
        2,
    ),
}


def look(session: Session, viewer: Viewer) -> Sight:
    message = session.scalars(select(Message)).one()
    contact = session.scalars(select(Contact)).one()
    try:
        seen = messages.get(session, viewer, message.id)
        got = (seen.subject, seen.snippet, messages.body(session, seen) is not None)
    except NotFoundError:
        got = None
    try:
        named = bool(messages.named(session, viewer, "<1@s.test>"))
    except NotFoundError:
        named = False
    entries = timeline.page(session, viewer, contact.id).entries
    return Sight(
        got,
        (entries[0].summary, entries[0].who, entries[0].rfc_id) if entries else None,
        (
            named,
            bool(messages.of_thread(session, viewer, message.thread_id)),
            bool(inbox.search(session, viewer, "steel").rows),
        ),
        timeline.count(session, viewer, contact.id),
        len(links.of_message(session, viewer, message.id)),
    )


def thread(session: Session) -> UUID:
    return session.scalars(select(Message.thread_id).distinct()).one()


def choose(session: Session, user: User, choice: Shares | None) -> None:
    viewer = visibility.viewer(session, user)
    message = session.scalars(select(Message)).one()
    ids = inbox.choose_shares(session, viewer, message.thread_id, choice)
    linking.share(session, user.workspace_id, ids)


@pytest.mark.parametrize(("level", "choice"), list(product(Shares, (None, *Shares))))
def test_a_colleague_sees_what_the_mailbox_or_its_owner_allows_and_the_owner_all(
    session: Session, workspace: Workspace, ana: User, level: Shares, choice: Shares | None
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    make.filed(session, make.mailbox(session, ana, shares=level), LETTER)

    choose(session, ana, choice)

    allowed = level if choice is None else choice
    assert look(session, visibility.viewer(session, sam)) == SIGHTS[allowed]
    assert look(session, visibility.viewer(session, ana)) == SIGHTS[Shares.EVERYTHING]
    own = inbox.own_choices(session, visibility.viewer(session, ana), thread(session))
    assert own == [choice]


@pytest.mark.parametrize(("one", "other"), list(product(Shares, Shares)))
def test_the_most_open_mailbox_decides_and_whoever_has_a_copy_sees_it_all(
    session: Session, workspace: Workspace, ana: User, one: Shares, other: Shares
) -> None:
    bo = make.user(session, workspace, "bo@halden.test")
    sam = make.user(session, workspace, "sam@halden.test")

    make.filed(session, make.mailbox(session, ana, shares=one), LETTER)
    make.filed(session, make.mailbox(session, bo, shares=other), LETTER)

    assert look(session, visibility.viewer(session, sam)) == SIGHTS[max(one, other)]
    for owner in (ana, bo):
        assert look(session, visibility.viewer(session, owner)) == SIGHTS[Shares.EVERYTHING]


@pytest.mark.parametrize("level", Shares)
def test_what_the_server_no_longer_has_shows_as_before(
    session: Session, workspace: Workspace, ana: User, level: Shares
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    box = make.mailbox(session, ana, shares=level)
    make.filed_arrivals(session, box, [make.arrival(LETTER, uid=1)])

    copies.mark_gone(session, make.folder(session, box), [1])

    assert look(session, visibility.viewer(session, sam)) == SIGHTS[level]
    assert look(session, visibility.viewer(session, ana)) == SIGHTS[Shares.EVERYTHING]


@pytest.mark.parametrize("choice", Shares)
def test_what_the_server_no_longer_has_can_still_be_made_private_or_open(
    session: Session, workspace: Workspace, ana: User, choice: Shares
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    box = make.mailbox(session, ana)
    make.filed_arrivals(session, box, [make.arrival(LETTER, uid=1)])
    copies.mark_gone(session, make.folder(session, box), [1])

    choose(session, ana, choice)

    assert look(session, visibility.viewer(session, sam)) == SIGHTS[choice]
    assert look(session, visibility.viewer(session, ana)) == SIGHTS[Shares.EVERYTHING]


@pytest.mark.parametrize("choice", Shares)
def test_a_later_letter_of_a_thread_follows_the_choice(
    session: Session, workspace: Workspace, ana: User, choice: Shares
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    box = make.mailbox(session, ana)
    make.filed(session, box, LETTER)
    choose(session, ana, choice)

    make.filed(session, box, make.raw("Jana <jana@severka.test>", In_Reply_To="<1@s.test>"))

    jana = session.scalars(select(Contact)).one()
    viewer = visibility.viewer(session, sam)
    assert {m.level for m in messages.of_thread(session, viewer, thread(session))} == (
        {choice} if choice else set()
    )
    assert timeline.count(session, viewer, jana.id) == (2 if choice else 0)


def test_a_viewer_belongs_to_everyone_and_to_mailboxes_of_their_own(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    mine = make.mailbox(session, ana)
    make.mailbox(session, sam)

    viewer = visibility.viewer(session, ana)

    assert viewer.mailboxes == (mine.id,)
    assert viewer.audiences == [EVERYONE, mine.id]
    assert viewer.workspace_id == workspace.id


def test_counts_tell_nothing_of_what_is_hidden(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    hidden = make.mailbox(session, ana, shares=Shares.NOTHING)
    make.filed(session, make.mailbox(session, sam), LETTER)
    before = everything_counted(session, sam)

    make.filed(session, hidden, *[make.raw("Jana <jana@severka.test>") for _ in range(3)])

    assert everything_counted(session, sam) == before


def everything_counted(session: Session, user: User) -> list[object]:
    viewer = visibility.viewer(session, user)
    jana = session.scalars(select(Contact)).one()
    assert jana.company_id is not None
    return [
        timeline.count(session, viewer, jana.id),
        timeline.count(session, viewer, jana.company_id),
        inbox.counts(session, viewer),
        len(inbox.search(session, viewer, "jana").rows),
        len(inbox.page(session, viewer).rows),
    ]


@pytest.mark.parametrize(("least", "seen"), [(s, s <= Shares.HEADERS) for s in list(Shares)[1:]])
def test_a_condition_asks_for_at_least_so_much(
    session: Session, workspace: Workspace, ana: User, least: Shares, seen: bool
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    make.filed(session, make.mailbox(session, ana, shares=Shares.HEADERS), LETTER)
    viewer = visibility.viewer(session, sam)

    asked = visibility.values(viewer)
    found = session.scalars(select(Message.id).where(visibility.of(least)), asked).all()

    assert bool(found) is seen
    values = select(visibility.level(), visibility.has_copy()).select_from(Message)
    level = session.execute(values, asked).one()
    assert tuple(level) == (Shares.HEADERS, False)


@pytest.mark.parametrize("condition", [visibility.of, visibility.level, visibility.has_copy])
def test_a_condition_without_whoever_asks_shows_nothing(
    session: Session, condition: Callable[[], ColumnElement[object]]
) -> None:
    with pytest.raises(StatementError, match="value is required for bind parameter"):
        session.execute(select(Message.id, condition()))
