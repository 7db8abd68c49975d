"""Answers that would go to somebody else than whom they are meant for: a Reply-To elsewhere.

Who has got into a mailbox, or writes in a contact's name, has answers sent to a domain of theirs,
and asks for money there. Newsletters and programs do so without harm, and a stranger's own choice
is theirs: so it is told of letters that a person wrote, and of people whom we have written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.mail.letter import Kind, Role
from crm.people import contacts
from crm.people.domains import place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.models import Message, Participant
    from crm.mail.visibility import Viewer


def warning(
    session: Session, viewer: Viewer, message: Message, people: Sequence[Participant]
) -> str:
    """Say that answers to a known contact's message go to another domain, or return "".

    Only of a message that would be diverted is the contact asked for.
    """
    if message.kind != Kind.PERSON:
        return ""
    author, other = diverted(people, viewer.user.email)
    if author is None or other is None or author.contact_id is None:
        return ""
    if not contacts.is_written_to(session, viewer.user, author.contact_id):
        return ""
    said = _(
        "Answers to this message go to {other}, not to {author}. Before you send money or papers,"
        " ask them by a way that you know."
    )
    return said.format(other=isolate(other.email), author=isolate(author.email))


def diverted(
    people: Sequence[Participant], own: str
) -> tuple[Participant | None, Participant | None]:
    """Return who wrote and who would get the answer, where that is of another domain.

    Nobody is elsewhere who is the same contact, or of the same domain as `own` address.
    """
    author = next((p for p in people if p.role == Role.FROM), None)
    if author is None:
        return None, None
    at_home = {place(author.email), place(own)}
    for one in people:
        same = one.contact_id is not None and one.contact_id == author.contact_id
        if one.role == Role.REPLY_TO and not same and place(one.email) not in at_home:
            return author, one
    return None, None
