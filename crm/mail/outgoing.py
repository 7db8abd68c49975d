"""What people do with messages to be sent: write, cancel, say what became of one, try again.

The row is written in the transaction of whatever caused it; what workers do with it afterwards is
`crm.mail.outbox`. The states are drawn in `crm.mail.models.outgoing`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import idna
from sqlalchemy import case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from crm.base import bulk, ids, queues, showing
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import answering, forms, messages, sendable, senders, visibility
from crm.mail.models import (
    TAKEN_BACK,
    Outgoing,
    OutgoingFile,
    OutgoingState,
    OutgoingTrouble,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from crm.base.db import Session
    from crm.mail.draft import Draft
    from crm.mail.messages import Seen
    from crm.mail.models import Mailbox
    from crm.mail.visibility import Viewer
    from crm.workspace.models import User

#: How long a message waits that may still be undone.
UNDO: Final = timedelta(seconds=10)
#: The latest that a message may be sent later.
LATEST: Final = timedelta(days=366)


def write(
    session: Session,
    mailbox: Mailbox,
    draft: Draft,
    *,
    answers: Seen | None = None,
    by: User,
    at: datetime,
    due_at: datetime | None = None,
    id_: UUID | None = None,
) -> Outgoing:
    """Write down a message that is to be sent from a mailbox, now or when it is due.

    Its Message-ID and its references are found here, whatever the draft says of them; its author is
    the mailbox, or an alias of it that the draft names.
    Raises InvalidError, ForbiddenError, NotFoundError.
    """
    senders.check(mailbox, by)
    sendable.check(draft)
    due = at if due_at is None else max(due_at, at)  # What is over already goes now.
    if due - at > LATEST:
        raise InvalidError(_("A message is sent within a year. Nothing was sent."))
    made = Outgoing(
        workspace_id=mailbox.workspace_id,
        id=id_ or ids.new(),
        mailbox_id=mailbox.id,
        author_id=by.id,
        alias=senders.alias(mailbox, draft.author.email),
        recipients=_recipients(draft),
        subject=draft.subject,
        text=draft.text,
        html=draft.html or sendable.html_of(draft.text),
        in_reply_to_id=answers.message.id if answers is not None else None,
        references=_references(session, answers, visibility.viewer(session, by))
        if answers is not None
        else [],
        rfc_id=f"{uuid4()}@{_domain(mailbox.address)}",
        sent_rfc_id="",
        remote={},
        state=OutgoingState.WAITING,
        due_at=due,
        tries=0,
        trouble=OutgoingTrouble.NONE,
        said="",
        refused={},
        epoch=0,
        written_at=at,
        dated_at=due.replace(microsecond=0),  # A Date has no more (RFC 5322, 3.3).
    )
    session.add(made)
    session.add_all(_files(made, draft))
    session.flush()
    if due <= at:
        _ask_for(session, made)
    return made


def write_once(
    session: Session,
    mailbox: Mailbox,
    draft: Draft,
    *,
    form: UUID,
    by: User,
    at: datetime,
    due_at: datetime | None = None,
    only: bool = False,
    **more: Any,
) -> Outgoing:
    """Write down what a form holds, as `write` does; the same form sent twice is one message.

    A browser's way back leads to the form as it was. With other words it is another message, and
    so it is once its message was taken back, or left at a doubt: otherwise what is sent then would
    be lost. Where the form holds what was taken back, `only` one message may come of it, whatever
    it says then. Raises InvalidError where there is another, and what `write` raises.
    """
    lock = "select pg_advisory_xact_lock(hashtextextended(%s, 1))"
    bulk.run(session, lock, (str(form),))
    stands = forms.find_written(session, by, form) if only else None
    later = due_at if due_at is not None and due_at - at > UNDO else None
    said = f"{mailbox.id} {later} {draft.digest}"
    while known := session.get(Outgoing, (mailbox.workspace_id, forms.message_id(form, said))):
        if known.state not in TAKEN_BACK:
            return known
        said = f"{said}, once more"
    if stands is not None:
        raise InvalidError(
            _("This was written anew already, in another tab. What stands here was not sent.")
        )
    id_ = forms.message_id(form, said)
    return write(session, mailbox, draft, id_=id_, by=by, at=at, due_at=due_at, **more)


def get(session: Session, user: User, outgoing_id: UUID) -> Outgoing:
    """Return what somebody sends. Raises NotFoundError for what is another's."""
    found = session.scalar(
        select(Outgoing).where(
            Outgoing.workspace_id == user.workspace_id,
            Outgoing.id == outgoing_id,
            Outgoing.author_id == user.id,
        )
    )
    if found is None:
        raise NotFoundError(_("There is no such message."))
    return found


def cancel(session: Session, outgoing: Outgoing, *, by: User, at: datetime) -> None:
    """Undo a message as long as it waits, or take back one that failed. Raises ConflictError.

    Where nobody could tell whether it had left before, nobody can tell that afterwards. What a
    transport has begun of it is taken away by a worker.
    """
    _check_author(outgoing, by)
    free = or_(Outgoing.leased_until.is_(None), Outgoing.leased_until < func.now())
    # What was begun in a doubt may still be going on over there.
    in_doubt = or_(Outgoing.doubted_at.is_not(None), Outgoing.remote.has_key("doubted"))
    done = _move(
        session,
        outgoing,
        (OutgoingState.WAITING, OutgoingState.FAILED),
        free,
        state=case((in_doubt, OutgoingState.UNKNOWN), else_=OutgoingState.CANCELLED),
        due_at=case((in_doubt, None), else_=_if_begun(at)),
        tries=0,
    )
    if not done:
        raise ConflictError(_("It is too late to undo this: the message is on its way."))
    _ask_for(session, outgoing)


def arrived(session: Session, outgoing: Outgoing, *, by: User, at: datetime) -> None:
    """Settle what nobody could tell: its author says that it left. Raises ConflictError."""
    _check_author(outgoing, by)
    done = _move(
        session,
        outgoing,
        (OutgoingState.UNKNOWN,),
        state=OutgoingState.SENT,
        sent_at=outgoing.doubted_at or at,
        due_at=at,
        tries=0,
        trouble=OutgoingTrouble.NONE,
        said="",
    )
    if not done:
        raise ConflictError(_("This message is not in doubt any more. Nothing was changed."))
    _ask_for(session, outgoing)


def drop(session: Session, outgoing: Outgoing, *, by: User, at: datetime) -> None:
    """Leave it at that nobody can tell whether it left: it is not sent. Raises ConflictError.

    What a transport has begun of it is taken away by a worker.
    """
    _check_author(outgoing, by)
    done = _move(
        session,
        outgoing,
        (OutgoingState.UNKNOWN,),
        state=OutgoingState.DROPPED,
        due_at=_if_begun(at),
        tries=0,
    )
    if not done:
        raise ConflictError(_("This message is not in doubt any more. Nothing was changed."))
    _ask_for(session, outgoing)


def send_again(session: Session, outgoing: Outgoing, *, by: User, at: datetime) -> None:
    """Send what failed, or what nobody could tell of, once more. Raises ConflictError."""
    _check_author(outgoing, by)
    done = _move(
        session,
        outgoing,
        (OutgoingState.UNKNOWN, OutgoingState.FAILED),
        state=OutgoingState.WAITING,
        due_at=at,
        tries=0,
        trouble=OutgoingTrouble.NONE,
        said="",
        refused={},
        # What a transport had begun, it finds again; of the doubt its author has decided.
        remote=Outgoing.remote.op("-")("doubted").op("-")("doubts"),
    )
    if not done:
        raise ConflictError(_("This message is not in doubt any more. Nothing was changed."))
    _ask_for(session, outgoing)


def _recipients(draft: Draft) -> list[dict[str, str]]:
    return [{"role": role, "email": a.email, "name": a.name} for a, role in draft.roles.items()]


def _files(made: Outgoing, draft: Draft) -> list[OutgoingFile]:
    return [
        OutgoingFile(
            workspace_id=made.workspace_id,
            outgoing_id=made.id,
            position=position,
            filename=showing.straight(file.filename),  # It does not look like another kind.
            content_type=file.content_type,
            size=len(file.body),
            body=file.body,
        )
        for position, file in enumerate(draft.files)
    ]


def _references(session: Session, answered: Seen, viewer: Viewer) -> list[str]:
    """Return the ids of what an answer answers: the first of the thread, and the nearest.

    What the answered message itself named is not kept; its thread has the same, and more of it.
    """
    before = [
        seen.message.rfc_id
        for seen in messages.of_thread(session, viewer, answered.message.thread_id)
        if seen.at < answered.at and seen.message.rfc_id
    ]
    return answering.references(before, answered.message.rfc_id)


def _domain(address: str) -> str:
    """Return a domain for a Message-ID, in ASCII: the one of the address that sends."""
    domain = address.rpartition("@")[2]
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain if domain.isascii() else "localhost"


def _if_begun(at: datetime) -> ColumnElement[datetime | None]:
    """Return when to take away what a transport has begun; nothing where it has not."""
    return case((Outgoing.remote != literal({}, JSONB), at), else_=None)


def _check_author(outgoing: Outgoing, by: User) -> None:
    if outgoing.author_id != by.id:
        raise ForbiddenError(_("Only its author decides that. Nothing was changed."))


def _move(
    session: Session,
    outgoing: Outgoing,
    states: Sequence[OutgoingState],
    *more: ColumnElement[bool],
    **values: object,
) -> bool:
    """Change a row that is in one of these states, for good: whoever holds it does no more."""
    result = session.execute(
        update(Outgoing)
        .where(
            Outgoing.workspace_id == outgoing.workspace_id,
            Outgoing.id == outgoing.id,
            Outgoing.state.in_(states),
            *more,
        )
        .values(epoch=Outgoing.epoch + 1, leased_until=None, **values)
        .returning(Outgoing.id)
    ).first()
    session.expire(outgoing)
    return result is not None


def _ask_for(session: Session, outgoing: Outgoing) -> None:
    if outgoing.due_at is None:
        return
    queues.enqueue(session, "sync.jobs.send_outgoing", outgoing.workspace_id, outgoing.id)
