"""What each role may do: a table, asked by every verb before it reads or writes."""

from __future__ import annotations

from enum import StrEnum

from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.workspace.models import User, UserRole


class May(StrEnum):
    """Something that a role may or may not do."""

    SEE_RECORDS = "see contacts, companies and deals"
    EDIT_RECORDS = "change contacts and companies"
    SEE_DEALS = "see deals"
    EDIT_DEALS = "make and move deals"
    WRITE = "write notes and tasks"
    SEND = "send mail"
    CONNECT = "connect a mailbox of one's own"
    CONNECT_OTHERS = "connect mailboxes for others"
    SEE_LEDGERS = "see the ledger of every mailbox"
    MANAGE = "manage users and settings"


_READ = frozenset({May.SEE_RECORDS, May.SEE_DEALS})
_REP = _READ | {May.EDIT_RECORDS, May.EDIT_DEALS, May.WRITE, May.SEND, May.CONNECT}

ROLES: dict[UserRole, frozenset[May]] = {
    UserRole.READER: _READ,
    UserRole.SUPPORT: _READ | {May.EDIT_RECORDS, May.WRITE, May.SEND, May.CONNECT},
    UserRole.REP: frozenset(_REP),
    UserRole.MANAGER: _REP | {May.SEE_LEDGERS},
    UserRole.ADMIN: frozenset(May),
}


def allowed(user: User, what: May) -> bool:
    """Tell whether a user may do something."""
    return user.active and what in ROLES[UserRole(user.role)]


def check(user: User, what: May) -> None:
    """Refuse with ForbiddenError what a user's role does not allow."""
    if not allowed(user, what):
        problem = _("Your role, {role}, does not allow this. Nothing was changed. Ask an admin.")
        raise ForbiddenError(problem.format(role=name_of(user.role)))


def name_of(role: str) -> str:
    """Return a role in the language spoken here."""
    names = {
        UserRole.ADMIN: _("Admin"),
        UserRole.MANAGER: _("Manager"),
        UserRole.REP: _("Rep"),
        UserRole.SUPPORT: _("Support"),
        UserRole.READER: _("Reader"),
    }
    return names[UserRole(role)]
