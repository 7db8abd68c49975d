"""Who a message is from, in words: for whom somebody sends, and through which list it came.

What is said here is as the message has it, and nothing follows from it: no contact, no colleague.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.mail.impostors import other_address
from crm.mail.letter import Kind, Role
from crm.mail.meaning import Named
from crm.people.machines import is_machine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.models import Message, Participant


def words(message: Message, sender: Named | None = None) -> str:
    """Say who a message is from, in one line; "" where it names nobody."""
    author = Named(message.from_name, message.from_email)
    if message.writer_email or message.writer_name:
        writer = called(Named(message.writer_name, message.writer_email))
        person, through = isolate(writer), isolate(message.via or called(author))
        return _("{writer} via {list}").format(writer=person, list=through)
    name = called(author)
    if sender is None:
        return name
    by = called(sender)
    by = sender.email if by == name else by  # One person at two addresses.
    return _("{sender} on behalf of {author}").format(sender=isolate(by), author=isolate(name))


def called(one: Named) -> str:
    """Return somebody's name, or the address where there is none or the name shows another."""
    return one.email if not one.name or other_address(one.name, one.email) else one.name


def sent_by(kind: int, people: Sequence[Participant]) -> Named | None:
    """Return who has sent a message for its author, as an assistant does; else None.

    Lists and programs name a mailbox for what comes back as the sender: it is nobody.
    """
    if kind not in (Kind.PERSON, Kind.INVITATION):
        return None
    authors = {p.email for p in people if p.role == Role.FROM}
    sender = next((p for p in people if p.role == Role.SENDER), None)
    if sender is None or not authors or sender.email in authors or is_machine(sender.email):
        return None
    return Named(sender.name, sender.email)


def passed_on(message: Message) -> str:
    """Say that somebody has sent a message on as it was; "" where nobody has."""
    by = called(Named(message.passed_by_name, message.passed_by_email))
    return _("Passed on by {name}").format(name=isolate(by)) if by else ""
