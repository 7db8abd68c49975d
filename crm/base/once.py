"""Insert a row under an id that a form carries: once, however often the form is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql

from crm.base.db import Owned
from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session

Row = TypeVar("Row", bound=Owned)


def insert(session: Session, row: Row, *, same: Sequence[str]) -> Row | None:
    """Insert a row and return it, or None where it was inserted already and nothing is to do.

    `same` names what a form that is sent again has in common with the first. Raises ConflictError
    where it has not: somebody went back to a form that was sent, and wrote something else in it.
    """
    kind = type(row)
    given = {key: value for key, value in vars(row).items() if key in inspect(kind).columns}
    statement = postgresql.insert(kind).values(given)
    statement = statement.on_conflict_do_nothing(index_elements=["workspace_id", "id"])
    session.flush()
    made = session.scalar(statement.returning(kind))
    if made is None:
        before = session.get_one(kind, (row.workspace_id, row.id))
        if any(getattr(before, name) != getattr(row, name) for name in same):
            problem = _("This form was saved already. Open it anew to save something else.")
            raise ConflictError(problem)
    return made
