"""What came back, in the reader's words: whom it did not reach, why, and whether it still may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from crm.mail.bounced import Returned

#: By subject and detail of the status, or by its subject alone (RFC 3463, sections 3.2 to 3.8).
_WHY: Final = {
    "1.1": lazy("no such mailbox"),
    "1.2": lazy("no such domain"),
    "1.6": lazy("the mailbox has moved"),
    "1.10": lazy("the domain takes no mail"),  # RFC 7505, section 4.2
    "1": lazy("the address is wrong"),
    "2.1": lazy("the mailbox is switched off"),
    "2.2": lazy("the mailbox is full"),
    "2.3": lazy("the message is too large"),
    "2": lazy("the mailbox does not take it"),
    "3.4": lazy("the message is too large"),
    "3": lazy("their mail server has trouble"),
    "4.7": lazy("it was tried for too long"),
    "4": lazy("their mail server could not be reached"),
    "5": lazy("the mail servers did not understand each other"),
    "6": lazy("their mail server cannot take what is in it"),
    "7": lazy("their mail server refuses it by its rules"),
}

#: So many recipients of one message are named.
NAMED: Final = 3
#: So much of what the other server said is shown.
_MOST: Final = 200


def words(one: Returned) -> str:
    """Say whom a message did not reach, and why as far as it is known."""
    why, told = _why(one.status), _told(one.said)
    address, status = isolate(one.recipient), isolate(one.status)
    if one.permanent is False:
        if why:
            said = _("Not delivered to {address} yet: {why} ({status}). It will be tried again.")
            return said.format(address=address, why=why, status=status)
        if told:
            said = _("Not delivered to {address} yet: “{told}” It will be tried again.")
            return said.format(address=address, told=told)
        return _("Not delivered to {address} yet. It will be tried again.").format(address=address)
    if why:
        said = _("Came back from {address}: {why} ({status}).")
        return said.format(address=address, why=why, status=status)
    if told:
        return _("Came back from {address}: “{told}”").format(address=address, told=told)
    return _("Came back from {address}.").format(address=address)


def claim(several: Iterable[Returned]) -> str:
    """Say whom a bounce concerns that names no message of ours; "" of any other.

    Anybody may write one: it is told as its own words.
    """
    found = list(several)
    if not found:
        return ""
    named = showing.listing([isolate(one.recipient) for one in found[:NAMED]])
    whom = " ".join([named, further(len(found) - NAMED)]).rstrip()
    if all(one.permanent is False for one in found):
        said = _("It says that mail to {whom} is delayed, but names no message that went there.")
    else:
        said = _("It says that mail to {whom} came back, but names no message that went there.")
    return said.format(whom=whom)


def of_message(several: Iterable[Returned]) -> str:
    """Say what came back of one message; of many recipients a few are named."""
    found = list(several)
    said = [words(one) for one in found[:NAMED]]
    return " ".join([*said, further(len(found) - NAMED)]).rstrip()


def further(count: int) -> str:
    """Say how many recipients are not named; "" where all are."""
    return _("… and {n} more").format(n=showing.number(count)) if count > 0 else ""


def of_address(email: str, since: datetime, today: date, zone: ZoneInfo) -> str:
    """Say since when mail to an address comes back."""
    day = showing.day_within(since.astimezone(zone).date(), today)
    said = _("Mail to {address} comes back since {day}. Ask for another address.")
    return said.format(address=isolate(email), day=day)


def _told(said: str) -> str:
    """Return what the other server said, where its status says nothing that we have words for."""
    words = " ".join(showing.straight(said).split())
    return isolate(words if len(words) <= _MOST else words[:_MOST] + "…") if words else ""


def _why(status: str) -> str:
    _class, _point, rest = status.partition(".")
    found = _WHY.get(rest) or _WHY.get(rest.partition(".")[0])
    return _(found) if found else ""
