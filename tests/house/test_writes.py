"""Only doors commit, only doors open transactions, and nobody writes where nothing is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

import pytest

from tests.house.source import Source, assert_holds, dotted, modules, name_of, planted, refused

#: Who ends a transaction.
COMMITS = {
    "crm/base/db.py": "transaction() opens, commits and rolls back for every door",
    "addon/dispatch.py": "the add-on's edge: an entry that failed has only read, the page goes on",
    "crm/migrations/env.py": "Alembic's door: the command `inlay db upgrade` runs it",
}
#: Who opens transactions in `sync`: these are run by a worker or a command, the network outside.
OPENS = {
    "crm/base/db.py": "here it is made",
    "sync/backfill.py": "plan, take_stretch: a batch is a transaction, fetched before it opens",
    "sync/importing.py": "bulk_login: why IMAP was left is noted between two batches",
    "sync/delivery.py": "note: a step of the outbox, in a transaction of its own",
    "sync/jobs.py": "a job is a door",
    "sync/history.py": "plan, settle, take_stock: what the server tells is taken over, a step each",
    "sync/pieces.py": "what was found of a mailbox with a history is written, a piece each",
    "sync/leases.py": "held: a lease is renewed beside the work, in transactions of its own",
    "sync/ledger.py": "compare, settle: a door of the worker",
    "sync/following.py": "follow: a door of the worker",
    "sync/outbox.py": "work: a door of the worker; each step is a transaction, the server outside",
    "sync/patience.py": "transact: opens one for those named here, and waits for the database",
    "sync/notices.py": "tell: the job's door; claimed before the mail server is asked",
    "sync/pushing.py": "arrange: the job's door; what Gmail says is noted, Gmail outside",
    "sync/quarantine.py": "retry, tidy: a door of the command, fifty letters a transaction",
    "sync/renewal.py": "kept_up: a claim is renewed beside the work, in transactions of its own",
    "sync/renumbering.py": "recognise: called by the plan, five hundred letters a transaction",
    "sync/schedule.py": "sweep: in the scheduler's role, which reads and writes nothing",
    "sync/watch/clerk.py": "the watcher's own door: what is read and written for its loop",
    "sync/watch/knock.py": "knock: reads the way in, and closes before it connects",
    "sync/running.py": "bring_up_to_date: the worker's door itself",
    "sync/urgent.py": "take: a door of the worker; waiting: asked between two batches of another",
}
DOORLESS = ("crm", "sync", "addon")

_ENDS = ("commit", "rollback")
_OPENS = ("transaction", "transact", "sessions", "sessionmaker", "Session")
_CHANGES = ("append", "extend", "remove", "insert", "clear", "pop", "add", "discard", "update")


def commits(source: Source) -> Iterator[str]:
    """Refuse that a function which takes a session ends its transaction."""
    if source.path in COMMITS:
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=end) as function) if end in _ENDS:
                yield source.at(node, f"{dotted(function)}() is for doors")


def opens_a_transaction(source: Source) -> Iterator[str]:
    """Refuse that a transaction is opened anywhere but at a door."""
    if source.path in OPENS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            opened = name_of(node.func)
            if opened in _OPENS or (opened == "begin" and not node.args and not node.keywords):
                yield source.at(node, f"{opened}() is for doors")


def relationships(sources: tuple[Source, ...]) -> dict[str, set[str]]:
    """Return the models with relationships, and the names of these."""
    found: dict[str, set[str]] = {}
    for source in sources:
        for model in ast.walk(source.tree):
            if isinstance(model, ast.ClassDef):
                for field in model.body:
                    if _relationship(field) and isinstance(field, ast.AnnAssign):
                        found.setdefault(model.name, set()).add(name_of(field.target))
    return found


def has_a_writable_relationship(source: Source) -> Iterator[str]:
    """Refuse a relationship that would write: rows are tied by their ids."""
    for node in ast.walk(source.tree):
        call = _relationship(node) if isinstance(node, ast.AnnAssign | ast.Assign) else None
        if call is not None:
            viewonly = [word.value for word in call.keywords if word.arg == "viewonly"]
            if not any(isinstance(v, ast.Constant) and v.value is True for v in viewonly):
                yield source.at(node, "a relationship is for reading: viewonly=True")


def writes_nothing(known: dict[str, set[str]], source: Source) -> Iterator[str]:
    """Refuse that a relationship for reading is set: SQLAlchemy would silently write nothing."""
    every = set().union(*known.values()) if known else set()
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()) if name in every:
                if name_of(node.value) != "self":
                    yield source.at(node, f"{name} is for reading; set the id")
            case ast.Call(func=ast.Attribute(attr=change, value=ast.Attribute(attr=name))) if (
                change in _CHANGES and name in every
            ):
                yield source.at(node, f"{name} is for reading; add the row")
            case ast.Call(func=ast.Name(id=model) | ast.Attribute(attr=model)) if model in known:
                for word in node.keywords:
                    if word.arg in known[model]:
                        yield source.at(node, f"{model}({word.arg}=…) writes nothing; set the id")
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=name), _]) if (
                name in every
            ):
                yield source.at(node, f"{name} is for reading; set the id")


def test_only_doors_commit():
    assert_holds(commits, modules(*DOORLESS))


def test_only_doors_open_transactions():
    assert_holds(opens_a_transaction, modules(*DOORLESS))


def test_every_door_is_one():
    for rule, doors in ((commits, COMMITS), (opens_a_transaction, OPENS)):
        for path, reason in doors.items():
            (source,) = (source for source in modules() if source.path == path)
            assert list(rule(planted(source.text, "elsewhere.py"))), path
            assert len(reason.split()) > 2, path


def test_relationships_are_for_reading():
    assert_holds(has_a_writable_relationship, modules("crm"))


def test_nobody_sets_a_relationship():
    known = relationships(modules("crm"))

    assert known
    assert_holds(partial(writes_nothing, known), modules())


@pytest.mark.parametrize(
    "text",
    [
        "def close(session):\n    session.commit()",
        "def close(session):\n    session.rollback()",
        "def close(context):\n    context.session.commit()",
        "def close(connection):\n    connection.commit()",
    ],
)
def test_a_commit_is_refused(text):
    assert refused(commits, text)


@pytest.mark.parametrize(
    "text",
    [
        "with transaction(workspace_id) as session: pass",
        "with db.transaction() as session: pass",
        "patience.transact(workspace_id, work)",
        "session = sessions()",
        "session = Session(engine)",
        "with engine.begin() as connection: pass",
    ],
)
def test_a_transaction_is_refused(text):
    assert refused(opens_a_transaction, text)


def test_a_savepoint_is_not():
    text = "def f(session: Session):\n    with session.begin_nested():\n        session.flush()"

    assert not refused(opens_a_transaction, text)
    assert not refused(commits, text)


def test_a_writable_relationship_is_refused():
    model = "class Deal:\n    company: Mapped[Company] = relationship({})\n"

    assert refused(has_a_writable_relationship, model.format(""))
    assert refused(has_a_writable_relationship, model.format("viewonly=False"))
    assert not refused(has_a_writable_relationship, model.format("viewonly=True"))


MODEL = (
    "class Contact:\n"
    "    company: Mapped[Company] = relationship(viewonly=True)\n"
    "    addresses: Mapped[list[Address]] = relationship(viewonly=True)\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "contact.company = company",
        "contact.company, x = company, 1",
        "found.contact.company = company",
        "contact.addresses.append(address)",
        "contact.addresses += [address]",
        "Contact(name='Ann', company=company)",
        "models.Contact(addresses=[])",
        "setattr(contact, 'company', company)",
        "del contact.company",
    ],
)
def test_setting_a_relationship_is_refused(text):
    known = relationships((planted(MODEL),))

    assert known == {"Contact": {"company", "addresses"}}
    assert list(writes_nothing(known, planted(text)))


@pytest.mark.parametrize(
    "text",
    [
        "contact.company_id = company.id",
        "print(contact.company.name)",
        "Person(company=company)",
        "self.company = company",
        "session.add(ContactAddress(contact_id=contact.id))",
    ],
)
def test_reading_a_relationship_is_not(text):
    assert not list(writes_nothing(relationships((planted(MODEL),)), planted(text)))


def _relationship(node: ast.AST) -> ast.Call | None:
    value = getattr(node, "value", None)
    if isinstance(value, ast.Call) and name_of(value.func) == "relationship":
        return value
    return None
