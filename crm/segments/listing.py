"""A page of a list: the records that a filter lets through, in an order, and what their fields say.

    formula ── check ── condition ─┐
    reach of the role ─────────────┼─ ids, a page of them ── what each field says of those
    order, behind a mark ──────────┘

Pages go by the value they are sorted by and the id, never by number; what has no value comes last,
whichever way the list runs. Counts go no further than one above a thousand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select, tuple_

from crm.base import formulas, ids, showing
from crm.base.db import among
from crm.base.errors import InvalidError
from crm.base.formulas import Kind, Setting
from crm.base.i18n import gettext as _
from crm.segments import terms
from crm.workspace import changing, reaching, tags, users

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Select

    from crm.base.db import Session
    from crm.segments.terms import Sort, Term
    from crm.workspace.models import User

#: Beyond this many nothing is counted.
MOST = 1000
#: A number of a mark: what we write has fewer signs, and no exponent.
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is to show: a filter, the columns, and the order."""

    filter: str = ""
    columns: tuple[str, ...] = ()
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ends: the value it is sorted by, None where there is none, and an id."""

    value: str | None
    id: UUID

    def __str__(self) -> str:
        return json.dumps([self.value, self.id.hex], ensure_ascii=False, separators=(",", ":"))


def mark(text: str) -> Mark | None:
    """Read a mark as it is written; None for nonsense."""
    try:
        value, id_ = json.loads(text)
    except (ValueError, TypeError):
        return None
    found = ids.parse(id_) if isinstance(id_, str) else None
    if found is None or not (value is None or isinstance(value, str)):
        return None
    return Mark(value, found)


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a list: the record itself, and what its columns say, as canonical texts."""

    record: Any
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins."""

    rows: tuple[Row, ...]
    next: Mark | None


def setting(session: Session, user: User, *, at: datetime) -> Setting:
    """Return who looks, with whom they work, and when: what formulas have to know."""
    zone = showing.zone(user.time_zone)
    everyone = users.everyone(session, user.workspace_id)
    return Setting(
        user.id,
        tuple(reaching.colleagues(session, user)),
        {one.email: one.id for one in everyone},
        at.astimezone(zone).date(),
        at,
        zone,
    )


def sort_of(session: Session, user: User, subject: str, *, at: datetime) -> Sort:
    """Return a sort of record with its terms, for somebody who looks at a moment."""
    return terms.of(session, user, subject, setting(session, user, at=at))


def page(
    session: Session,
    user: User,
    sort: Sort,
    asked: Asked,
    after: Mark | None = None,
    *,
    size: int = 50,
) -> Page:
    """Read a page of a list. Raises FormulaError and InvalidError."""
    condition = _condition(session, user, sort, asked.filter)
    order = _order(sort, asked)
    found = _ids(session, sort, condition, order, asked, after, size + 1)
    shown = found[:size]
    told = rows(session, user, sort, [id_ for id_, _value in shown], asked.columns)
    more = len(found) > size
    return Page(told, Mark(shown[-1][1], shown[-1][0]) if more else None)


def count(session: Session, user: User, sort: Sort, filter_: str, most: int = MOST) -> int:
    """Count what a filter lets through, at most one more than `most`. Raises FormulaError."""
    condition = _condition(session, user, sort, filter_)
    few = select(literal(1)).select_from(sort.model).where(condition).limit(most + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(few)) or 0)


def every_id(session: Session, user: User, sort: Sort, filter_: str, most: int) -> list[UUID]:
    """Return the ids of all that a filter lets through, for what is done to all of them.

    Raises InvalidError where there are more than `most`.
    """
    condition = _condition(session, user, sort, filter_)
    found = session.scalars(select(sort.model.id).where(condition).limit(most + 1)).all()
    if len(found) > most:
        problem = _("More than {most} are listed. Narrow the list with a filter first.")
        raise InvalidError(problem.format(most=showing.number(most)))
    return list(found)


def _condition(session: Session, user: User, sort: Sort, filter_: str) -> ColumnElement[bool]:
    here = and_(sort.model.workspace_id == user.workspace_id, sort.here)
    reach = reaching.within(session, user, sort.subject, sort.model.owner_id)
    if not filter_.strip():
        return and_(here, reach)
    checked = formulas.check(formulas.parse(filter_), sort.known, Kind.TRUTH)
    wanted = formulas.condition(checked, sort.columns, sort.setting)
    return and_(here, reach, wanted)


def _order(sort: Sort, asked: Asked) -> ColumnElement[Any]:
    """Return what a list is sorted by; a term without an order of its own, by its value."""
    term = sort.term(asked.sort or "name")
    if term.kind is Kind.CHOICES:
        problem = _("A list cannot be sorted by {field}: it may say several things.")
        raise InvalidError(problem.format(field=term.field.name))
    return term.sort if term.sort is not None else term.column.value()


def _ids(
    session: Session,
    sort: Sort,
    condition: ColumnElement[bool],
    order: ColumnElement[Any],
    asked: Asked,
    after: Mark | None,
    size: int,
) -> list[tuple[UUID, str | None]]:
    """Return the ids of a page with what they are sorted by: first what has a value, then the rest.

    Two statements at most, each by one comparison of rows: joined by `or` no index serves them.
    """
    id_ = sort.model.id
    sure = sort.term(asked.sort or "name").sort is not None
    found: list[tuple[UUID, str | None]] = []
    if after is None or after.value is not None:
        query = select(id_, order).where(condition)
        query = query if sure else query.where(order.is_not(None))
        found = _behind(session, query, order, id_, asked, after, size)
    if sure or len(found) == size:
        return found
    rest = select(id_).where(condition, order.is_(None)).order_by(id_)
    if after is not None and after.value is None:
        rest = rest.where(id_ > after.id)
    return [*found, *((one, None) for one in session.scalars(rest.limit(size - len(found))))]


def _behind(
    session: Session,
    query: Select[Any],
    order: ColumnElement[Any],
    id_: ColumnElement[UUID],
    asked: Asked,
    after: Mark | None,
    size: int,
) -> list[tuple[UUID, str | None]]:
    place = tuple_(order, id_)
    if after is not None and after.value is not None:
        mark = tuple_(literal(_value(order, after.value), order.type), literal(after.id, id_.type))
        query = query.where(place < mark if asked.descending else place > mark)
    ways = (order.desc(), id_.desc()) if asked.descending else (order, id_)
    rows = session.execute(query.order_by(*ways).limit(size))
    return [(one, _written(value)) for one, value in rows]


def _value(order: ColumnElement[Any], text: str) -> Any:
    """Read a value of a mark again. Raises InvalidError for what nobody of ours has written."""
    kind = order.type.python_type
    try:
        if kind is datetime:
            return datetime.fromisoformat(text)
        if kind is date:
            return date.fromisoformat(text)
        if kind is Decimal:
            return Decimal(text if _NUMBER.fullmatch(text) else "no number")
        return kind(text) if kind is not bool else text == "True"
    except (ValueError, ArithmeticError) as error:
        raise InvalidError(_("The list has changed. Begin at its top.")) from error


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def records(session: Session, sort: Sort, record_ids: Sequence[UUID]) -> list[Any]:
    """Return the records of a sort with these ids, whoever may see them; who reads them checks."""
    return list(
        session.scalars(select(sort.model).where(sort.here, among(sort.model.id, record_ids)))
    )


def rows(
    session: Session, user: User, sort: Sort, record_ids: Sequence[UUID], columns: Sequence[str]
) -> tuple[Row, ...]:
    """Read what the columns say of some records, by a constant number of queries."""
    wanted = [sort.term(key) for key in columns if key in sort.terms]
    here = (sort.model.workspace_id == user.workspace_id, among(sort.model.id, record_ids))
    known = {one.id: one for one in session.scalars(select(sort.model).where(*here))}
    told = _told(session, sort, wanted, here)
    stored = changing.stored(session, user.workspace_id, record_ids)
    tagged = tags.of_records(session, user.workspace_id, record_ids)
    found = []
    for id_ in record_ids:
        if id_ not in known:
            continue  # It went between two statements.
        texts = told.get(id_, {})
        for term in wanted:
            field = term.field
            if field.id is not None and field.key not in texts:
                texts[field.key] = stored.get((id_, field.id), "")
            elif field.key == "tags":
                texts["tags"] = "\n".join(tag.key for tag in tagged.get(id_, ()))
        found.append(Row(known[id_], texts))
    return tuple(found)


def _told(
    session: Session, sort: Sort, wanted: Sequence[Term], here: Sequence[ColumnElement[bool]]
) -> dict[UUID, dict[str, str]]:
    """Return what is worked out, or stands beside the record, in one statement."""
    asked = [term for term in wanted if term.field.key != "tags" and not _is_stored(term)]
    query = select(sort.model.id, *(term.column.value() for term in asked)).where(*here)
    return {
        row[0]: {
            term.field.key: _canonical(value, sort.setting.zone)
            for term, value in zip(asked, row[1:], strict=True)
        }
        for row in session.execute(query)
    }


def _is_stored(term: Term) -> bool:
    """Tell whether a term's value is the text that stands in `field_value`."""
    return term.field.id is not None and not term.field.formula


def _canonical(value: Any, zone: ZoneInfo) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case datetime():
            return value.astimezone(zone).date().isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return str(value)
