"""What a header alone says: enough to recognise a letter, and for a rule to decide about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.mail import identity
from crm.mail.letter import Role
from sync.reading import dates, ids, parties
from sync.reading.headers import scan
from sync.reading.readers import tidied
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from crm.mail.letter import Party
    from crm.mail.meaning import Named
    from sync.reading.headers import Fields

LONGEST_SUBJECT = 2000
LONGEST_DATE = 200


class Head(NamedTuple):
    """The values of a header, as they stand in a Letter as well."""

    author: str  # the bare address in From, or ""
    message_id: str
    references: tuple[str, ...]
    sent_at: datetime | None
    date_text: str
    subject: str
    parties: tuple[Party, ...]
    more_parties: int
    headprint: bytes
    notes: tuple[str, ...]
    without_domain: tuple[tuple[Role, Named], ...] = ()


def read_head(raw: bytes) -> Head:
    """Read a header alone, as of a preview. Raises UnreadableMessageError where there is none."""
    return head_of(scan(tidied(raw)))


def headprint(raw: bytes) -> bytes:
    """Compute a header's headprint. Raises UnreadableMessageError where there is none."""
    return read_head(raw).headprint


def head_of(fields: Fields) -> Head:
    """Make a Head of a header's fields."""
    people = parties.of(fields)
    date_text = one_line(fields.first("date"), LONGEST_DATE)
    sent_at = dates.parse(date_text) if date_text else None
    notes = fields.notes + people.notes
    if sent_at is None:
        notes += ("a Date that cannot be true" if date_text else "no Date",)
    first = people.parties[0] if people.parties else None
    author = first.address.email if first is not None and first.role is Role.FROM else ""
    subject = fields.text("subject", LONGEST_SUBJECT)
    message_id = ids.message_id(fields)
    return Head(
        author,
        message_id,
        ids.references(fields),
        sent_at,
        date_text,
        subject,
        people.parties,
        people.more,
        identity.headprint(author, sent_at, date_text, subject, message_id),
        notes,
        people.without_domain,
    )
