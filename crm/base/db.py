"""The database: what every table shares, and how a transaction is opened for one workspace.

Every key of a table that belongs to a workspace begins with `workspace_id`, and so does every
foreign key: a row cannot point into another workspace. Row-level security shows a transaction the
rows of the workspace that it was opened for; one opened for none sees nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from psycopg import DataError
from psycopg.abc import Buffer
from psycopg.types.array import ListBinaryDumper
from psycopg.types.string import StrBinaryDumper, StrDumperUnknown
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Table,
    Text,
    any_,
    create_engine,
    event,
    literal,
    text,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    sessionmaker,
)

from crm.base import ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Engine

__all__ = ["Session"]

#: Unbound until a door binds it.
sessions: sessionmaker[Session] = sessionmaker(expire_on_commit=False)

_ENTER = text("select set_config('inlay.workspace', :workspace, true)")


class Base(DeclarativeBase):
    """Every table. Constraint names follow one convention, so that migrations can name them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
        bytes: LargeBinary(),
        date: Date(),
    }
    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pk",
            "uq": "%(table_name)s_%(column_0_N_name)s_uq",
            "fk": "%(table_name)s_%(column_0_N_name)s_fk",
            "ix": "%(table_name)s_%(column_0_N_name)s_ix",
            "ck": "%(table_name)s_%(constraint_name)s_ck",
        }
    )


class InWorkspace:
    """A leaf row of a workspace: it takes its natural key."""

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)


class Owned(InWorkspace):
    """A named thing of a workspace: its key is `(workspace_id, id)`, the id a UUIDv7."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1, default=ids.new)


def belongs_to(table: str, column: str = "", *, on_delete: str = "") -> ForeignKeyConstraint:
    """Point into a table of the same workspace, checked at commit.

    SQLAlchemy orders inserts by writable relationships, and ours are for reading: so the check is
    deferred, which costs nothing. `on_delete` may be "cascade" or "set null"; the latter nulls the
    column alone, for workspace_id is never null (PostgreSQL 15).
    """
    column = column or f"{table}_id"
    action = f"SET NULL ({column})" if on_delete == "set null" else on_delete.upper() or None
    return ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        deferrable=True,
        initially="DEFERRED",
        ondelete=action,
    )


def belongs_to_workspace() -> ForeignKeyConstraint:
    """Point at the workspace itself, where no other key of the table implies it."""
    return ForeignKeyConstraint(
        ["workspace_id"], ["workspace.id"], deferrable=True, initially="DEFERRED"
    )


def table(model: type[Base]) -> Table:
    """Return a model's table, for statements that write rows by the hundred."""
    found = model.__table__
    assert isinstance(found, Table)
    return found


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Tell whether a column's value is one of these.

    As `= any(array)`: an expanded `in (…)` would be another statement for each count of values,
    planned anew each time.
    """
    return column == any_(literal(list(values), ARRAY(column.type)))


def open_engine(url: str, *, pool_size: int = 5, statement_timeout: int = 30) -> Engine:
    """Open an engine whose statements end after `statement_timeout` seconds.

    Statements are prepared after their second use: planning is what a card costs most.
    """
    engine = create_engine(
        normal_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_recycle=3600,
        hide_parameters=True,  # What people wrote has no place in a log.
        connect_args={
            "connect_timeout": 10,
            "prepare_threshold": 2,
            "application_name": "inlay",
            "options": f"-c statement_timeout={statement_timeout * 1000} -c lock_timeout=30000"
            # Who is killed in the middle of a query lets go of its locks.
            " -c timezone=UTC -c client_connection_check_interval=1000",
            "keepalives_idle": 20,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
    )
    event.listen(engine, "connect", _keep_texts_storable)
    return engine


def normal_url(url: str) -> str:
    """Name the driver in a database's address, as people write it without."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def bind(engine: Engine | Connection) -> None:
    """Bind the process's sessions to an engine. A door does this once."""
    sessions.configure(bind=engine)


@contextmanager
def transaction(workspace_id: UUID | None = None) -> Iterator[Session]:
    """Open a session for one workspace, or for none; commit at its end, or roll back."""
    session = sessions(info={"workspace": workspace_id})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def enter(session: Session, workspace_id: UUID) -> None:
    """Go on for a workspace that was found out inside the transaction."""
    session.info["workspace"] = workspace_id
    if session.in_transaction():
        session.execute(_ENTER, {"workspace": str(workspace_id)})


def leave(session: Session) -> None:
    """Stand in no workspace again: what was found there is not for whoever asked."""
    session.info["workspace"] = None
    session.expunge_all()
    if session.in_transaction():
        session.execute(_ENTER, {"workspace": ""})


class _Storable(StrDumperUnknown):
    """Writes texts as PostgreSQL takes them: what it refuses becomes U+FFFD, and no error.

    NUL and halves of surrogate pairs reach us by mail, by JSON and by the command line.
    """

    def dump(self, obj: str) -> Buffer | None:
        try:
            return super().dump(obj)
        except (DataError, UnicodeEncodeError):
            return super().dump(obj.translate(_UNSTORABLE))


_UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class _StorableBinary(StrBinaryDumper):
    """The same in binary, as arrays travel."""

    def dump(self, obj: str) -> Buffer | None:
        try:
            return super().dump(obj if "\x00" not in obj else obj.translate(_UNSTORABLE))
        except UnicodeEncodeError:
            return super().dump(obj.translate(_UNSTORABLE))


def _keep_texts_storable(connection: Any, _record: object) -> None:
    connection.adapters.register_dumper(str, _StorableBinary)
    connection.adapters.register_dumper(str, _Storable)
    # The one that is registered last is taken: the other looks through each text by a pattern.
    connection.adapters.register_dumper(list, ListBinaryDumper)


@event.listens_for(Session, "after_begin")
def _enter(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:
        return  # A savepoint stands in the same workspace.
    workspace_id = session.info.get("workspace")
    connection.execute(_ENTER, {"workspace": str(workspace_id) if workspace_id else ""})
