"""Whose word a letter is: From alone says nothing where it names a colleague.

A colleague's own copy says so, or the server of the mailbox that it is in (RFC 8601).

Anybody may write the word of any server into a letter of their own. A server writes its own above
all that was there, so that the topmost is believed where the server always writes one, or where it
stands above every trace of those that took the letter over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.base import bulk
from crm.filing import known
from crm.mail.letter import SENT
from crm.mail.models import MailboxKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.letter import Letter
    from crm.mail.models import Mailbox

#: As Google's servers call themselves in each letter that they take in
#: (support.google.com/mail/answer/180707).
_GOOGLE: Final = "mx.google.com"
_GOOGLES_HOSTS: Final = frozenset(["imap.gmail.com", "imap.googlemail.com"])


#: Which letters left a mailbox under an address that it may send from: its own copy says so.
_SENT = f"""
select distinct m.id from message m
  join copy c on c.workspace_id = m.workspace_id and c.message_id = m.id
  join folder f on f.workspace_id = c.workspace_id and f.id = c.folder_id
  join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
where m.workspace_id = %s and m.id = any(%s::uuid[])
  and (b.address = m.from_email or b.place->'aliases' ? m.from_email)
  and case when b.kind = '{MailboxKind.GMAIL.value}' and c.uidvalidity <> 0
    then '{SENT}' = any(string_to_array(c.labels, ' '))
    else c.uidvalidity = 0 or f.role = 'sent' end
"""


def authors(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> dict[UUID, str]:
    """Return who wrote each letter, "" where that is in doubt.

    A letter from outside is its author's unless something speaks against it.
    """
    circle = known.our_circle(session, mailbox.workspace_id)
    messages = list({p.message_id for p in placed})
    sent = {id_ for (id_,) in bulk.run(session, _SENT, (mailbox.workspace_id, messages))}
    found = {}
    for p in placed:
        email = "" if p.letter.author is None else p.letter.author.email
        posing = circle.holds(email) and not (p.message_id in sent or vouches(mailbox, p.letter))
        found[p.message_id] = "" if posing or p.doubts else email
    return found


def vouches(mailbox: Mailbox, letter: Letter) -> bool:
    """Tell whether the domain in From is behind a letter, by the word of whoever took it in."""
    voucher = letter.meaning.voucher
    if voucher is None or letter.meaning.suspicions:
        return False
    return voucher.last or (voucher.server == _GOOGLE and _is_googles(mailbox))


def _is_googles(mailbox: Mailbox) -> bool:
    if mailbox.kind == MailboxKind.GMAIL:
        return True
    return mailbox.kind == MailboxKind.IMAP and mailbox.place.get("host") in _GOOGLES_HOSTS
