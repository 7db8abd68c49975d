"""The words of `docs/vocabulary.md` are the words of the code, both ways."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from enum import Enum
from types import ModuleType

import pytest

from crm.base import events
from crm.filing import who
from crm.mail import letter, pushed, retrying
from crm.mail import models as mail
from crm.people.models import Lifecycle
from crm.sales.models import Outcome
from crm.work import models as work
from crm.work import reasons
from crm.workspace.fields import FieldType
from crm.workspace.models import AuditVerb, Source, UserRole
from crm.workspace.permissions import Deed, Scope
from sync import backfill, errors
from sync.sources.gmail import listing
from tests.house import vocabulary


def words_of(kind: type[Enum]) -> set[str]:
    """Return the words of an enumeration: those it speaks, stores, or is named by."""
    return {
        str(getattr(one, "word", one.value if isinstance(one.value, str) else one.name.lower()))
        for one in kind
    }


def troubles() -> set[str]:
    """Return the words that errors bear, and those that a mailbox is judged by."""
    borne = {
        error.code
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.SyncError)
    }
    untroubled = mail.Mailbox.__table__.c.trouble.default.arg
    return borne | retrying.REFUSALS | retrying.RARE | {untroubled}


def skip_rules() -> set[str]:
    """Return the rules by which a folder, or a letter, is skipped."""
    return {*backfill.SKIPS.values(), *listing.RULES.values()} | returned_by(backfill.rule_for)


def unfiled_rules() -> set[str]:
    """Return the rules for which there is a sentence."""
    return set(reasons._UNFILED)


TABLES: dict[str, Callable[[], set[str]]] = {
    "State of a mailbox": lambda: words_of(mail.MailboxState),
    "Trouble of a mailbox": troubles,
    "Trouble of a watch": lambda: words_of(pushed.WatchTrouble),
    "Kind of a mailbox": lambda: words_of(mail.MailboxKind),
    "State of a copy": lambda: words_of(mail.CopyState),
    "State of an outgoing": lambda: words_of(mail.OutgoingState),
    "Trouble of an outgoing": lambda: words_of(mail.OutgoingTrouble),
    "Skip rule": skip_rules,
    "Kind of a message": lambda: words_of(letter.Kind),
    "Direction of a message": lambda: words_of(mail.Direction),
    "Unfiled rule": unfiled_rules,
    "What colleagues see": lambda: words_of(mail.Shares),
    "Of whom a mailbox makes contacts": lambda: words_of(mail.Meets),
    "Role of a user": lambda: words_of(UserRole),
    "Scope of a role": lambda: words_of(Scope),
    "Deed": lambda: words_of(Deed),
    "Type of a field": lambda: words_of(FieldType),
    "Source of a value": lambda: words_of(Source),
    "What the audit log tells of": lambda: words_of(AuditVerb),
    "Record": lambda: words_of(work.Record),
    "Kind of an activity": lambda: words_of(work.ActivityKind),
    "Link rule": lambda: words_of(work.LinkRule),
    "Lifecycle of a contact": lambda: words_of(Lifecycle),
    "Outcome of a stage": lambda: words_of(Outcome),
    "Kind of an event": lambda: words_of(events.EventKind),
}


@pytest.mark.parametrize("heading", TABLES)
def test_the_paper_and_the_code_say_the_same(heading):
    assert set(vocabulary.values(heading)) == TABLES[heading]()


def test_every_table_is_compared():
    assert set(vocabulary.headings()) == set(TABLES)


def test_no_word_stands_twice():
    for heading in TABLES:
        words = vocabulary.values(heading)
        assert len(words) == len(set(words)), heading


def test_what_is_kept_for_later_is_not_used():
    assert not set(vocabulary.kept("skip rule")) & skip_rules()
    assert vocabulary.kept("skip rule")


def test_every_unfiled_rule_that_filing_names_has_a_sentence():
    assert returned_by(who.unfiled_because) <= unfiled_rules()


def test_every_link_rule_has_a_sentence():
    assert set(reasons._LINKS) == set(work.LinkRule)


def test_a_word_that_the_paper_lacks_is_noticed():
    paper = "## Values\n\n### Record\n\n| word | meaning |\n|---|---|\n| `deal` | It. |\n\n## End\n"

    assert vocabulary.values("Record", paper) == ("deal",)
    assert set(vocabulary.values("Record", paper)) != TABLES["Record"]()
    assert vocabulary.headings(paper) == ("Record",)


def test_a_word_without_a_meaning_does_not_count():
    paper = "## Values\n\n### Record\n\n| `deal` | |\n\n## End\n"

    assert vocabulary.values("Record", paper) == ()


def test_a_table_that_the_paper_lacks_is_noticed():
    with pytest.raises(LookupError):
        vocabulary.values("Colour of a card")


def returned_by(function: Callable[..., object]) -> set[str]:
    """Return the texts that a function returns as they stand in it."""
    tree = ast.parse(inspect.getsource(function))
    returns = (node.value for node in ast.walk(tree) if isinstance(node, ast.Return))
    return set(_texts(returns)) - {""}


def compared_with(module: ModuleType, name: str) -> set[str]:
    """Return the texts that a variable is compared with in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Compare(left=ast.Name(id=left), comparators=others) if left == name:
                found |= set(_texts(others))
    return found


def _texts(nodes: Iterable[ast.AST | None]) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield from _texts(node.elts)
