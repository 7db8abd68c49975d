"""Which thread a message joins: by the messages that it answers, and by its subject.

By the API a message joins only where threadId, References or In-Reply-To, and Subject all fit:
https://developers.google.com/workspace/gmail/api/guides/threads
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.demo.gmail.errors import not_found

if TYPE_CHECKING:
    from server.demo.gmail.copies import Copies
    from server.demo.gmail.mime import Head


def find_on_delivery(copies: Copies, head: Head) -> str | None:
    """Return the thread of an arriving message: by its References, else by its subject, or None."""
    known = [copy for id_ in reversed(head.references) for copy in copies.bearing(id_)]
    for copy in known:
        if copy.head.topic == head.topic:
            return copy.thread
    if known or head.references or not head.topic or not head.answers:
        return None
    same = copies.about(head.topic)
    return max(same, key=lambda copy: copy.place).thread if same else None


def find_by_api(copies: Copies, head: Head, thread: str | None) -> str | None:
    """Return the thread that was asked for, where the message fits; None where it does not."""
    if not thread:
        return None
    held = copies.threads.get(thread)
    if held is None:
        raise not_found()
    answered = {copy.head.message_id for copy in held} & set(head.references)
    topics = {copy.head.topic for copy in held}
    return thread if answered and head.topic in topics else None
