"""What letters suggest of a contact: shown to who may read them, used or ignored by a person.

A detail that is used knows since when letters have said so, and what stood there before.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, any_, bindparam, func, or_, select

from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from crm.filing import fields
from crm.mail import visibility
from crm.mail.models import Message, Shares
from crm.people import contacts
from crm.people.models import (
    ContactDetail,
    DetailKind,
    DetailSource,
    DetailState,
    Suggestion,
)
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.visibility import Viewer
    from crm.people.models import Contact

#: Of one kind, so many of the newest are asked for and so many are shown.
_MOST, _OF_A_KIND = 30, 3
_NEVER, _ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A value that letters give for a contact, and what is known in its place."""

    kind: DetailKind
    value: str
    known: str  # "" where nothing is
    source: DetailSource
    message_id: UUID  # the newest letter that says so and that the viewer may read
    thread_id: UUID
    since: datetime  # of the first of these that is kept
    last_at: datetime
    private: bool  # colleagues may read none of the letters; what is used is everybody's

    @property
    def key(self) -> str:
        """Return what a button names it by: an address has no business in a parameter."""
        return key_of(self.kind, self.value)


_READABLE = (
    select(
        Suggestion,
        Message.thread_id,
        (Message.shares < Shares.EVERYTHING).label("private"),
        func.max(Suggestion.at)
        .over(partition_by=(Suggestion.kind, Suggestion.value))
        .label("newest"),
    )
    .join(
        Message,
        (Message.workspace_id == Suggestion.workspace_id) & (Message.id == Suggestion.message_id),
    )
    .where(
        Suggestion.workspace_id == bindparam("workspace_id"),
        Suggestion.email == any_(bindparam("emails", type_=ARRAY(Text()))),
        visibility.of(Shares.EVERYTHING),
    )
    .subquery()
)
#: Each kind for itself: many links do not push a title out.
_RANKED = select(
    _READABLE,
    func.dense_rank()
    .over(partition_by=_READABLE.c.kind, order_by=(_READABLE.c.newest.desc(), _READABLE.c.value))
    .label("place"),
).subquery()
_TOLD = (
    select(_RANKED)
    .where(_RANKED.c.place <= _MOST)
    .order_by(_RANKED.c.at.desc(), _RANKED.c.value, _RANKED.c.message_id)
)


_IGNORED = (
    select(ContactDetail)
    .outerjoin(
        Message,
        (Message.workspace_id == ContactDetail.workspace_id)
        & (Message.id == ContactDetail.message_id),
    )
    .where(
        ContactDetail.workspace_id == bindparam("workspace_id"),
        ContactDetail.contact_id == bindparam("contact_id"),
        ContactDetail.state == DetailState.IGNORED,
        or_(ContactDetail.user_id == bindparam("by"), visibility.of(Shares.EVERYTHING)),
    )
    .order_by(ContactDetail.kind, ContactDetail.value)
)


def key_of(kind: DetailKind, value: str) -> str:
    """Return a short name of a value of a kind."""
    return f"{int(kind)}.{hashlib.sha256(value.encode()).hexdigest()[:16]}"


def about(
    session: Session, viewer: Viewer, contact: Contact, *, beside: UUID | None = None
) -> tuple[Suggested, ...]:
    """Return what letters suggest of a contact and nobody has decided about, newest first.

    What the message says that stands `beside` it comes before all else.
    """
    return _few(_told(session, viewer, contact, beside))


def _told(
    session: Session, viewer: Viewer, contact: Contact, beside: UUID | None
) -> Sequence[Suggested]:
    permissions.check(viewer.user, May.SEE_RECORDS)
    emails = [address.email for address in contact.addresses]
    rows = session.execute(_TOLD, {"emails": emails, **visibility.values(viewer)}).all()
    decided = _decided(contact)
    found: dict[tuple[int, str], Suggested] = {}
    here: set[str] = set()
    for row in rows:
        kind = DetailKind(row.kind)
        plain, now = fields.plain(kind, row.value), fields.now(contact, kind)
        until = decided.get((kind, plain), _NEVER)
        if row.at <= until or plain == fields.plain(kind, now) or not fields.fits(contact, kind):
            continue
        before = found.get((kind, plain))
        if before is None:
            found[kind, plain] = Suggested(
                kind, row.value, now, DetailSource(row.source), row.message_id, row.thread_id,
                row.at, row.at, row.private,
            )  # fmt: skip
        else:
            private = before.private and row.private
            found[kind, plain] = replace(before, since=row.at, private=private)
        if row.message_id == beside:
            here.add(found[kind, plain].key)
    first = sorted(found.values(), key=lambda told: (told.kind, told.value))
    first.sort(key=lambda told: told.last_at, reverse=True)
    first.sort(key=lambda told: told.key not in here)
    return first


def use(session: Session, viewer: Viewer, contact: Contact, key: str, *, at: datetime) -> Suggested:
    """Write a suggested value into a contact. Raises ConflictError where it is not suggested."""
    permissions.check(viewer.user, May.EDIT_RECORDS)
    contacts.hold(session, contact)
    told = _find(session, viewer, contact, key)
    _retire(session, contact, told, at)
    fields.write(contact, told.kind, told.value)
    _decide(session, viewer, contact, told, DetailState.CURRENT, at)
    return told


def ignore(
    session: Session, viewer: Viewer, contact: Contact, key: str, *, at: datetime
) -> Suggested:
    """Say that a value is of no use: it is suggested no more. Raises ConflictError."""
    permissions.check(viewer.user, May.EDIT_RECORDS)
    contacts.hold(session, contact)
    told = _find(session, viewer, contact, key)
    _decide(session, viewer, contact, told, DetailState.IGNORED, at)
    return told


def undo(session: Session, viewer: Viewer, contact: Contact, key: str) -> None:
    """Take back what was said of a value; what stood before stands again, unless it was changed."""
    permissions.check(viewer.user, May.EDIT_RECORDS)
    contacts.hold(session, contact)
    details = contact.details
    detail = next((d for d in details if key_of(DetailKind(d.kind), d.value) == key), None)
    if detail is None:
        return
    kind = DetailKind(detail.kind)
    gone = [detail]
    if detail.state == DetailState.CURRENT and fields.now(contact, kind) == detail.value:
        fields.write(contact, kind, detail.before)
        for other in details:
            if (other.kind, other.value) == (kind, detail.before):
                other.state, other.until = DetailState.CURRENT, None
                if other.source == DetailSource.MANUAL:
                    gone.append(other)  # No letter told it: the field alone is where it stands.
    for one in gone:
        session.delete(one)
    _renew(session, contact)


def ignored(session: Session, viewer: Viewer, contact: Contact) -> tuple[ContactDetail, ...]:
    """Return what is suggested no more, as far as the viewer may read where it stood.

    Whoever has ignored something sees it too, whatever has become of the letter.
    """
    permissions.check(viewer.user, May.SEE_RECORDS)
    asked = {"contact_id": contact.id, "by": viewer.user.id, **visibility.values(viewer)}
    return tuple(session.scalars(_IGNORED, asked))


def suggest_again(session: Session, viewer: Viewer, contact: Contact, key: str) -> None:
    """Let a value that was ignored be suggested as before. Safe to repeat; nothing else changes."""
    permissions.check(viewer.user, May.EDIT_RECORDS)
    contacts.hold(session, contact)
    for detail in ignored(session, viewer, contact):
        if key_of(DetailKind(detail.kind), detail.value) == key:
            session.delete(detail)
    _renew(session, contact)


def _decided(contact: Contact) -> dict[tuple[int, str], datetime]:
    """Return until when letters that say a value are not listened to.

    For ever, but of what has once been true: newer letters may have gone back to it.
    """
    found: dict[tuple[int, str], datetime] = {}
    for detail in contact.details:
        over = detail.until if detail.state == DetailState.FORMER else None
        key = (detail.kind, fields.plain(detail.kind, detail.value))
        found[key] = max(over or _ALWAYS, found.get(key, _NEVER))
    return found


def _find(session: Session, viewer: Viewer, contact: Contact, key: str) -> Suggested:
    # What stands beside a message is shown before newer values: all of them are looked through.
    for told in _told(session, viewer, contact, None):
        if told.key == key:
            return told
    raise ConflictError(_("This is not suggested any more. Nothing was changed."))


def _retire(session: Session, contact: Contact, told: Suggested, at: datetime) -> None:
    """Keep what stood there as what it was until now."""
    if not told.known:
        return
    former = session.get(
        ContactDetail, (contact.workspace_id, contact.id, int(told.kind), told.known)
    )
    if former is None:
        former = ContactDetail(
            workspace_id=contact.workspace_id,
            contact_id=contact.id,
            kind=told.kind,
            value=told.known,
            source=DetailSource.MANUAL,
            at=at,
        )
        session.add(former)
    former.state, former.until = DetailState.FORMER, told.since


def _decide(
    session: Session,
    viewer: Viewer,
    contact: Contact,
    told: Suggested,
    state: DetailState,
    at: datetime,
) -> None:
    session.merge(
        ContactDetail(
            workspace_id=contact.workspace_id,
            contact_id=contact.id,
            kind=told.kind,
            value=told.value,
            state=state,
            source=told.source,
            since=told.since,
            message_id=told.message_id,
            user_id=viewer.user.id,
            at=at,
            before=told.known,
            until=None,
        )
    )
    _renew(session, contact)


def _renew(session: Session, contact: Contact) -> None:
    session.flush()
    session.expire(contact, ["details"])


def _few(found: Iterable[Suggested]) -> tuple[Suggested, ...]:
    """Keep the first of each kind, in their order."""
    kept: Counter[DetailKind] = Counter()
    few = []
    for told in found:
        kept[told.kind] += 1
        if kept[told.kind] <= _OF_A_KIND:
            few.append(told)
    return tuple(few)
