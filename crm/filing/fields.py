"""Where each kind of detail stands in a contact: its own field, or the detail itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.filing import meeting
from crm.people.domains import guess_name
from crm.people.models import DetailKind, DetailState

if TYPE_CHECKING:
    from crm.people.models import Contact


def now(contact: Contact, kind: DetailKind) -> str:
    """Return what stands now: in the contact's own fields, or as the detail where there is none.

    Of links there may be several, and none is in the place of another.
    """
    match kind:
        case DetailKind.NAME:
            return contact.name
        case DetailKind.TITLE:
            return contact.title
        case DetailKind.PHONE:
            return contact.phone
        case DetailKind.COMPANY if contact.company is not None:
            return contact.company.name
        case DetailKind.COMPANY | DetailKind.ADDRESS:
            now = (d for d in contact.details if (d.kind, d.state) == (kind, DetailState.CURRENT))
            return next((detail.value for detail in now), "")
        case _:
            return ""


def write(contact: Contact, kind: DetailKind, value: str) -> None:
    """Write a value where its kind stands."""
    match kind:
        case DetailKind.NAME:
            contact.name = value
        case DetailKind.TITLE:
            contact.title = value
        case DetailKind.PHONE:
            contact.phone = value
        case DetailKind.COMPANY if contact.company is not None:
            contact.company.name = value
        case _:
            pass  # The detail itself is where it is kept.


def fits(contact: Contact, kind: DetailKind) -> bool:
    """Tell whether a kind may be suggested: names that people have chosen are not questioned."""
    match kind:
        case DetailKind.NAME:
            return contact.name in {meeting.name_of(a.email) for a in contact.addresses}
        case DetailKind.COMPANY:
            company = contact.company
            return company is None or company.name == guess_name(company.domain or "")
        case _:
            return True


def plain(kind: int, value: str) -> str:
    """Return a value as it is compared: a number by its digits, all else whatever its case."""
    if kind == DetailKind.PHONE:
        return "".join(sign for sign in value if sign.isdigit()).lstrip("0")
    plain = value.casefold()
    if kind == DetailKind.LINK:
        plain = plain.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return plain.rstrip("/")
