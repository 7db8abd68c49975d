"""What a form has written already: the same one is known again, whenever and wherever it is sent.

A message of a form has the form in the first half of its id, and what it says in the second: the
same form with the same words is the same message, and the messages of a form lie side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import load_only

from crm.base import ids
from crm.mail.models import TAKEN_BACK, Outgoing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.workspace.models import User

#: The second half of an id, which has the variant of RFC 9562 in its first bits.
_SECOND: Final = (1 << 64) - 1
#: So often what was taken back and written anew is followed.
_FOLLOWED: Final = 20


def of(user: User, nonce: UUID) -> UUID:
    """Return the id of a user's form, which nobody else can send."""
    return ids.of_form(user.id, "outgoing", nonce)


def message_id(form: UUID, said: str) -> UUID:
    """Return the id of the message that a form holds."""
    return UUID(int=form.int & ~_SECOND | uuid5(form, said).int & _SECOND)


def find_written(session: Session, user: User, form: UUID) -> Outgoing | None:
    """Return what a form has written and was not taken back, be it after it was changed.

    What was taken back is the form of what is written next: it is followed for some steps.
    """
    waiting = [form]
    for _step in range(_FOLLOWED):
        if not waiting:
            break
        found = _written(session, user, waiting.pop(0))
        if stands := next((one for one in found if one.state not in TAKEN_BACK), None):
            return stands
        waiting += [of(user, one.id) for one in found]
    return None


def _written(session: Session, user: User, form: UUID) -> Sequence[Outgoing]:
    return session.scalars(
        select(Outgoing)
        .where(
            Outgoing.workspace_id == user.workspace_id,
            Outgoing.author_id == user.id,
            Outgoing.id.between(UUID(int=form.int & ~_SECOND), UUID(int=form.int | _SECOND)),
        )
        .order_by(Outgoing.written_at.desc(), Outgoing.id)
        .limit(_FOLLOWED)
        .options(load_only(Outgoing.state))
    ).all()
