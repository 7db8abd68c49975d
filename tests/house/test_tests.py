"""Every module that does something has a test of its name, or names the journey that covers it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.house.source import (
    ROOT,
    Source,
    assert_holds,
    modules,
    name_of,
    planted,
    public_functions,
)

PACKAGES = ("crm", "sync", "addon")
#: A docstring that hands its module over to a journey names the file.
_JOURNEY = re.compile(r"tests/journeys/test_[a-z_]+\.py")
#: Alembic runs these by their paths; `tests/crm/migrations` runs them all, up and down.
NO_MODULES = "crm/migrations/versions/"


def has_no_test(tests: Collection[str], folded: Collection[str], source: Source) -> Iterator[str]:
    """Refuse a module with a public function that no test file of its name runs.

    `tests` are the test files that hold a test; `folded` are the packages that were one module
    once and still export its names: a test of the package's name covers what is inside.
    """
    if source.path.startswith(NO_MODULES) or not any(map(_does_something, _public(source))):
        return
    wanted = list(test_files(source, folded))
    wanted += _JOURNEY.findall(ast.get_docstring(source.tree) or "")
    if not any(path in tests for path in wanted):
        yield source.at(1, f"has no test: {' or '.join(wanted)}")


def test_files(source: Source, folded: Collection[str]) -> Iterator[str]:
    """Yield the paths at which a module's test may stand."""
    parts = source.module.split(".")
    if not source.is_package:
        yield f"tests/{'/'.join(parts[:-1])}/test_{parts[-1]}.py"
    for depth in range(len(parts) - (not source.is_package), 1, -1):
        if ".".join(parts[:depth]) not in folded:
            break
        yield f"tests/{'/'.join(parts[: depth - 1])}/test_{parts[depth - 1]}.py"


test_files.__test__ = False  # type: ignore[attr-defined]


def folded_packages(sources: Collection[Source]) -> frozenset[str]:
    """Return the packages whose `__init__` exports what their modules define."""
    return frozenset(
        source.module
        for source in sources
        if source.is_package
        and any(
            isinstance(target, ast.Name) and target.id == "__all__"
            for node in source.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
        )
    )


def files_with_tests(folder: Path) -> frozenset[str]:
    """Return the test files that hold at least one test."""
    return frozenset(
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("test_*.py")
        if any(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for node in ast.walk(ast.parse(path.read_text()))
        )
    )


def test_every_module_is_tested():
    sources = modules(*PACKAGES)
    rule = partial(has_no_test, files_with_tests(ROOT / "tests"), folded_packages(sources))

    assert_holds(rule, sources)


CLOSE = '"""Deals: close them."""\n\ndef close():\n    return 1\n'


@pytest.mark.parametrize(
    ("tests", "folded"),
    [
        ([], []),
        (["tests/crm/sales/test_pipelines.py"], []),
        (["tests/crm/test_sales.py"], []),  # A wing is no folded module.
        (["tests/crm/test_deals.py"], ["crm.sales"]),
        (["tests/journeys/test_selling.py"], []),
    ],
)
def test_a_module_without_a_test_is_refused(tests, folded):
    assert list(has_no_test(tests, folded, planted(CLOSE, "crm/sales/deals.py")))


@pytest.mark.parametrize(
    ("path", "test", "folded"),
    [
        ("crm/sales/deals.py", "tests/crm/sales/test_deals.py", []),
        ("sync/ledger.py", "tests/sync/test_ledger.py", []),
        ("sync/sources/imap/login.py", "tests/sync/sources/test_imap.py", ["sync.sources.imap"]),
        ("sync/sources/imap/login.py", "tests/sync/sources/imap/test_login.py", []),
        ("sync/reading/__init__.py", "tests/sync/test_reading.py", ["sync.reading"]),
    ],
)
def test_a_module_with_a_test_is_not(path, test, folded):
    assert not list(has_no_test([test], folded, planted(CLOSE, path)))


def test_a_journey_counts_where_the_docstring_names_it_and_it_exists():
    journey = "tests/journeys/test_selling.py"
    text = CLOSE.replace("them.", f"them. Covered by {journey}.")

    assert not list(has_no_test([journey], [], planted(text, "crm/sales/deals.py")))
    assert list(has_no_test([], [], planted(text, "crm/sales/deals.py")))


def test_a_module_that_only_holds_something_needs_no_test():
    text = (
        '"""Deals."""\n\ndef _hidden(): pass\n\nclass Deal:\n    x = 1\n\n'
        '    @property\n    def word(self):\n        """The word."""\n        return "deal"\n\n'
        'class Source(Protocol):\n    def part(self):\n        """Return a part."""\n'
    )

    assert not list(has_no_test([], [], planted(text, "crm/sales/models.py")))


def test_a_file_without_a_test_in_it_does_not_count(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_empty.py").write_text("def check(): pass\n")
    (tmp_path / "tests" / "test_full.py").write_text("def test_it(): pass\n")

    assert files_with_tests(tmp_path / "tests") == {"tests/test_full.py"}


def test_a_package_is_folded_when_it_exports():
    plain = planted('"""Deals."""\n', "crm/sales/__init__.py")
    folded = planted('"""Deals."""\n__all__ = ["close"]\n', "crm/deals/__init__.py")

    assert folded_packages([plain, folded]) == {"crm.deals"}


def _public(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield what others may call; a property is a value, and a promise without a body is none."""
    for function in public_functions(source.tree):
        if "property" not in {name_of(decorator) for decorator in function.decorator_list}:
            yield function


def _does_something(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return not all(
        isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        for line in function.body
    )
