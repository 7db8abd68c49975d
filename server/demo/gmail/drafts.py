"""Drafts: an id that stays, and a message behind it that is another one after each change.

https://developers.google.com/workspace/gmail/api/guides/drafts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.demo.gmail import joining, mime, sending
from server.demo.gmail.errors import not_found

if TYPE_CHECKING:
    from server.demo.gmail.copies import Copy
    from server.demo.gmail.mailbox import Mailbox


def get(mailbox: Mailbox, id_: str) -> Copy:
    """Return the message that a draft is at the moment. Raises ApiError."""
    with mailbox.lock:
        if id_ not in mailbox.drafts:
            raise not_found()
        return mailbox.copies.get(mailbox.drafts[id_])


def create(mailbox: Mailbox, raw: bytes, thread: str | None) -> str:
    """Keep a draft, in a thread where it fits, and return its id."""
    with mailbox.lock:
        joined = joining.find_by_api(mailbox.copies, mime.read_head(raw), thread)
        copy = mailbox.put(raw, labels=("DRAFT",), thread=joined, join=False)
        id_ = mailbox.next_draft_id()
        mailbox.drafts[id_] = copy.id
        return id_


def update(mailbox: Mailbox, id_: str, raw: bytes, thread: str | None) -> Copy:
    """Put another message behind a draft; the old one is deleted, the thread stays."""
    with mailbox.lock:
        old = get(mailbox, id_)
        joined = joining.find_by_api(mailbox.copies, mime.read_head(raw), thread)
        copy = mailbox.put(raw, labels=("DRAFT",), thread=joined or old.thread)
        mailbox.drafts[id_] = copy.id
        mailbox.delete(old.id)
        return copy


def send(mailbox: Mailbox, id_: str) -> Copy:
    """Send a draft: it is gone, and its letter is a new message with SENT in the same thread."""
    with mailbox.lock:
        old = get(mailbox, id_)
        raw = old.raw
        sending.recipients(raw)
        stamped = mailbox.stamp(raw)
        mailbox.delete(old.id)
    return mailbox.put_sent(stamped, thread=old.thread)


def delete(mailbox: Mailbox, id_: str) -> None:
    """Delete a draft for good."""
    with mailbox.lock:
        mailbox.delete(get(mailbox, id_).id)
