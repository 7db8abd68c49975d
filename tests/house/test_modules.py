"""A module says what it is for, holds one concept, and promises something in every function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import (
    PACKAGES,
    ROOT,
    Source,
    assert_holds,
    modules,
    name_of,
    public_functions,
    refused,
)

LONGEST = 320
#: Names that say nothing of what is inside.
DRAWERS = re.compile(r"utils?|helpers?|managers?|misc|common|tools|stuff|base_?class(?:es)?")
#: A promise begins with a verb in the imperative; these words begin a description.
DESCRIBES = frozenset(
    "a an the this that these it its who what where when whether if how why is are true false"
    " returns function method helper class property".split()
)
#: Verbs that end as a third person does.
ENDS_IN_S = frozenset("pass press miss guess address discuss process express dress focus".split())
MIGRATIONS = "crm/migrations/versions/"


def opens_without_purpose(source: Source) -> Iterator[str]:
    """Refuse a module whose first line is no sentence."""
    first = _first_line(ast.get_docstring(source.tree))
    if not first:
        what = "what the package is" if source.is_package else "what it is for"
        yield source.at(1, f"does not say {what}")
    elif not _is_sentence(first):
        yield source.at(1, f"opens with no whole sentence: {first}")


def promises_nothing(source: Source) -> Iterator[str]:
    """Refuse a public function whose docstring is no promise on one line."""
    if source.path.startswith(MIGRATIONS):
        return  # A migration's promise is its name.
    for function in public_functions(source.tree):
        if "overload" in {name_of(decorator) for decorator in function.decorator_list}:
            continue
        docstring = ast.get_docstring(function)
        first = _first_line(docstring)
        if not first:
            yield source.at(function, f"{function.name} promises nothing")
        elif not _is_sentence(first):
            yield source.at(function, f"{function.name}: no whole sentence on one line: {first}")
        elif not _is_property(function) and not _is_imperative(first):
            yield source.at(function, f"{function.name}: not in the imperative: {first}")
        elif docstring and len(docstring.splitlines()) > 1 and docstring.splitlines()[1].strip():
            yield source.at(function, f"{function.name}: its promise runs on: {first}")


def is_too_long(source: Source) -> Iterator[str]:
    """Refuse a module that has become two."""
    lines = len(source.text.splitlines())
    if lines > LONGEST:
        yield source.at(lines, f"{lines} lines, and a module has at most {LONGEST}")


def is_a_drawer(source: Source) -> Iterator[str]:
    """Refuse a module or package whose name says nothing."""
    for word in source.module.split("."):
        if DRAWERS.fullmatch(word.strip("_")):
            yield source.at(1, f"{word} says nothing of what is inside")


def test_every_module_opens_with_its_purpose():
    assert_holds(opens_without_purpose, modules())


def test_every_public_function_makes_a_promise():
    assert_holds(promises_nothing, modules())


def test_no_module_is_two():
    assert_holds(is_too_long, modules())


def test_no_module_is_a_drawer():
    assert_holds(is_a_drawer, modules())


def test_every_folder_with_code_is_a_package():
    folders = {source.path.rpartition("/")[0] for source in modules()}
    folders -= {MIGRATIONS.rstrip("/")}  # Alembic runs these by their paths.

    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").is_file()] == []
    assert {source.module for source in modules()} >= set(PACKAGES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os\n",
        '""""""',
        '"""deals"""',
        '"""Deals."""',
        '"""Deals: make one, move it,\nlink threads to it."""',
        '"""deals: make one, move it, link threads to it."""',
        "# A comment is no docstring.\nx = 1",
    ],
)
def test_a_module_without_a_purpose_is_refused(text):
    assert refused(opens_without_purpose, text)


def test_a_module_with_a_purpose_is_not():
    assert not refused(opens_without_purpose, '"""Deals: make one, move it."""')
    assert not refused(opens_without_purpose, '"""`inlay db`: migrate the database."""')
    assert not refused(opens_without_purpose, '"""Which thread is it? Decided in memory."""')


@pytest.mark.parametrize(
    "body",
    [
        "def close(): pass",
        'def close():\n    """close a deal."""',
        'def close():\n    """Close a deal"""',
        'def close():\n    """Closes a deal."""',
        'def close():\n    """Closing of a deal."""',
        'def close():\n    """The function closes a deal."""',
        'def close():\n    """Whether it closes."""',
        'def close():\n    """Close a deal. And\n    say so."""',
        'class Deal:\n    """A deal."""\n\n    def close(self): pass',
        "async def close(): pass",
    ],
)
def test_a_function_without_a_promise_is_refused(body):
    assert refused(promises_nothing, body)


def test_a_function_with_a_promise_is_not():
    good = (
        'def close():\n    """Close a deal. Raises ConflictError.\n\n    Safe to repeat.\n    """\n'
        'def address():\n    """Address a letter."""\n'
        "def _private(): pass\n"
        'class Deal:\n    """A deal."""\n\n'
        '    @property\n    def title(self):\n        """The words at the top."""\n'
        "    def __str__(self): pass\n"
    )

    assert not refused(promises_nothing, good)


def test_a_module_that_has_become_two_is_refused():
    assert refused(is_too_long, "x = 1\n" * (LONGEST + 1))
    assert not refused(is_too_long, "x = 1\n" * LONGEST)


@pytest.mark.parametrize(
    "path",
    ["crm/utils.py", "sync/helpers/__init__.py", "server/task_manager/manager.py", "crm/_util.py"],
)
def test_a_drawer_is_refused(path):
    assert refused(is_a_drawer, "", path)


def test_a_name_that_says_something_is_not():
    assert not refused(is_a_drawer, "", "crm/work/timeline.py")
    assert not refused(is_a_drawer, "", "addon/handlers/message.py")


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().split("\n")[0].strip()


def _is_sentence(line: str) -> bool:
    begins = line[0].isupper() or not line[0].isalpha()
    return begins and line.endswith((".", "?", "!", ":")) and len(line.split()) > 1


def _is_imperative(line: str) -> bool:
    word = line.split(maxsplit=1)[0].strip("`,.:;()").lower()
    if word in DESCRIBES:
        return False
    if word.endswith("s") and word not in ENDS_IN_S:
        return False
    return not word.endswith("ing") or word in ("bring", "ring", "string")


def _is_property(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        name_of(decorator) in ("property", "cached_property", "setter")
        for decorator in function.decorator_list
    )
