"""Roles of a workspace: what those that come with it do otherwise here, and new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.workspace import audit, keys, permissions
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, OwnRole, User, UserRole
from crm.workspace.permissions import ROLES, May, Rights

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session


@dataclass(frozen=True, slots=True)
class Role:
    """A role, what it may do, and whether it came with every workspace."""

    key: str
    name: str
    rights: Rights
    built_in: bool
    changed: bool  # from what it came with


def of_workspace(session: Session, workspace_id: UUID) -> list[Role]:
    """List the roles: those that every workspace has, then its own by name."""
    rows = session.scalars(
        select(OwnRole).where(OwnRole.workspace_id == workspace_id).order_by(OwnRole.name)
    ).all()
    own = {row.key: row for row in rows}
    found = []
    for role, rights in sorted(ROLES.items(), key=lambda item: list(UserRole).index(item[0])):
        row = own.pop(role.value, None)
        now = permissions.read(row.rights) if row is not None else rights
        name, changed = permissions.name_of(role), row is not None
        found.append(Role(role.value, name, now, built_in=True, changed=changed))
    for row in own.values():
        rights = permissions.read(row.rights)
        found.append(Role(row.key, row.name, rights, built_in=False, changed=True))
    return found


def get(session: Session, workspace_id: UUID, key: str) -> Role:
    """Return a role. Raises NotFoundError."""
    for role in of_workspace(session, workspace_id):
        if role.key == key:
            return role
    raise NotFoundError(_("There is no such role."))


def make(session: Session, name: str, rights: Rights, *, by: User, at: datetime) -> Role:
    """Make a role of the workspace's own. Raises InvalidError, ConflictError."""
    permissions.check(by, May.MANAGE)
    tidy = _name(name)
    known = of_workspace(session, by.workspace_id)
    if tidy.casefold() in {role.name.casefold() for role in known}:
        raise ConflictError(_("There is a role “{name}” already.").format(name=tidy))
    key = keys.free(f"own {tidy}", {role.key for role in known}, otherwise="own")
    _write(session, by, key, tidy, rights)
    _note(session, by, key, AuditVerb.MADE, "", str(permissions.write(rights)), at)
    return get(session, by.workspace_id, key)


def change(session: Session, role: Role, rights: Rights, *, by: User, at: datetime) -> None:
    """Let a role do more, or less, from the next request on. What admins may do stays."""
    permissions.check(by, May.MANAGE)
    if role.key == UserRole.ADMIN:
        problem = _("An admin may do everything, so that somebody can. Nothing was changed.")
        raise ConflictError(problem)
    _write(session, by, role.key, role.name, rights)
    before, after = permissions.write(role.rights), permissions.write(rights)
    _note(session, by, role.key, AuditVerb.CHANGED, str(before), str(after), at)


def remove(session: Session, role: Role, *, by: User, at: datetime) -> None:
    """Delete a role that nobody has; one that came with the workspace is as it came again."""
    permissions.check(by, May.MANAGE)
    has = select(User.id).where(User.workspace_id == by.workspace_id, User.role == role.key)
    if not role.built_in and session.scalar(has.limit(1)) is not None:
        problem = _("Somebody has the role {name}. Give them another one first.")
        raise ConflictError(problem.format(name=role.name))
    session.flush()
    mine = (OwnRole.workspace_id == by.workspace_id, OwnRole.key == role.key)
    session.execute(delete(OwnRole).where(*mine))
    session.expire_all()
    _note(session, by, role.key, AuditVerb.DELETED, str(permissions.write(role.rights)), "", at)


def _write(session: Session, by: User, key: str, name: str, rights: Rights) -> None:
    written = permissions.write(rights)
    values = {"workspace_id": by.workspace_id, "key": key, "name": name, "rights": written}
    statement = insert(OwnRole).values(values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "key"], set_={"rights": statement.excluded.rights}
        )
    )
    session.expire_all()


def _note(
    session: Session, by: User, key: str, verb: AuditVerb, before: str, after: str, at: datetime
) -> None:
    """Tell the audit log; a role has a word for a key, of which an id is made."""
    record_id = uuid5(by.workspace_id, f"role/{key}")
    done = Done("role", record_id, verb, key, before, after)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def _name(name: str) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(tidy) <= 40:
        raise InvalidError(_("A role's name has between 1 and 40 characters."))
    return tidy
