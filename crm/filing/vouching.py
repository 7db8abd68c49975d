"""Whose word a letter is: From alone says nothing where it names a colleague.

A colleague's own copy says so, or the server of the mailbox that it is in (RFC 8601).

Anybody may write the word of any server into a letter of their own. A server writes its own above
all that was there, so that the topmost is believed where the server always writes one, or where it
stands above every trace of those that took the letter over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.filing import known
from crm.mail import senders
from crm.mail.letter import SENT
from crm.mail.models import MailboxKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.letter import Letter
    from crm.mail.models import Folder, Mailbox

#: As Google's servers call themselves in each letter that they take in
#: (support.google.com/mail/answer/180707).
_GOOGLE: Final = "mx.google.com"
_GOOGLES_HOSTS: Final = frozenset(["imap.gmail.com", "imap.googlemail.com"])


def authors(
    session: Session, mailbox: Mailbox, folder: Folder, placed: Sequence[Placed], *, own: bool
) -> list[str]:
    """Return who wrote each of the letters in a folder, "" where that is in doubt.

    A letter from outside is its author's unless something speaks against it. A colleague's is
    asked about by itself, and not by the message whose copy it is: what two copies have in common
    does not hold all that either says. `own` says that these are letters of ours without a copy.
    """
    circle = known.our_circle(session, mailbox.workspace_id)
    found = []
    for p in placed:
        email = "" if p.letter.author is None else p.letter.author.email
        sent = email in senders.addresses(mailbox) and _is_sent(mailbox, folder, p, own=own)
        posing = circle.holds(email) and not (sent or vouches(mailbox, p.letter))
        found.append("" if posing or p.doubts else email)
    return found


def vouches(mailbox: Mailbox, letter: Letter) -> bool:
    """Tell whether the domain in From is behind a letter, by the word of whoever took it in."""
    voucher = letter.meaning.voucher
    if voucher is None or letter.meaning.suspicions:
        return False
    return voucher.last or (voucher.server == _GOOGLE and _is_googles(mailbox))


def _is_sent(mailbox: Mailbox, folder: Folder, p: Placed, *, own: bool) -> bool:
    """Tell whether a copy says by its place that it left its mailbox."""
    if mailbox.kind == MailboxKind.GMAIL and not own:
        return SENT in p.arrival.labels
    return own or folder.role == "sent"


def _is_googles(mailbox: Mailbox) -> bool:
    if mailbox.kind == MailboxKind.GMAIL:
        return True
    return mailbox.kind == MailboxKind.IMAP and mailbox.place.get("host") in _GOOGLES_HOSTS
