"""Users: add, find, sign in with a password."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, select

from crm.base import addresses, directory, ids, showing
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.workspace import permissions
from crm.workspace.models import User, UserRole
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

_hasher = PasswordHasher()
_ONE = select(User).where(
    User.workspace_id == bindparam("workspace_id"), User.id == bindparam("id")
)
_EVERYONE = (
    select(User)
    .where(User.workspace_id == bindparam("workspace_id"), User.active)
    .order_by(User.name, User.id)
)


#: Verified when there is no user, so that an unknown address takes as long as a wrong password.
@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def add(
    session: Session,
    workspace_id: UUID,
    email: str,
    *,
    role: UserRole,
    password: str | None = None,
    name: str = "",
    language: str = "en",
    time_zone: str = "UTC",
    at: datetime,
) -> User:
    """Add a colleague who may sign in. Raises InvalidError, or ConflictError when known."""
    address = addresses.parse(email)
    if address is None:
        raise InvalidError(_("“{text}” is not an address.").format(text=email[:100]))
    if password is not None:
        check_password(password)
    check_time_zone(time_zone)
    known = find_by_email(session, workspace_id, address.email)
    if known is not None:
        raise ConflictError(_already(known).format(email=known.email))
    user = User(
        workspace_id=workspace_id,
        id=ids.new(),
        email=address.email,
        name=addresses.clean_name(name) or address.local.replace(".", " ").title(),
        role=role,
        password=_hasher.hash(_bytes(password)) if password is not None else None,
        language=language,
        time_zone=time_zone,
        active=True,
        created_at=at,
    )
    session.add(user)
    session.flush()
    session.refresh(user, ["own_role"])
    directory.add(session, directory.Key.USER, address.email, workspace_id, user.id)
    return user


def _already(known: User) -> str:
    """Say that somebody is there; who cannot come in yet is said with the ways to a password."""
    if known.password is not None:
        return _("{email} is a user already.")
    return _(
        "{email} is a user already, and has no password yet. Nothing was changed. An admin makes a"
        " link for them under People, or sets a password: inlay user password {email}"
        " --password-stdin"
    )


def get(session: Session, workspace_id: UUID, user_id: UUID) -> User:
    """Return a user, active or not."""
    user = session.scalar(_ONE, {"workspace_id": workspace_id, "id": user_id})
    if user is None:
        raise NotFoundError(_("There is no such user."))
    return user


def get_named(session: Session, workspace_id: UUID, name: str) -> User:
    """Return a user by id or address."""
    user_id = ids.parse(name)
    if user_id is not None:
        return get(session, workspace_id, user_id)
    user = find_by_email(session, workspace_id, name.strip().lower())
    if user is None:
        raise NotFoundError(_("There is no user {name}.").format(name=name))
    return user


def find_by_email(session: Session, workspace_id: UUID, email: str) -> User | None:
    """Return the user with an address, or None."""
    return session.scalar(
        select(User).where(User.workspace_id == workspace_id, User.email == email)
    )


def of_workspace(session: Session, by: User) -> list[User]:
    """List all users, those too who are deactivated: who may sign in first, each by name."""
    permissions.check(by, May.MANAGE)
    return list(
        session.scalars(
            select(User)
            .where(User.workspace_id == by.workspace_id)
            .order_by(User.active.desc(), User.name, User.id)
        )
    )


def everyone(session: Session, workspace_id: UUID) -> list[User]:
    """List the users who may sign in, by name."""
    return list(session.scalars(_EVERYONE, {"workspace_id": workspace_id}))


def invite(
    session: Session, email: str, *, role: UserRole, name: str = "", by: User, at: datetime
) -> User:
    """Add a colleague who has no password yet; `password_links` makes the way in."""
    permissions.check(by, May.MANAGE)
    return add(
        session,
        by.workspace_id,
        email,
        role=role,
        name=name,
        language=by.language,
        time_zone=by.time_zone,
        at=at,
    )


def change_role(session: Session, user: User, role: UserRole, *, by: User) -> None:
    """Let a user do more, or less: from their next request on."""
    permissions.check(by, May.MANAGE)
    _leave_an_admin(session, user, still=role == UserRole.ADMIN)
    user.role = role
    session.flush()


def deactivate(session: Session, user: User, *, by: User) -> None:
    """Let a user in no more: their next request is refused. What they did stays."""
    permissions.check(by, May.MANAGE)
    if user.id == by.id:
        raise InvalidError(_("Nobody deactivates themselves. Ask another admin."))
    _leave_an_admin(session, user, still=False)
    user.active = False
    session.flush()


def activate(session: Session, user: User, *, by: User) -> None:
    """Let a user in again, with the role and the password of before."""
    permissions.check(by, May.MANAGE)
    user.active = True
    session.flush()


def _leave_an_admin(session: Session, user: User, *, still: bool) -> None:
    """Refuse to take the last admin away. Two who do so at once wait for each other."""
    if still or user.role != UserRole.ADMIN:
        return
    others = session.scalars(
        select(User.id)
        .where(
            User.workspace_id == user.workspace_id,
            User.role == UserRole.ADMIN.value,
            User.active,
        )
        .order_by(User.id)
        .with_for_update()
    ).all()
    if not set(others) - {user.id}:
        problem = _("{name} is the only admin. Make somebody else one first.")
        raise ConflictError(problem.format(name=user.name))


def settle(user: User, *, language: str, time_zone: str, offered: Sequence[str]) -> None:
    """Read another of the languages that are offered, and live in another time zone."""
    if language not in offered:
        raise InvalidError(_("That language is not offered. Nothing was changed."))
    check_time_zone(time_zone)
    user.language, user.time_zone = language, time_zone


def check_time_zone(name: str) -> None:
    """Refuse a time zone that nobody knows."""
    if showing.zone(name).key != name:
        problem = _("“{name}” is not a time zone. Use a name like Europe/Prague.")
        raise InvalidError(problem.format(name=name[:50]))


def change_password(user: User, old: str, new: str) -> None:
    """Set a password for somebody who knows the one before. Raises InvalidError."""
    if not fits(user, old):
        raise InvalidError(_("That is not your current password. Nothing was changed."))
    set_password(user, new)


def set_password(user: User, password: str) -> None:
    """Set a password. Raises InvalidError when it cannot be one."""
    check_password(password)
    user.password = _hasher.hash(_bytes(password))


def check_password(password: str) -> None:
    """Refuse a password that is too short or too long to be one."""
    if not 8 <= len(password) <= 128:
        raise InvalidError(_("A password has between 8 and 128 characters."))


def fits(user: User | None, password: str) -> bool:
    """Tell whether a password is the user's; nobody's takes as long and never fits."""
    stored = user.password if user is not None and user.password is not None else _nobody()
    try:
        _hasher.verify(stored, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and user.password is not None and user.active


def hold(session: Session, user: User, password: str) -> bool:
    """Tell whether what fitted a moment ago still does, until this transaction ends.

    Hashing takes its time: who was let out meanwhile, or got another password, is not let in by
    the one before. A hash that was made more cheaply than one is today is made anew.
    """
    fitted = user.password
    session.refresh(user, ["password", "active"], with_for_update={"key_share": True})
    if fitted is None or user.password != fitted or not user.active:
        return False
    if _hasher.check_needs_rehash(fitted):
        user.password = _hasher.hash(_bytes(password))
    return True


def _bytes(password: str) -> bytes:
    """Return what is hashed of a password, whatever characters somebody tries."""
    return password.encode("utf-8", "surrogatepass")
