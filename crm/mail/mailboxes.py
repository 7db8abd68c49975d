"""Mailboxes: connect, find, pause, share, and say how they are doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, case, cast, func, or_, select, update

from crm.base import addresses, directory, ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import retrying
from crm.mail.models import Mailbox, MailboxKind, MailboxState, Meets, Shares
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: What somebody has stopped, and what nobody reads until somebody says so.
BY_HAND = (MailboxState.PAUSED, MailboxState.DISCONNECTED)
STOPPED = (*BY_HAND, MailboxState.NEEDS_LOGIN)
#: When the owner's other addresses were asked for, in a mailbox's place.
ALIASES_AT = "aliases_at"
FORGOTTEN = {
    "trouble": "none",
    "why": "",
    "last_error": "",
    "failures": 0,
    "refusals": 0,
    "tell_at": None,
}


def connect(
    session: Session,
    user: User,
    address: str,
    *,
    kind: MailboxKind,
    place: dict[str, Any],
    secret: bytes | None,
    purpose: str = "personal",
    by: User,
    at: datetime,
) -> Mailbox:
    """Connect a mailbox for a user. Raises InvalidError, ForbiddenError or ConflictError."""
    mailbox = propose(
        session,
        user,
        address,
        kind=kind,
        place=place,
        secret=secret,
        purpose=purpose,
        by=by,
        at=at,
    )
    session.add(mailbox)
    session.flush()
    way = (directory.Key.MAILBOX, mailbox.address, user.workspace_id, mailbox.id)
    directory.add(session, *way)
    return mailbox


def propose(
    session: Session,
    user: User,
    address: str,
    *,
    kind: MailboxKind,
    place: dict[str, Any],
    secret: bytes | None,
    purpose: str = "personal",
    by: User,
    at: datetime,
) -> Mailbox:
    """Return a mailbox as it would be connected, which nothing keeps. Raises what connect does."""
    permissions.check(by, May.CONNECT if by.id == user.id else May.CONNECT_OTHERS)
    parsed = addresses.parse(address)
    if parsed is None:
        raise InvalidError(_("“{text}” is not an address.").format(text=address[:100]))
    if purpose not in ("personal", "support"):
        raise InvalidError(_("A mailbox is personal or support."))
    known = find_by_address(session, user.workspace_id, parsed.email)
    if known is not None:
        problem = _("{address} is connected already. Nothing was changed.")
        if known.state == MailboxState.DISCONNECTED:
            problem = _("{address} was disconnected. Connect it again on its own page.")
        raise ConflictError(problem.format(address=parsed.email))
    return Mailbox(
        workspace_id=user.workspace_id,
        id=ids.new(),
        user_id=user.id,
        address=parsed.email,
        kind=kind,
        purpose=purpose,
        shares=Shares.EVERYTHING if purpose == "support" else Shares.HAPPENED,
        meets=Meets.DIRECT,
        excluded=[],
        place=place,
        secret=secret,
        state=MailboxState.CONNECTING,
        due_at=at,
        created_at=at,
    )


def get(session: Session, workspace_id: UUID, mailbox_id: UUID) -> Mailbox:
    """Return a mailbox. Raises NotFoundError."""
    mailbox = session.scalar(
        select(Mailbox).where(Mailbox.workspace_id == workspace_id, Mailbox.id == mailbox_id)
    )
    if mailbox is None:
        raise NotFoundError(_("There is no such mailbox."))
    return mailbox


def get_named(session: Session, workspace_id: UUID, name: str) -> Mailbox:
    """Return a mailbox by id or address. Raises NotFoundError."""
    mailbox_id = ids.parse(name)
    if mailbox_id is not None:
        return get(session, workspace_id, mailbox_id)
    mailbox = find_by_address(session, workspace_id, name.strip().lower())
    if mailbox is None:
        raise NotFoundError(_("There is no mailbox {name}.").format(name=name))
    return mailbox


def find_by_address(session: Session, workspace_id: UUID, address: str) -> Mailbox | None:
    """Return the mailbox with an address, or None."""
    return session.scalar(
        select(Mailbox).where(Mailbox.workspace_id == workspace_id, Mailbox.address == address)
    )


def everyone(session: Session, workspace_id: UUID) -> list[Mailbox]:
    """List the workspace's mailboxes, by address."""
    return list(
        session.scalars(
            select(Mailbox).where(Mailbox.workspace_id == workspace_id).order_by(Mailbox.address)
        )
    )


def due(session: Session, at: datetime) -> list[tuple[UUID, UUID]]:
    """List what is to be looked at now, in all workspaces: for the scheduler's role alone."""
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id)
        .where(
            Mailbox.due_at <= at,
            Mailbox.state.not_in(STOPPED),
            or_(Mailbox.leased_until.is_(None), Mailbox.leased_until < func.now()),
        )
        .order_by(Mailbox.due_at)
    )
    return [(workspace_id, mailbox_id) for workspace_id, mailbox_id in rows]


def is_due(mailbox: Mailbox, at: datetime) -> bool:
    """Tell whether a mailbox is to be looked at now."""
    return mailbox.due_at <= at and mailbox.state not in STOPPED


def is_changed_by(mailbox: Mailbox, user: User) -> bool:
    """Tell whether a user may pause a mailbox, go on with it, and give it a new login."""
    return permissions.allowed(user, _changing(mailbox, user))


def check_changed_by(mailbox: Mailbox, user: User) -> None:
    """Refuse with ForbiddenError whoever may not pause a mailbox, or go on with it."""
    permissions.check(user, _changing(mailbox, user))


def pause(session: Session, mailbox: Mailbox, *, by: User) -> None:
    """Stop reading a mailbox until it is resumed. Nothing is lost meanwhile."""
    check_changed_by(mailbox, by)
    if mailbox.state != MailboxState.DISCONNECTED:
        _set(session, mailbox, state=MailboxState.PAUSED, watch_at=None)


def resume(
    session: Session,
    mailbox: Mailbox,
    *,
    secret: bytes | None = None,
    place: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> None:
    """Go on where we stopped; with a new login's secret, and what it says of the place, if any."""
    check_changed_by(mailbox, by)
    if (secret or mailbox.secret) is None and mailbox.kind != MailboxKind.FILES:
        raise InvalidError(_("What let us in was deleted. Connect it again, with a login."))
    if mailbox.state == MailboxState.DISCONNECTED:
        way = (directory.Key.MAILBOX, mailbox.address, mailbox.workspace_id, mailbox.id)
        directory.add(session, *way)
    if secret is not None:
        # Another login may be let in to more, or to less.
        known = Mailbox.place.op("-")(cast(ALIASES_AT, Text))
        _set(session, mailbox, secret=secret, place=known.concat(dict(place or {})))
    state = MailboxState.LIVE if mailbox.synced_at else MailboxState.CONNECTING
    _set(session, mailbox, state=state, due_at=at, watch_at=None, **FORGOTTEN)


def note_place(session: Session, mailbox: Mailbox, told: Mapping[str, Any]) -> None:
    """Note more of a mailbox's place; what others write into it meanwhile stays."""
    _set(session, mailbox, place=Mailbox.place.concat(dict(told)))


def look(session: Session, mailbox: Mailbox, *, by: User, at: datetime) -> None:
    """Let a mailbox be looked at now, and not when its turn comes.

    Whoever asks may have mended what its login was refused for: refusals count anew.
    """
    check_changed_by(mailbox, by)
    _set(session, mailbox, due_at=at, refusals=0)


def note_smtp(session: Session, mailbox: Mailbox, place: Mapping[str, Any]) -> None:
    """Keep where a mailbox sends, once that has worked; what its owner said stays."""
    if "smtp" not in mailbox.place:
        note_place(session, mailbox, {"smtp": dict(place)})


def note_success(
    session: Session, mailbox: Mailbox, *, at: datetime, again: timedelta, asked: datetime
) -> None:
    """Note that a mailbox was brought up to date, as of when it was `asked` for: its `due_at` then.

    Somebody who called meanwhile may mean a letter that the run did not see: it stays due.
    """
    _set(
        session,
        mailbox,
        state=_unless_stopped(MailboxState.LIVE),
        synced_at=at,
        due_at=case((Mailbox.due_at == asked, at + again), else_=Mailbox.due_at),
        **FORGOTTEN,
    )


def note_progress(session: Session, mailbox: Mailbox) -> None:
    """Note that a run got on, and that there is more: the trouble of those before is over."""
    if mailbox.failures:
        state = MailboxState.LIVE if mailbox.synced_at else MailboxState.CONNECTING
        _set(session, mailbox, state=_unless_stopped(state), **FORGOTTEN)


def note_entered(session: Session, mailbox: Mailbox) -> None:
    """Note that a login worked: refusals before it count no more, whatever came after it."""
    if mailbox.refusals:
        _set(session, mailbox, refusals=0)


def note_refusal(session: Session, mailbox: Mailbox, *, at: datetime) -> None:
    """Note that the watcher was refused: it counts as the first of the tries, and the run decides.

    Where a login was refused before, the next has its time.
    """
    if mailbox.refusals == 0:
        _set(session, mailbox, refusals=1, due_at=at)


def note_trouble(
    session: Session,
    mailbox: Mailbox,
    trouble: str,
    words: str,
    *,
    why: str = "",
    at: datetime,
    jitter: float,
) -> None:
    """Note a failure: wait longer each time, and stop knocking at a server that refuses us.

    `words` say it in English, with names and numbers; `why` in a word, for any language. What
    follows is decided in `crm.mail.retrying`.
    """
    was = retrying.Standing(mailbox.failures, mailbox.refusals, mailbox.due_at)
    now = retrying.after(trouble, was, at=at, jitter=jitter)
    stops = retrying.stops(trouble, now)
    _set(
        session,
        mailbox,
        state=_unless_stopped(MailboxState.NEEDS_LOGIN if stops else MailboxState.FAILING),
        trouble=trouble,
        why=why,
        last_error=words,
        failures=now.failures,
        refusals=now.refusals,
        due_at=now.due_at,
        tell_at=at if stops else None,
    )


def _changing(mailbox: Mailbox, by: User) -> May:
    return May.CONNECT if by.id == mailbox.user_id else May.CONNECT_OTHERS


def _unless_stopped(state: MailboxState) -> ColumnElement[str]:
    """Leave a mailbox stopped that somebody stopped while a worker was at it."""
    return case((Mailbox.state.in_(BY_HAND), Mailbox.state), else_=state.value)


def _set(session: Session, mailbox: Mailbox, **values: Any) -> None:
    session.execute(
        update(Mailbox)
        .where(Mailbox.workspace_id == mailbox.workspace_id, Mailbox.id == mailbox.id)
        .values(**values)
    )
    session.expire(mailbox)
