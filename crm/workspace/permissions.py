"""What each role may do: a table, asked by every verb before it reads or writes.

A role has powers, and for each sort of record how far they reach: nothing, one's own, those of
one's teams, or all. What belongs to nobody is within everybody's reach that is not nothing: mail
makes contacts before anybody has taken them. Fields may be kept from a role, or be for reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.workspace.models import UserRole

if TYPE_CHECKING:
    from crm.workspace.models import User


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


class Deed(StrEnum):
    """What is done to a record: who may edit may also make one."""

    SEE = "see"
    EDIT = "edit"
    DELETE = "delete"


class Scope(IntEnum):
    """How far a deed reaches, by who owns a record."""

    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


#: The sorts of records that have a scope of their own. All of a workspace's own share one.
SUBJECTS = ("contact", "company", "deal", "task", "object")
#: What follows from how far a role reaches, and is no power of its own.
_FOLLOWS = {
    May.SEE_RECORDS: ("contact", Deed.SEE),
    May.EDIT_RECORDS: ("contact", Deed.EDIT),
    May.SEE_DEALS: ("deal", Deed.SEE),
    May.EDIT_DEALS: ("deal", Deed.EDIT),
}
#: What a role is given or not.
POWERS = tuple(power for power in May if power not in _FOLLOWS)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may do."""

    powers: frozenset[May]
    scopes: Mapping[tuple[str, Deed], Scope]
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)  # fields, by subject
    fixed: Mapping[str, frozenset[str]] = field(default_factory=dict)  # fields for reading

    def scope(self, subject: str, deed: Deed) -> Scope:
        """Return how far a deed reaches: never beyond what may be seen."""
        subject = subject if subject in SUBJECTS else "object"
        seen = self.scopes.get((subject, Deed.SEE), Scope.NONE)
        return min(seen, self.scopes.get((subject, deed), Scope.NONE))


def _reaching(*, edit: Scope, delete: Scope, deals: Scope) -> dict[tuple[str, Deed], Scope]:
    """Give the scopes of a role that sees everything."""
    found: dict[tuple[str, Deed], Scope] = {}
    for subject in SUBJECTS:
        found[subject, Deed.SEE] = Scope.ALL
        found[subject, Deed.EDIT] = deals if subject == "deal" else edit
        found[subject, Deed.DELETE] = min(delete, found[subject, Deed.EDIT])
    return found


_NONE, _OWN, _ALL = Scope.NONE, Scope.OWN, Scope.ALL
_REP = frozenset({May.WRITE, May.SEND, May.CONNECT})

ROLES: dict[UserRole, Rights] = {
    UserRole.READER: Rights(frozenset(), _reaching(edit=_NONE, delete=_NONE, deals=_NONE)),
    UserRole.SUPPORT: Rights(_REP, _reaching(edit=_ALL, delete=_OWN, deals=_NONE)),
    UserRole.REP: Rights(_REP, _reaching(edit=_ALL, delete=_OWN, deals=_ALL)),
    UserRole.MANAGER: Rights(
        _REP | {May.SEE_LEDGERS}, _reaching(edit=_ALL, delete=_ALL, deals=_ALL)
    ),
    UserRole.ADMIN: Rights(frozenset(POWERS), _reaching(edit=_ALL, delete=_ALL, deals=_ALL)),
}


def of(user: User) -> Rights:
    """Return what somebody may do: as their workspace has it, or as the role came."""
    if not user.active:
        return _NOTHING
    if user.own_role is not None:
        return read(user.own_role.rights)
    return ROLES[UserRole(user.role)] if user.role in _KEYS else _NOTHING


_NOTHING = Rights(frozenset(), {})
_KEYS = frozenset(role.value for role in UserRole)


def scope(user: User, subject: str, deed: Deed = Deed.SEE) -> Scope:
    """Return how far somebody's deed reaches among the records of a sort."""
    return of(user).scope(subject, deed)


def allowed(user: User, what: May) -> bool:
    """Tell whether a user may do something."""
    if what in _FOLLOWS:
        return scope(user, *_FOLLOWS[what]) > Scope.NONE
    return what in of(user).powers


def check(user: User, what: May) -> None:
    """Refuse with ForbiddenError what a user's role does not allow."""
    if not allowed(user, what):
        raise refusal(user)


def check_reach(user: User, subject: str, deed: Deed) -> None:
    """Refuse with ForbiddenError a deed that a role may do to no record of a sort at all."""
    if scope(user, subject, deed) is Scope.NONE:
        raise refusal(user)


def refusal(user: User) -> ForbiddenError:
    """Say that a role does not allow something."""
    problem = _("Your role, {role}, does not allow this. Nothing was changed. Ask an admin.")
    return ForbiddenError(problem.format(role=role_of(user)))


def may_read(user: User, subject: str, key: str) -> bool:
    """Tell whether a field is kept from somebody's role or not."""
    return key not in of(user).hidden.get(subject, frozenset())


def may_change(user: User, subject: str, key: str) -> bool:
    """Tell whether a field may be changed by somebody who may edit its record."""
    return may_read(user, subject, key) and key not in of(user).fixed.get(subject, frozenset())


def role_of(user: User) -> str:
    """Return somebody's role in the language spoken here."""
    if user.own_role is not None and user.role not in _KEYS:
        return user.own_role.name
    return name_of(user.role) if user.role in _KEYS else user.role


def name_of(role: str) -> str:
    """Return a role that every workspace has, in the language spoken here."""
    names = {
        UserRole.ADMIN: _("Admin"),
        UserRole.MANAGER: _("Manager"),
        UserRole.REP: _("Rep"),
        UserRole.SUPPORT: _("Support"),
        UserRole.READER: _("Reader"),
    }
    return names[UserRole(role)]


def read(written: Mapping[str, Any]) -> Rights:
    """Read rights as they are stored: what is not understood is not given."""
    powers = frozenset(power for power in POWERS if power.name.lower() in written.get("may", ()))
    scopes = {
        (subject, deed): Scope(reach)
        for subject in SUBJECTS
        for deed in Deed
        if (reach := written.get("reach", {}).get(subject, {}).get(deed.value, 0)) in _SCOPES
    }
    return Rights(powers, scopes, _keys(written.get("hidden")), _keys(written.get("fixed")))


_SCOPES = frozenset(int(scope) for scope in Scope)


def write(rights: Rights) -> dict[str, Any]:
    """Write rights as they are stored."""
    reach: dict[str, dict[str, int]] = {}
    for (subject, deed), far in rights.scopes.items():
        reach.setdefault(subject, {})[deed.value] = int(far)
    return {
        "may": sorted(power.name.lower() for power in rights.powers),
        "reach": reach,
        "hidden": {subject: sorted(keys) for subject, keys in rights.hidden.items()},
        "fixed": {subject: sorted(keys) for subject, keys in rights.fixed.items()},
    }


def _keys(written: Mapping[str, Any] | None) -> dict[str, frozenset[str]]:
    return {subject: frozenset(keys) for subject, keys in (written or {}).items()}
