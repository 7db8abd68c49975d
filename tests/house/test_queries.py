"""Nobody reads mail without asking who may see it.

A function that reads one of the tables below has to ask `crm.mail.visibility`, to look by the
viewer's own mailboxes or audiences, or to hold a `Seen` and look at its level. A statement that is
built beside the functions asks itself, or the functions that use it do. The few that need not are
named here, each with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import (
    Source,
    assert_holds,
    dotted,
    modules,
    name_of,
    refused,
    texts,
)

#: What mail says, who wrote it, and where it stands: the model and its table.
GUARDED = {
    "Message": "message",
    "MessageBody": "message_body",
    "Participant": "participant",
    "Attachment": "attachment",
    "Thread": "thread",
    "InboxThread": "inbox_thread",
    "RawLetter": "raw_letter",
    "Activity": "activity",
    "ActivityLink": "activity_link",
    "Note": "note",
    "BounceRow": "bounce",
    "ForwardRow": "forward",
    "MeetingMessage": "meeting_message",
}
#: A folder, a file, or a function, and why it need not ask.
ALLOWED = {
    "crm/mail/reach.py::of_addresses": "when an address wrote last is never shown: it takes back"
    " only what a bounce that the viewer may read has said",
    "crm/mail/visibility.py::has_copy": "the question itself: it compares, and gives no row away",
    "crm/mail/visibility.py::has_sent": "a question too: it compares, and gives no row away",
    "crm/mail/threads.py::living": "it says where a thread went, of which somebody has the id: who"
    " reads there asks",
    "crm/mail/undecided.py::of_author": "it says where an author's own message stands, and nothing"
    " of what anybody else wrote there: who reads there asks",
    "crm/filing/": "filing writes for everyone: what it reads goes into rows, and to nobody's eyes",
    "crm/migrations/": "a migration is run by the owner, and shows nothing",
    "sync/quarantine.py::_letters": "the bytes of a letter in quarantine have no message yet: for"
    " a second reading, and for an admin's command",
}

#: Calls that ask; `visibility.values` says for whom, and asks nothing.
_ASKS = frozenset(
    f"visibility.{name}"
    for name in ("of", "level", "has_copy", "has_sent", "in_own_mailbox", "viewer")
)
#: Calls that read the model they are given.
_READS = frozenset(
    "select exists join outerjoin select_from aliased table".split()
    + "get get_one query returning refresh".split()
)
_TABLES = "|".join(sorted(GUARDED.values(), key=len, reverse=True))
_SQL = re.compile(
    rf'\b(?:from|join|using)\s+(?:only\s+|lateral\s+)?(?:public\.)?"?(?:{_TABLES})\b'
    rf'|,\s*(?:public\.)?"?(?:{_TABLES})"?\s+(?:as\s+)?[a-z]\w?\b'
    r'|\b(?:from|join)\s+"?\{\}'  # A table whose name comes from elsewhere may be any.
    r"|\bfind_messages\s*\(",
    re.IGNORECASE,
)
_Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.AnnAssign


def reads_unasked(source: Source) -> Iterator[str]:
    """Refuse a function that reads mail and does not ask who may see it."""
    units = list(_units(source.tree))
    models = set(GUARDED) - set(_namesakes(source.tree))
    constants = _reading_constants(units, models)
    loaded: set[str] = set()
    for unit in units:
        if isinstance(unit, ast.Assign | ast.AnnAssign):
            loaded |= _loads(unit)
            continue
        loaded |= _loads(unit)
        reads = _reads(unit, models) or _reads_sql(unit) or bool(_loads(unit) & constants)
        if reads and not asks(unit) and not _is_allowed(source.path, unit.name):
            yield source.at(unit, f"{unit.name} reads mail, and asks nobody who may see it")
    for unit in units:
        if isinstance(unit, ast.Assign | ast.AnnAssign):
            names = set(_targets(unit))
            if names & constants - loaded and not _is_allowed(source.path, ""):
                yield source.at(unit, f"{min(names)} reads mail, and no function here asks for it")


def asks(unit: ast.AST) -> bool:
    """Tell whether a function asks visibility, or looks by what belongs to its viewer."""
    for node in ast.walk(unit):
        if isinstance(node, ast.Call) and dotted(node.func) in _ASKS:
            return True
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            owner = name_of(node.value)
            if owner == "viewer" and node.attr in ("audiences", "mailboxes"):
                return True
            if owner == "seen" and node.attr == "level":
                return True
    return False


def test_nobody_reads_mail_unasked():
    assert_holds(reads_unasked, modules())


def test_every_exception_is_needed_and_has_a_reason(monkeypatch):
    for place in list(ALLOWED):
        here = [source for source in modules() if source.path.startswith(place.partition("::")[0])]
        with monkeypatch.context() as without:
            without.delitem(ALLOWED, place)
            assert any(list(reads_unasked(source)) for source in here), place
    assert all(len(reason.split()) > 3 for reason in ALLOWED.values())


UNASKED = {
    "a select": "def f(session, ws):\n    return session.scalars(select(Message).where(1))",
    "a column": "def f(session):\n    return session.scalars(select(MessageBody.text))",
    "through the module": "def f(session):\n    return session.scalar(select(models.Message.id))",
    "by the key": "def f(session, key):\n    return session.get(Attachment, key)",
    "a join": "def f(s):\n    return s.execute(select(Task).join(Message, Message.id == 1))",
    "a count": "def f(s):\n    return s.scalar(select(func.count()).select_from(Participant))",
    "an alias": "def f(s):\n    m = aliased(Message)\n    return s.scalars(select(m))",
    "a subquery": "def f(s):\n    return exists().where(ActivityLink.record_id == 1)",
    "what an update returns": "def f(s):\n    s.execute(update(Thread).returning(Thread.subject))",
    "a method": "class A:\n    def f(self, s):\n        return s.scalars(select(InboxThread))",
    "inside another": "def f(s):\n    def g():\n        return s.get(Note, 1)\n    return g",
    "SQL": 'def f(s):\n    return run(s, "select subject from message where id = %s", (1,))',
    "SQL in capitals": 'def f(s):\n    return text("SELECT * FROM Message_Body")',
    "SQL in two parts": 'def f(s):\n    return run(s, "select 1"\n    " from participant p")',
    "SQL with a place": 'def f(s):\n    return run(s, f"select {x} from activity_link")',
    "SQL with commas": 'def f(s):\n    return run(s, "select 1 from contact c, message m")',
    "SQL that deletes": 'def f(s):\n    return run(s, "delete from x l using message m")',
    "a quoted table": "def f(s):\n    return run(s, 'select 1 from \"message\"')",
    "a table from elsewhere": "def f(s, t):\n    return run(s, f'select * from {t}')",
    "the finder": 'def f(s):\n    return run(s, "select id from find_messages(%s, 9)", ("x",))',
    "a constant": 'Q = "select 1 from message"\ndef f(s):\n    return run(s, Q)',
    "a constant in another": 'A = "from thread t"\nB = f"select 1 {A}"\ndef f(s):\n    run(s, B)',
    "a constant for others": 'Q = "select 1 from message"',
    "a select beside": "Q = select(Message).where(1)\ndef f(s):\n    return s.scalars(Q)",
    "an alias beside": "M = aliased(Message)\ndef f(s):\n    return s.scalars(select(M))",
    "a table beside": "C = table(Message).c\ndef f(s):\n    return s.scalars(select(C.id))",
    "only whoever asks": "Q = select(Message)\n"
    "def f(s, viewer):\n    return s.scalars(Q, visibility.values(viewer))",
    "a viewer unasked": "def f(s, viewer):\n    return s.get(Message, viewer.workspace_id)",
}


@pytest.mark.parametrize("text", UNASKED.values(), ids=UNASKED.keys())
def test_reading_unasked_is_refused(text):
    assert refused(reads_unasked, text, "server/pages/planted.py")


ASKED = {
    "visibility": "def f(s, viewer):\n    q = select(Message).where(visibility.of())",
    "visibility beside": "Q = select(Message).where(visibility.of())\n"
    "def f(s, viewer):\n    return s.scalars(Q, visibility.values(viewer))",
    "own mailboxes beside": "Q = select(InboxThread)\n"
    "def f(s, viewer):\n    return s.scalars(Q, {'boxes': viewer.mailboxes})",
    "own mailboxes": "def f(s, viewer):\n    select(InboxThread).where(x.in_(viewer.mailboxes))",
    "own audiences": 'def f(s, viewer):\n    run("select from activity_link", (viewer.audiences,))',
    "a level": "def f(s, seen):\n    if seen.level > 2:\n        return select(MessageBody)",
    "writing": "def f(s):\n    s.add(Activity(kind=1))\n    run(s, 'insert into message values')",
    "a type": "def f(m: Message) -> list[Message]:\n    return [m]",
    "other tables": 'def f(s):\n    return run(s, "select 1 from contact"), select(Contact)',
    "a word": 'def f():\n    return _("There is a letter from messages.")',
    "a namesake": "from email.message import Message\ndef f(s):\n    s.join(x for x in Message)",
    "a docstring": 'def f():\n    """Take it from message to message."""',
}


@pytest.mark.parametrize("text", ASKED.values(), ids=ASKED.keys())
def test_asking_is_not_refused(text):
    assert not refused(reads_unasked, text, "server/pages/planted.py")


def _units(tree: ast.Module) -> Iterator[_Unit]:
    """Yield functions and methods, whole, and what is assigned beside them."""
    for node in tree.body:
        if isinstance(node, _Unit):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (inner for inner in node.body if isinstance(inner, _Unit))


def _namesakes(tree: ast.Module) -> Iterator[str]:
    """Yield names that come from elsewhere, as the standard library's Message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] != "crm":
            yield from (alias.asname or alias.name for alias in node.names)


def _reads(unit: ast.AST, models: set[str]) -> bool:
    for node in ast.walk(unit):
        if isinstance(node, ast.Call) and _is_reading_call(node):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(name_of(part) in models for part in _parts(given)):
                return True
    return False


def _is_reading_call(call: ast.Call) -> bool:
    if name_of(call.func) in _READS:
        return True
    # exists().where(Message.id == …): the condition names what is read.
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Call) and name_of(owner.func) == "exists"


def _parts(nodes: list[ast.expr]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def _reads_sql(unit: ast.AST) -> bool:
    return any(_SQL.search(text) for _, text in texts(unit) if _looks_like_sql(text))


def _looks_like_sql(text: str) -> bool:
    return bool(re.search(r"\b(?:select|delete|update|insert|with|from|join)\b", text.lower()))


def _reading_constants(units: list[_Unit], models: set[str]) -> set[str]:
    """Return the names of statements that read mail unasked, and of those made of them."""
    constants = [unit for unit in units if isinstance(unit, ast.Assign | ast.AnnAssign)]
    found: set[str] = set()
    while True:
        more = {
            name
            for unit in constants
            if _reads(unit, models) or _reads_sql(unit) or _loads(unit) & found
            if not asks(unit)
            for name in _targets(unit)
        }
        if more <= found:
            return found
        found |= more


def _targets(unit: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = unit.targets if isinstance(unit, ast.Assign) else [unit.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _loads(unit: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(unit)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _is_allowed(path: str, function: str) -> bool:
    if f"{path}::{function}" in ALLOWED or path in ALLOWED:
        return True
    return any(place.endswith("/") and path.startswith(place) for place in ALLOWED)
