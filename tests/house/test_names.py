"""No name bears a word that says too little, or that another word of ours says better.

The words, and the names in which they stay, are read from `docs/vocabulary.md`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house import vocabulary
from tests.house.source import Source, assert_holds, dotted, modules, refused

#: Parts of a name: capitals that stand together, a capitalised word, small letters.
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def bears_a_banned_word(source: Source) -> Iterator[str]:
    """Refuse a name that we give and that bears a banned word."""
    allowed = vocabulary.fenced("exceptions")
    instead = vocabulary.fenced("banned")
    loggers = set(_loggers(source.tree))
    for node, name in names(source):
        word = banned_word(name)
        if word and name not in allowed and node not in loggers and not _is_verb(node, name, word):
            yield source.at(node, f"{name}: {word} is banned; say {instead[word]}")


def names(source: Source) -> Iterator[tuple[ast.AST | int, str]]:
    """Yield every name that a file gives: its own, and those of what it defines."""
    yield 1, source.module.rpartition(".")[2]
    for node in ast.walk(source.tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node, node.name
            case ast.arg():
                yield node, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node, node.attr
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node, name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node, name
            case ast.MatchMapping(rest=str(name)):
                yield node, name


def banned_word(name: str) -> str:
    """Return the banned word that a name bears, in the singular or the plural, or ""."""
    banned = vocabulary.fenced("banned")
    for part in _PART.findall(name):
        word = part.lower()
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in banned:
                return form
    return ""


def test_no_name_bears_a_banned_word():
    assert_holds(bears_a_banned_word, modules())


def test_every_exception_is_needed():
    given = {name for source in modules() for _, name in names(source)}

    assert set(vocabulary.fenced("exceptions")) - given == set()


def test_every_exception_bears_a_banned_word_and_says_why_it_may():
    for name, why in vocabulary.fenced("exceptions").items():
        assert banned_word(name), name
        assert why, name


def test_every_banned_word_has_another_to_say():
    assert all(vocabulary.fenced("banned").values())


@pytest.mark.parametrize(
    "text",
    [
        "def get_account(): pass",
        "class AccountManager: pass",
        "def close(data): pass",
        "def close(*, task_info=None): pass",
        "tenant_id = 1",
        "self.services = []",
        "for log in []: pass",
        "with open('x') as handle: pass",
        "try: pass\nexcept ValueError as info: pass",
        "import crm.mail as helpers",
        "rows = [data for data in []]",
        "(org := 1)",
        "match 1:\n    case {'a': utils, **data}: pass",
        "HTTPData = 1",
        "handle = open('x')",
        "class Handle: pass",
    ],
)
def test_a_banned_word_is_refused(text):
    assert refused(bears_a_banned_word, text)


def test_a_module_with_a_banned_name_is_refused():
    assert refused(bears_a_banned_word, "", "crm/mail/accounts.py")


def test_words_that_merely_look_alike_are_not():
    assert not refused(bears_a_banned_word, "def database(login, catalog, organ, remembers): pass")
    assert not refused(bears_a_banned_word, "def handle(event): pass\ndef handle_event(): pass")
    assert not refused(
        bears_a_banned_word, "x = session.info\nfrom os import path\ny = {'data': 1}"
    )
    assert not refused(bears_a_banned_word, "def default_data_dir(): pass")
    assert not refused(bears_a_banned_word, "_log = logging.getLogger(__name__)")


def _loggers(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the names of the standard library's loggers."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(value=ast.Call(func=function)) if dotted(function) in (
                "logging.getLogger",
                "getLogger",
            ):
                yield from node.targets


def _is_verb(node: ast.AST | int, name: str, word: str) -> bool:
    """Tell whether this is a function that handles something."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return word == "handle" and name.lstrip("_").partition("_")[0] == "handle"
