"""The messages beside which cards are opened: some of the many, and some that the product filed.

The same letters are filed at every size: from strangers, whose surroundings are then the same to
the row, and from those who have written the most.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from benchmarks.stored import database
from crm import filing
from crm.base.db import transaction
from crm.mail import folders, mailboxes
from crm.mail.letter import Arrival, Flag, Letter
from sync import reading

if TYPE_CHECKING:
    from benchmarks.house import House
    from crm.base.db import Session
    from crm.mail.models import Mailbox

_AT: Final = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
_EACH: Final = 40
_SEEN: Final = frozenset({Flag.SEEN})
_FIRST_UID: Final = 900_000_000
_FIRST_HOUSE: Final = "select id from workspace where name = 'House 0'"
_BEST_KNOWN: Final = """
select email from participant
where workspace_id = %s and contact_id is not null group by email order by count(*) desc, email
limit %s
"""
#: As if each mailbox were one of Gmail's: a copy's UID is then the id by which Gmail names it.
_GMAIL: Final = "update mailbox set kind = 'gmail' where workspace_id = %s"
_ANY: Final = """
select m.rfc_id, m.from_email, m.sent_at, b.user_id, c.uid
from message m
  join copy c on c.workspace_id = m.workspace_id and c.message_id = m.id
  join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
where m.workspace_id = %s
order by md5(m.id::text) limit %s
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that somebody opens, as Gmail would tell of it."""

    user_id: UUID
    letter: Letter
    uid: int


@dataclass(frozen=True, slots=True)
class Specimens:
    """The workspace that is measured, and what was filed there."""

    workspace_id: UUID
    strangers: list[Opened]
    known: list[Opened]


def place(ready: House) -> Specimens:
    """File the letters, unless an earlier run has: filing is safe to repeat."""
    with database.admin(ready) as admin:
        (workspace_id,) = admin.execute(_FIRST_HOUSE).fetchall()[0]
        known = [email for (email,) in admin.execute(_BEST_KNOWN, (workspace_id, _EACH))]
        admin.execute(_GMAIL, (workspace_id,))
    strangers = [f"stranger{i}@new{i}.test" for i in range(_EACH)]
    filed: list[list[Opened]] = []
    for group, emails in enumerate((strangers, known)):
        with transaction(workspace_id) as session:
            box = mailboxes.get_named(session, workspace_id, "rep0@house0.test")
            letters = [_letter(f"{group}-{i}", email) for i, email in enumerate(emails)]
            _file(session, box, group, letters)
            numbered = enumerate(letters, _FIRST_UID + group * 1000)
            filed.append([Opened(box.user_id, letter, uid) for uid, letter in numbered])
    return Specimens(workspace_id, *filed)


def random_messages(ready: House, house: Specimens, count: int) -> list[Opened]:
    """Choose messages of all sorts, each opened by somebody who has it in a mailbox."""
    with database.admin(ready) as admin:
        rows = admin.execute(_ANY, (house.workspace_id, count)).fetchall()
    return [Opened(user_id, _headed(rfc_id, *wrote), uid) for rfc_id, *wrote, user_id, uid in rows]


def _headed(rfc_id: str, email: str, sent_at: datetime | None) -> Letter:
    """Return what fetching a message's head would give, as far as it tells which message it is."""
    lines = [f"Message-ID: <{rfc_id}>", f"From: {email}"]
    lines += [f"Date: {format_datetime(sent_at)}"] if sent_at is not None else []
    return reading.read("\r\n".join([*lines, "", ""]).encode())


def _file(session: Session, box: Mailbox, group: int, letters: list[Letter]) -> None:
    folder = folders.of_mailbox(session, box)["INBOX"]
    arrivals = [
        Arrival(_FIRST_UID + group * 1000 + i, letter, _AT + timedelta(minutes=i), _SEEN)
        for i, letter in enumerate(letters)
    ]
    filing.file(session, box, folder, arrivals, at=_AT)


def _letter(number: str, email: str) -> Letter:
    lines = [
        f"From: Somebody <{email}>",
        "To: rep0@house0.test",
        "Subject: A question about the quote",
        "Date: Sun, 01 Nov 2026 11:59:00 +0000",
        f"Message-ID: <specimen-{number}@specimen.test>",
        "",
        "Could you send the quote again? Thank you.",
        "",
    ]
    return reading.read("\r\n".join(lines).encode())
