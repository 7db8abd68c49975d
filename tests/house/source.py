"""The source as the house's rules read it: files, their syntax trees, and what a rule refuses.

A rule is a function from a file to lines of what it refuses. Each has a test over the whole house,
and a test that plants something bad and sees it refused, so that no rule holds by looking away.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("crm", "sync", "addon", "server")
#: What others wrote: carried along, and not ours to judge.
FOREIGN = ("server/static/vendor/",)


@dataclass(frozen=True)
class Source:
    """A file of the house: its path from the root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree of a Python file."""
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """Return the dotted name under which the file is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def is_package(self) -> bool:
        """Tell whether this is the `__init__` of a package."""
        return self.path.endswith("__init__.py")

    def at(self, node: ast.AST | int, words: str) -> str:
        """Say what is refused, and where."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {words}"


Rule = Callable[[Source], Iterable[str]]


@cache
def modules(*below: str) -> tuple[Source, ...]:
    """Return the Python files of the packages, or of these folders."""
    folders = below or PACKAGES
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths
    )


@cache
def papers() -> tuple[Source, ...]:
    """Return every text file that is tracked, or would be: what a clone consists of."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        path = ROOT / name
        if not path.is_file() or name.startswith(FOREIGN):
            continue
        try:
            found.append(Source(name, path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue  # A picture, a typeface, or a letter in another charset.
    return tuple(found)


def planted(text: str, path: str = "crm/work/planted.py") -> Source:
    """Make a file that the house does not have, for a rule to refuse."""
    return Source(path, text)


def assert_holds(rule: Rule, sources: Iterable[Source]) -> None:
    """Fail with every line that a rule refuses."""
    found = sorted({line for source in sources for line in rule(source)})
    if found:
        pytest.fail("\n".join([f"{len(found)} refused", *found]), pytrace=False)


def refused(rule: Rule, text: str, path: str = "crm/work/planted.py") -> list[str]:
    """Return what a rule refuses in a planted file."""
    return list(rule(planted(text, path)))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield public functions, and public methods of public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for inner in node.body:
                if isinstance(
                    inner, ast.FunctionDef | ast.AsyncFunctionDef
                ) and not inner.name.startswith("_"):
                    yield inner


def name_of(node: ast.AST) -> str:
    """Return the last word of a name or an attribute: `select` of `sqlalchemy.select`."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def dotted(node: ast.AST) -> str:
    """Return a name with its owners, as `session.commit`; "" for what is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every module that is imported, for types too, with the statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def texts(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield every text in the code that is no docstring; the constant parts of f-strings joined."""
    docstrings = {id(node) for node in _docstrings(tree)}
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if id(node) in inside or id(node) in docstrings:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node, written(node)


def written(node: ast.JoinedStr) -> str:
    """Return an f-string with its places empty."""
    return "".join(
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
        for part in node.values
    )


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value
