"""What is true after the migrations: each table has its policy, and search has its index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, ForeignKeyConstraint, Table, event
from sqlalchemy.exc import IntegrityError, ProgrammingError

from crm.base import bulk, db, ids
from crm.base.addresses import Address
from crm.base.db import Session
from crm.base.money import Money
from crm.base.settings import Settings
from crm.filing import suggestions
from crm.mail import outgoing, stretches, visibility
from crm.mail.draft import Draft, File
from crm.mail.letter import Arrival, Unreadable
from crm.mail.meaning import Meaning
from crm.mail.models import Message
from crm.migrations.tables import metadata
from crm.people import contacts
from crm.people.models import DetailKind
from crm.sales import deals
from crm.segments import listing, views
from crm.segments.listing import Asked
from crm.work import links, notes, objects, relations, tasks
from crm.work.models import Record
from crm.workspace import fields, object_types, password_links, roles, sign_ins, tags, teams
from crm.workspace.changing import How
from crm.workspace.fields import FieldType
from crm.workspace.models import User, UserRole
from crm.workspace.permissions import ROLES
from tests import make
from tests.crm.filing.telling import suggest

#: What must be found before the workspace is known, and Alembic's own.
OPEN = {"directory", "attempt", "alembic_version"}
OWNED = [t for t in metadata.sorted_tables if t.name not in OPEN]
#: Where the scheduler finds work for all workspaces.
SCHEDULED = {"workspace", "mailbox", "stretch"}
#: What was told stays as it was told.
APPEND_ONLY = {"audit"}
#: And where no more of it than when it is due.
DUE = {"outgoing": {"workspace_id", "id", "due_at", "leased_until"}}

#: What the finder may read: never a text, but for the words in the index.
FOUND = {
    "message": {"workspace_id", "id", "at", "shares", "search"},
    "copy": {"workspace_id", "message_id", "mailbox_id", "state"},
}

LETTER = b"""From: Jana <jana@severka.test>\r
To: ana@halden.test\r
Subject: The offer\r
Date: Fri, 20 Nov 2026 12:00:00 +0000\r
Message-ID: <file@severka.test>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
See the offer.\r
--b\r
Content-Disposition: attachment; filename="offer.pdf"\r
Content-Type: application/pdf\r
\r
PDF\r
--b--\r
"""


def furnish(session: Session, name: str) -> User:
    """Found a workspace with at least one row in every table."""
    ana = make.user(session, make.workspace(session, name), "ana@halden.test", role="admin")
    sign_ins.begin(session, ana, agent="", at=make.NOW)
    password_links.make(session, ana, by=ana, at=make.NOW)
    box = make.mailbox(session, ana)
    broken = Unreadable(b"d" * 32, b"raw", "too deep", 3)
    meant = Meaning(forward=make.forward(), meetings=(make.meeting(),))
    arrivals = [make.arrival(LETTER, meaning=meant), Arrival(10**6, broken, make.NOW)]
    [message] = make.filed_arrivals(session, box, arrivals).new
    ours = make.raw("ana@halden.test", "jana@severka.test", message_id="yes@halden.test")
    back = make.bounce("jana@severka.test", about="yes@halden.test")
    make.filed_arrivals(session, box, [make.arrival(ours), back])
    stretches.cut(session, make.folder(session, box), [stretches.Piece(1, 9, 0)])
    jana = contacts.get_named(session, ana, "jana@severka.test")
    suggest(session, box, session.get_one(Message, (ana.workspace_id, message)))
    key = suggestions.key_of(DetailKind.TITLE, "Head of Sales")
    suggestions.use(session, visibility.viewer(session, ana), jana, key, at=make.NOW)
    notes.write(session, "Hello", by=ana, at=make.NOW, on=[(Record.CONTACT, jana.id)])
    deal = deals.make(
        session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW, company_id=jana.company_id
    )
    deals.add_contact(session, deal, jana.id, by=ana)
    thread = bulk.run(
        session, "select thread_id from message where id = %s", (message,)
    ).scalar_one()
    deals.link_thread(session, deal, thread, by=ana, at=make.NOW)
    about = tasks.About(jana.id, deal.id, thread, message)
    tasks.make(session, "Call", by=ana, at=make.NOW, about=about)
    links.take_off(session, message, Record.DEAL, deal.id, by=ana, at=make.NOW)
    draft = Draft(
        "", Address("ana@halden.test"), (Address("jana@severka.test"),), "Offer", "Here.", make.NOW
    )
    files = (File("offer.pdf", "application/pdf", b"PDF"),)
    outgoing.write(session, box, replace(draft, files=files), by=ana, at=make.NOW)
    roles.make(session, "Guest", ROLES[UserRole.READER], by=ana, at=make.NOW)
    teams.add(
        session, teams.make(session, "North", by=ana, at=make.NOW), ana.id, by=ana, at=make.NOW
    )
    tags.put(session, "contact", [jana.id], "Expo", by=ana, at=make.NOW)
    size = fields.Draft("Size", FieldType.NUMBER)
    fields.add(session, "contact", size, standard=(), by=ana, at=make.NOW)
    contacts.change(session, jana, {"size": ["12"]}, How(ana, make.NOW))
    machines = object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)
    session.flush()
    relations.relate(session, jana.id, press.id, by=ana, at=make.NOW)
    sort = listing.sort_of(session, ana, "contact", at=make.NOW)
    views.save(session, sort, "Big ones", Asked("size > 3"), by=ana, at=make.NOW)
    session.flush()
    return ana


@dataclass(frozen=True, slots=True)
class Two:
    """A session that stands in `here`, and the workspace it must never see."""

    session: Session
    here: UUID
    there: UUID

    def count(self, table: Table, which: UUID | None = None) -> int:
        """Count rows of a table, or those of one workspace."""
        where = "" if which is None else f" where {key(table)} = '{which}'"
        rows = bulk.run(self.session, f'select count(*) from "{table.name}"{where}', ())
        return int(rows.scalar_one())

    def refused(self, statement: str, error: type[Exception], *values: object) -> bool:
        """Tell whether the database refuses a statement, at once or at the commit."""
        try:
            with self.session.begin_nested():
                bulk.run(self.session, statement, values)
                bulk.run(self.session, "set constraints all immediate", ())
        except error:
            return True
        bulk.run(self.session, "set constraints all deferred", ())
        return False

    def touched(self, statement: str) -> int:
        """Run a statement and take it back; return how many rows it reached."""
        savepoint = self.session.begin_nested()
        count = bulk.run(self.session, statement, ()).rowcount
        savepoint.rollback()
        return int(count)


def key(table: Table) -> str:
    return "id" if table.name == "workspace" else "workspace_id"


@pytest.fixture
def two(session: Session) -> Two:
    """Furnish two workspaces alike; the session stands in the first."""
    there = furnish(session, "There").workspace_id
    here = furnish(session, "Here").workspace_id
    return Two(session, here, there)


def test_every_table_of_a_workspace_is_keyed_by_it_first() -> None:
    wrong = {
        t.name
        for t in OWNED
        if t.name != "workspace" and next(c.name for c in t.primary_key.columns) != "workspace_id"
    }
    assert wrong == set()
    keys = [c for t in OWNED for c in t.constraints if isinstance(c, ForeignKeyConstraint)]
    assert {str(k.name) for k in keys if k.column_keys[0] != "workspace_id"} == set()
    assert {str(k.name) for k in keys if not k.deferrable} == set()


def test_every_table_has_a_row_here_and_there_for_the_tests_below(two: Two) -> None:
    assert {t.name for t in OWNED if not two.count(t)} == set()
    db.enter(two.session, two.there)
    assert {t.name for t in OWNED if not two.count(t)} == set()


def test_the_program_sees_its_workspace_alone(two: Two) -> None:
    seen = {t.name: two.count(t, two.there) for t in OWNED}

    assert {name for name, count in seen.items() if count} == set()
    assert {t.name for t in OWNED if two.count(t) != two.count(t, two.here)} == set()


def test_without_a_workspace_the_program_sees_and_writes_nothing(two: Two) -> None:
    rows = {
        t.name: bulk.run(
            two.session, f'select to_jsonb(t)::text from "{t.name}" t limit 1', ()
        ).scalar_one()
        for t in OWNED
    }
    again = 'insert into "{0}" select * from jsonb_populate_record(null::"{0}", %s::jsonb)'

    bulk.run(two.session, "select set_config('inlay.workspace', '', true)", ())

    assert {t.name for t in OWNED if two.count(t)} == set()
    written = {
        name
        for name, row in rows.items()
        if not two.refused(again.format(name), ProgrammingError, row)
    }
    assert written == set()


def copied(table: Table) -> str:
    """Write a row of one's own again, for another workspace."""
    name, where = table.name, key(table)
    return (
        f'insert into "{name}" select r.* from "{name}" t, jsonb_populate_record('
        f"null::\"{name}\", to_jsonb(t) || jsonb_build_object('{where}', %s::uuid)) r limit 1"
    )


def test_the_program_cannot_write_into_another_workspace(two: Two) -> None:
    written = {t.name for t in OWNED if not two.refused(copied(t), ProgrammingError, two.there)}

    assert written == set()


def test_the_program_cannot_move_a_row_into_another_workspace(two: Two) -> None:
    move = 'update "{}" set {} = %s'
    moved = {
        t.name
        for t in OWNED
        if not two.refused(move.format(t.name, key(t)), ProgrammingError, two.there)
    }

    assert moved == set()


def test_the_program_neither_changes_nor_deletes_rows_of_another_workspace(two: Two) -> None:
    reached = {}
    for t in OWNED:
        if t.name in APPEND_ONLY:
            continue
        where = f"where {key(t)} = '{two.there}'"
        column = list(t.columns)[-1].name
        changed = two.touched(f'update "{t.name}" set "{column}" = "{column}" {where}')
        reached[t.name] = changed + two.touched(f'delete from "{t.name}" {where}')

    assert {name for name, count in reached.items() if count} == set()


def test_what_was_told_is_neither_changed_nor_deleted(two: Two) -> None:
    for name in APPEND_ONLY:
        assert two.refused(f"update {name} set at = now()", ProgrammingError)
        assert two.refused(f"delete from {name}", ProgrammingError)
        assert two.refused(f"truncate {name}", ProgrammingError)


def test_no_row_can_point_into_another_workspace(two: Two) -> None:
    pointed = set()
    for t in OWNED:
        for constraint in t.constraints:
            if not isinstance(constraint, ForeignKeyConstraint) or len(constraint.elements) != 2:
                continue
            target, column = constraint.referred_table, constraint.column_keys[1]
            db.enter(two.session, two.there)
            theirs = bulk.run(two.session, f'select id from "{target.name}" limit 1', ())
            id_ = theirs.scalar_one()
            db.enter(two.session, two.here)
            statement = (
                f'update "{t.name}" set "{column}" = %s'
                f' where ctid = (select ctid from "{t.name}" limit 1)'
            )
            refusal = ProgrammingError if t.name in APPEND_ONLY else IntegrityError
            if not two.refused(statement, refusal, id_):
                pointed.add(str(constraint.name))

    assert pointed == set()


def test_searching_without_a_workspace_finds_nothing(two: Two) -> None:
    def found() -> int:
        boxes = [box for (box,) in bulk.run(two.session, "select id from mailbox", ())]
        query = "select count(*) from find_messages('offer', %s::uuid[], 500)"
        return int(bulk.run(two.session, query, (boxes or all_boxes,)).scalar_one())

    all_boxes: list[UUID] = []
    for place in (two.there, two.here):
        db.enter(two.session, place)
        all_boxes += [box for (box,) in bulk.run(two.session, "select id from mailbox", ())]
        assert found() == 1

    bulk.run(two.session, "select set_config('inlay.workspace', '', true)", ())

    assert found() == 0


@pytest.fixture
def owner(house: Settings) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(house.database_owner_url, autocommit=True) as connection:
        yield connection


Owner = psycopg.Connection[tuple[object, ...]]


def test_each_table_has_row_security_and_the_policy_here(owner: Owner) -> None:
    tables = owner.execute(
        "select relname, relrowsecurity from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
    ).fetchall()
    policies = owner.execute(
        "select tablename, policyname, roles::text[], cmd, qual from pg_policies"
    )

    found = {(str(t), str(name)): rest for t, name, *rest in policies.fetchall()}

    assert {name for name, _ in tables} == {t.name for t in OWNED} | OPEN
    assert {name for name, secured in tables if not secured} == OPEN
    for t in OWNED:
        roles, command, condition = found[t.name, "here"]
        assert (roles, command) == (["inlay_program"], "ALL")
        assert str(condition).startswith(f"({key(t)} = ")
        assert "NULLIF(current_setting('inlay.workspace'::text, true), ''::text)" in str(condition)
    others = {where: roles[0] for where, (roles, *_) in found.items() if where[1] != "here"}
    assert others == {(t, "everywhere"): "inlay_scheduler" for t in {*SCHEDULED, *DUE}} | {
        (t, "finding"): "inlay_finder" for t in FOUND
    }


def test_nobody_may_do_more_than_their_part(owner: Owner) -> None:
    rows = owner.execute(
        "select grantee, table_name, privilege_type from information_schema.role_table_grants"
        " where table_schema = 'public' and grantee <> 'inlay_owner'"
    ).fetchall()
    rights: dict[str, dict[str, set[str]]] = {}
    for who, table, right in rows:
        rights.setdefault(str(who), {}).setdefault(str(table), set()).add(str(right))

    whole = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    mine = {t.name: whole for t in metadata.sorted_tables} | {"alembic_version": {"SELECT"}}
    mine |= {name: {"SELECT", "INSERT"} for name in APPEND_ONLY}
    assert rights == {
        "inlay_program": mine,
        "inlay_scheduler": {name: {"SELECT"} for name in SCHEDULED},
    }
    columns = owner.execute(
        "select table_name, column_name, privilege_type from information_schema.column_privileges"
        " where grantee = 'inlay_finder'"
    ).fetchall()
    finder = {(table, column, "SELECT") for table, names in FOUND.items() for column in names}
    assert set(columns) == finder
    columns = owner.execute(
        "select table_name, column_name from information_schema.column_privileges"
        " where grantee = 'inlay_scheduler' and table_name = any(%s)",
        (list(DUE),),
    ).fetchall()
    assert set(columns) == {(table, column) for table, names in DUE.items() for column in names}


def test_no_role_of_the_product_can_get_round_the_policies(owner: Owner) -> None:
    powerful = owner.execute(
        "select rolname from pg_roles where rolname = any(%s)"
        " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)",
        ([f"inlay_{role}" for role in ("owner", "program", "scheduler", "finder")],),
    ).fetchall()
    owned = owner.execute(
        "select relname from pg_class where relowner <> 'inlay_owner'::regrole"
        " and relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
    ).fetchall()
    members = owner.execute(
        "select pg_has_role(a, b, 'member') from unnest(%s::text[]) a, unnest(%s::text[]) b",
        (["inlay_program", "inlay_scheduler"], ["inlay_owner", "inlay_finder"]),
    ).fetchall()
    makes = owner.execute(
        "select has_schema_privilege(r, 'public', 'create')"
        " from unnest(array['inlay_program', 'inlay_scheduler']) r"
    ).fetchall()

    assert (powerful, owned) == ([], [])
    assert set(members) == {(False,)}
    assert set(makes) == {(False,)}


def test_each_function_that_runs_as_its_owner_is_pinned_and_filters_by_the_setting(
    owner: Owner,
) -> None:
    functions = owner.execute(
        "select p.oid::regprocedure::text, p.proconfig, p.prosrc, p.proowner::regrole::text,"
        "   has_function_privilege('public', p.oid, 'execute')"
        " from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace"
    ).fetchall()

    assert [str(name).partition("(")[0] for name, *_ in functions] == ["find_messages"]
    for _name, config, source, who, everyone in functions:
        [path] = [c for c in config if c.startswith("search_path=")]  # type: ignore[attr-defined]
        assert path.replace(" ", "") == "search_path=pg_catalog,public,pg_temp"
        assert "nullif(current_setting('inlay.workspace', true), '')::uuid" in str(source)
        assert (who, everyone) == ("inlay_finder", False)


FILL = """
insert into message (workspace_id, id, ref, fingerprint, rfc_id, thread_id, at, direction, kind,
  kind_reason, unfiled, shares, from_email, from_name, subject, snippet, size, parts, whole, search)
select %(ws)s, gen_random_uuid(), gen_random_uuid(), n::text::bytea, '', %(thread)s,
  now() - n * interval '1 minute', 1, 1, '', '', 3, '', '', '', '', 0, 0, true,
  to_tsvector('public.inlay', 'common w' || n %% 997 || case when n = 77 then ' needle' else '' end)
from generate_series(1, 6000) n
"""


@pytest.mark.parametrize(
    ("word", "index"), [("needle", "message_search_ix"), ("common", "message_workspace_id_at_ix")]
)
def test_the_finder_uses_the_index_that_fits_the_word(
    house: Settings, owner: Owner, word: str, index: str
) -> None:
    for name in ("One", "Two"):
        with db.transaction() as session:
            workspace_id = make.workspace(session, name).id
            thread = ids.new()
            bulk.run(
                session,
                "insert into thread (workspace_id, id, subject, last_at, messages)"
                " values (%s, %s, '', now(), 1)",
                (workspace_id, thread),
            )
            bulk.run(session, FILL, {"ws": workspace_id, "thread": thread})
    owner.execute("vacuum analyze message")
    [(source,)] = owner.execute("select prosrc from pg_proc where proname = 'find_messages'")
    query = str(source)
    for name, value in (("words", f"'{word}'"), ("mailboxes", "'{}'::uuid[]"), ("most", "500")):
        query = re.sub(rf"\b{name}\b", value, query)

    with owner.transaction():
        owner.execute("set local role inlay_finder")
        owner.execute("select set_config('inlay.workspace', %s, true)", (str(workspace_id),))
        plan = "\n".join(str(line) for (line,) in owner.execute(f"explain {query}").fetchall())
        found = owner.execute(query).fetchall()  # type: ignore[arg-type]

    assert index in plan
    assert "Seq Scan" not in plan
    assert len(found) == (1 if word == "needle" else 500)


def test_contacts_are_read_by_name_without_sorting_them(house: Settings, owner: Owner) -> None:
    with db.transaction() as session:
        ana = make.user(session, make.workspace(session))
        bulk.run(
            session,
            "insert into contact (workspace_id, id, name, title, phone, lifecycle, origin,"
            " created_at) select %s, gen_random_uuid(), md5(n::text), '', '', 'lead', 'mail', now()"
            " from generate_series(1, 6000) n",
            (ana.workspace_id,),
        )
    owner.execute("vacuum analyze contact")
    plans: list[str] = []

    def explain(connection: Connection, _cursor: object, asked: str, values: Any, *_: Any) -> None:
        if "ORDER BY contact.name" in asked:
            found = connection.connection.cursor().execute(f"explain {asked}", values)
            plans.append("\n".join(line for (line,) in found.fetchall()))

    with db.transaction(ana.workspace_id) as session:
        first = contacts.page(session, ana)
        assert first.next is not None
        event.listen(session.connection(), "before_cursor_execute", explain)
        second = contacts.page(session, ana, first.next.id)

    assert len(second.contacts) == 50
    assert "contact_workspace_id_name_id_ix" in plans[0]
    assert "Sort" not in plans[0]
