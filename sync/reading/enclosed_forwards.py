"""Messages that are passed on as attachments, as message/rfc822."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.mail.letter import Role
from crm.mail.meaning import Forward, Named
from sync.errors import UnreadableMessageError
from sync.reading import headers, heads, readers
from sync.reading.forward_lines import Intent
from sync.reading.mime import ReaderError

if TYPE_CHECKING:
    from crm.mail.letter import Party
    from sync.reading.clues import Clues
    from sync.reading.forward_lines import Subject
    from sync.reading.mime import Leaf

LARGEST = 1_000_000
MOST = 200
#: A text of so many signs says little: it was written for what hangs on it.
SHORT = 300

_KINDS = ("message/rfc822", "message/global")


def enclosed(clues: Clues, subject: Subject) -> Forward | None:
    """Return the first message that hangs on a letter, where the letter is there to carry it."""
    leaf = next(
        (leaf for leaf in clues.leaves if leaf.content_type in _KINDS and not leaf.enclosed), None
    )
    if leaf is None or clues.type_field.startswith(("multipart/report", "multipart/digest")):
        return None
    text = clues.text.strip()
    if subject.intent is Intent.REPLY:
        return None
    if subject.intent is Intent.UNSAID and len(text) > SHORT:
        return None
    return _opened(leaf, text, subject)


def _opened(leaf: Leaf, text: str, subject: Subject) -> Forward | None:
    try:
        tidy = readers.tidied(leaf.content()[:LARGEST])
        fields = headers.scan(tidy)
        body = readers.open_message(tidy, fields).body
    except (ReaderError, UnreadableMessageError):
        return None
    head = heads.head_of(fields)
    if not head.parties and not head.subject:
        return None  # Whatever it is, it is no message.
    return Forward(
        message=text,
        author=next(iter(_named(head.parties, Role.FROM)), None),
        to=_named(head.parties, Role.TO),
        cc=_named(head.parties, Role.CC),
        subject=head.subject or subject.bare,
        date_text=head.date_text,
        body=body.text.strip(),
    )


def _named(parties: tuple[Party, ...], role: Role) -> tuple[Named, ...]:
    found = [Named(p.address.name, p.address.email) for p in parties if p.role is role]
    return tuple(found[:MOST])
