"""The inbox: threads of the viewer's own mailboxes, newest first, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from crm.base import bulk
from crm.base.db import among, table
from crm.base.errors import ForbiddenError, NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import visibility
from crm.mail.letter import Flag
from crm.mail.models import HELD, Copy, Direction, InboxThread, Message, Shares, Turn
from crm.mail.searching import searchable

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.mail.visibility import Viewer


#: So many threads a search lists.
FOUND = 50

_FIND = "select id, rank from find_messages(%s, %s::uuid[], %s)"
_FOUND = select(Message).where(
    Message.id == any_(bindparam("message_ids", type_=ARRAY(Uuid()))),
    visibility.of(Shares.EVERYTHING),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of the inbox ends."""

    at: datetime
    thread_id: UUID


@dataclass(frozen=True, slots=True)
class Row:
    """A thread as the inbox lists it, with its newest message."""

    thread_id: UUID
    last_at: datetime
    messages: int
    unseen: int
    turn: Turn
    shares: Shares | None
    message: Message


@dataclass(frozen=True, slots=True)
class Page:
    """Threads, newest first, and where older ones begin."""

    rows: tuple[Row, ...]
    older: Mark | None


def page(
    session: Session,
    viewer: Viewer,
    turn: Turn | None = None,
    before: Mark | None = None,
    size: int = 50,
) -> Page:
    """Read the inbox, newest first; a thread in two of the viewer's mailboxes shows once."""
    place = tuple_(InboxThread.last_at, InboxThread.thread_id)
    several = len(viewer.mailboxes) > 1
    query = (
        select(InboxThread, Message, _sums(viewer) if several else _SUMS)
        .join(
            Message,
            (Message.workspace_id == InboxThread.workspace_id)
            & (Message.id == InboxThread.last_message_id),
        )
        .where(
            InboxThread.workspace_id == viewer.workspace_id,
            among(InboxThread.mailbox_id, viewer.mailboxes),
        )
        .order_by(InboxThread.last_at.desc(), InboxThread.thread_id.desc())
        .limit(size + 1)
    )
    if turn is not None:
        query = query.where(InboxThread.turn == turn)
    if several:
        query = query.where(~_newer_elsewhere(viewer))
    if before is not None:
        query = query.where(place < (before.at, before.thread_id))
    found = [_row(inbox, message, *sums) for inbox, message, sums in session.execute(query)]
    shown, more = found[:size], len(found) > size
    return Page(tuple(shown), Mark(shown[-1].last_at, shown[-1].thread_id) if more else None)


def counts(session: Session, viewer: Viewer, most: int = 1000) -> dict[Turn, int]:
    """Count threads by whose turn it is, as they are listed, each at most one more than `most`."""
    found = {}
    for turn in (Turn.OURS, Turn.THEIRS):
        query = select(InboxThread.thread_id).where(
            InboxThread.workspace_id == viewer.workspace_id,
            among(InboxThread.mailbox_id, viewer.mailboxes),
            InboxThread.turn == turn,
        )
        if len(viewer.mailboxes) > 1:
            query = query.where(~_newer_elsewhere(viewer))
        limited = query.limit(most + 1).subquery()
        found[turn] = session.scalar(select(func.count()).select_from(limited)) or 0
    return found


def search(session: Session, viewer: Viewer, words: str, size: int = FOUND) -> Page:
    """Find threads by words in their messages: the best of the newest matches, as far as seen.

    The finder hands out ids and ranks; what the viewer may not read is left out here, so that
    neither a row nor a count gives it away.
    """
    words = searchable(" ".join(words.replace("\x00", " ").split())[:200])
    if not words:
        return Page((), None)
    hits = bulk.run(session, _FIND, (words, list(viewer.mailboxes), 500)).all()
    ranks: dict[UUID, float] = dict(hits)
    messages = session.scalars(_FOUND, {"message_ids": list(ranks), **visibility.values(viewer)})
    rows: dict[UUID, Row] = {}
    for message in sorted(messages, key=lambda m: (-ranks[m.id], -m.at.timestamp())):
        if message.thread_id not in rows:
            rows[message.thread_id] = Row(
                message.thread_id, message.at, 1, 0, Turn.NOBODY, None, message
            )
    return Page(tuple(list(rows.values())[:size]), None)


def choose_shares(
    session: Session, viewer: Viewer, thread_id: UUID, shares: Shares | None
) -> list[UUID]:
    """Make a thread private or open in the viewer's own mailboxes; None goes back to the rule.

    Return the ids of its messages, whose audiences `filing.by_hand.choose_shares` rewrites.
    """
    if not viewer.mailboxes:
        raise ForbiddenError(_("Only whoever has the thread in a mailbox of their own decides."))
    changed = session.execute(
        update(InboxThread)
        .where(
            InboxThread.workspace_id == viewer.workspace_id,
            InboxThread.thread_id == thread_id,
            among(InboxThread.mailbox_id, viewer.mailboxes),
        )
        .values(shares=shares)
        .returning(InboxThread.thread_id)
    ).all()
    if not changed:
        raise NotFoundError(_("There is no such thread in a mailbox of yours."))
    return list(
        session.scalars(
            select(Message.id).where(
                Message.workspace_id == viewer.workspace_id, Message.thread_id == thread_id
            )
        )
    )


_thread = table(InboxThread).c
_OWN_CHOICES = (
    select(_thread.shares)
    .where(
        _thread.workspace_id == bindparam("workspace_id"),
        _thread.thread_id == bindparam("thread_id"),
        visibility.in_own_mailbox(_thread.mailbox_id),
    )
    .order_by(_thread.shares.nulls_last())
)


def own_choices(session: Session, viewer: Viewer, thread_id: UUID) -> list[Shares | None]:
    """List what the viewer's own mailboxes that have a thread let be seen of it.

    The most private first; None is where nobody has chosen. Empty where no mailbox has it.
    """
    asked = {"thread_id": thread_id, **visibility.values(viewer)}
    found = session.scalars(_OWN_CHOICES, asked)
    return [Shares(shares) if shares is not None else None for shares in found]


def _newer_elsewhere(viewer: Viewer) -> ColumnElement[bool]:
    """Tell whether another mailbox of the viewer's lists the same thread further up.

    Whatever that one says of whose turn it is: what was answered from there is answered.
    """
    other = aliased(InboxThread)
    newer = tuple_(other.last_at, other.mailbox_id) > tuple_(
        InboxThread.last_at, InboxThread.mailbox_id
    )
    return exists().where(
        other.workspace_id == viewer.workspace_id,
        other.thread_id == InboxThread.thread_id,
        among(other.mailbox_id, viewer.mailboxes),
        newer,
    )


#: How many messages a thread has, and how many are unread, where one mailbox alone is asked.
_SUMS = array([InboxThread.messages, InboxThread.unseen])


def _sums(viewer: Viewer) -> ColumnElement[Any]:
    """Count the messages of a thread, and the unread ones, over all of the viewer's mailboxes."""
    other = aliased(InboxThread)
    elsewhere = exists().where(
        other.workspace_id == viewer.workspace_id,
        other.thread_id == InboxThread.thread_id,
        among(other.mailbox_id, viewer.mailboxes),
        other.mailbox_id != InboxThread.mailbox_id,
    )
    return case((elsewhere, _sums_over_all(viewer)), else_=_SUMS)


def _sums_over_all(viewer: Viewer) -> ColumnElement[Any]:
    """Count the messages of a thread in all of the viewer's mailboxes, and the unread ones.

    Each counts once, and is read where it was read in one of them. In the list of columns this is
    asked of the threads of a page alone: PostgreSQL puts what is dear off until after the limit.
    """
    seen = literal(Flag.SEEN) == any_(func.string_to_array(Copy.flags, " "))
    held = (
        select(
            ((Message.direction == Direction.IN) & func.bool_and(~seen)).label("unseen"),
        )
        .join(Copy, (Copy.workspace_id == Message.workspace_id) & (Copy.message_id == Message.id))
        .where(
            Message.workspace_id == viewer.workspace_id,
            Message.thread_id == InboxThread.thread_id,
            among(Copy.mailbox_id, viewer.mailboxes),
            Copy.state.in_(HELD),
        )
        .group_by(Message.id, Message.direction)
        .correlate(InboxThread)
        .subquery()
    )
    sums = array([func.count(), func.count().filter(held.c.unseen)])
    return select(sums).select_from(held).scalar_subquery()


def _row(inbox: InboxThread, message: Message, messages: int, unseen: int) -> Row:
    shares = Shares(inbox.shares) if inbox.shares is not None else None
    return Row(
        inbox.thread_id,
        inbox.last_at,
        messages,
        unseen,
        Turn(inbox.turn),
        shares,
        message,
    )
