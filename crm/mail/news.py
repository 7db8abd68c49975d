"""What of the events a viewer may know: that their inbox changed, and which threads that they see.

Nothing of a message is told, and of a thread that is hidden from them not even that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from crm.base.db import table
from crm.base.events import EventKind
from crm.mail import visibility
from crm.mail.models import InboxThread, Message, Thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.base.events import Happened
    from crm.mail.visibility import Viewer

_thread = table(InboxThread).c
_gone = table(Thread).c
_THREADS = any_(bindparam("thread_ids", type_=ARRAY(Uuid())))
_SEEN = select(Message.thread_id).distinct().where(Message.thread_id == _THREADS, visibility.of())
_LISTED = (
    select(_thread.thread_id)
    .where(
        _thread.workspace_id == bindparam("workspace_id"),
        _thread.thread_id == _THREADS,
        visibility.in_own_mailbox(_thread.mailbox_id),
    )
    .limit(1)
)
_WENT = (
    select(_gone.id)
    .where(
        _gone.workspace_id == bindparam("workspace_id"),
        _gone.id == _THREADS,
        _gone.merged_into == any_(bindparam("seen", type_=ARRAY(Uuid()))),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class News:
    """What is to be looked at again. `anything` says that any thread may have changed."""

    inbox: bool = False
    threads: tuple[UUID, ...] = ()
    anything: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return self.inbox or self.anything or bool(self.threads)


def of(session: Session, viewer: Viewer, happened: Sequence[Happened]) -> News:
    """Return what of the events a viewer may know.

    A batch in a colleague's mailbox that names no thread, for it has too many, is passed over. A
    thread that went into one that they see is not named, for it may have been hidden: anything may
    have changed then.
    """
    own = [one for one in happened if one.mailbox_id in viewer.mailboxes]
    many = [one for one in happened if not one.threads]
    anything = any(one.kind is EventKind.CHANGED or one in own for one in many)
    names = {thread_id for one in happened for thread_id in one.threads}
    asked = {"thread_ids": list(names), **visibility.values(viewer)}
    inbox = bool(own) or anything
    if names and not inbox:
        inbox = session.execute(_LISTED, asked).first() is not None
    # Whether a message was read shows in the list alone.
    read = {t for one in happened if one.kind is not EventKind.FLAGGED for t in one.threads}
    seen: tuple[UUID, ...] = ()
    if read and not anything:
        seen = tuple(session.scalars(_SEEN, {**asked, "thread_ids": list(read)}))
    if seen and len(seen) < len(read):
        went = {**asked, "thread_ids": list(read), "seen": list(seen)}
        if session.execute(_WENT, went).first() is not None:
            return News(inbox, (), anything=True)
    return News(inbox, seen, anything)
