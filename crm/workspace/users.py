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
from crm.workspace.models import User, UserRole

if TYPE_CHECKING:
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
    if showing.zone(time_zone).key != time_zone:
        problem = _("“{name}” is not a time zone. Use a name like Europe/Prague.")
        raise InvalidError(problem.format(name=time_zone[:50]))
    if find_by_email(session, workspace_id, address.email) is not None:
        raise ConflictError(_("{email} is a user already.").format(email=address.email))
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
    directory.add(session, directory.Key.USER, address.email, workspace_id, user.id)
    return user


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


def everyone(session: Session, workspace_id: UUID) -> list[User]:
    """List the users who may sign in, by name."""
    return list(session.scalars(_EVERYONE, {"workspace_id": workspace_id}))


def check_password(password: str) -> None:
    """Refuse a password that is too short or too long to be one."""
    if not 8 <= len(password) <= 128:
        raise InvalidError(_("A password has between 8 and 128 characters."))


def fits(user: User | None, password: str) -> bool:
    """Tell whether a password is the user's; nobody's takes as long and never fits."""
    stored = user.password if user is not None and user.password is not None else _nobody()
    try:
        right = _hasher.verify(stored, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    if user is None or user.password is None or not user.active:
        return False
    if _hasher.check_needs_rehash(stored):
        user.password = _hasher.hash(_bytes(password))
    return right


def _bytes(password: str) -> bytes:
    """Return what is hashed of a password, whatever characters somebody tries."""
    return password.encode("utf-8", "surrogatepass")
