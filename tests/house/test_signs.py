"""Every sign by which a machine's mail is told can be shown to people: a header, or a sentence."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

from crm.work import reasons
from sync.reading import answers, automatic, bounces, machines
from tests.house.source import functions

#: The name of a header, or the type of a part: whoever looks for it finds it under that name.
_NAME = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z0-9]+)*|[a-z]+/[a-z+-]+")
TABLES = (machines.ANSWERING, machines.NOTIFYING, machines.LISTS, machines.BULK)


def signs(module: ModuleType) -> set[str]:
    """Return the fixed words that a module gives back as a sign."""
    names = {name: value for name, value in vars(module).items() if isinstance(value, str)}
    found = {
        words
        for function in functions(ast.parse(inspect.getsource(module)))
        if function.returns is not None and "bool" not in ast.unparse(function.returns)
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
        for words in _given(node.value, names)
    }
    return found - {""}


def _given(value: ast.expr, names: dict[str, str]) -> Iterator[str]:
    """Yield what an expression may be; what it only asks is passed over."""
    match value:
        case ast.Constant(value=str(words)):
            yield words
        case ast.Name(id=name) if name in names:
            yield names[name]
        case ast.IfExp(body=one, orelse=other):
            yield from _given(one, names)
            yield from _given(other, names)
        case ast.BoolOp(values=several):
            for each in several:
                yield from _given(each, names)
        case ast.Call(func=ast.Name(id="Found"), args=several):
            yield from _given(several[-1], names)


def test_every_fixed_sign_is_a_headers_name_or_has_words():
    given = signs(automatic) | signs(answers) | signs(bounces)

    assert {sign for sign in given if not _NAME.fullmatch(sign)} == set(reasons._SIGNS)


def test_the_tables_name_headers_alone():
    assert [name for table in TABLES for name in table.values() if not _NAME.fullmatch(name)] == []


def test_what_a_module_gives_back_is_found():
    assert signs(answers) >= {"Auto-Submitted", "subject of an automatic answer"}
    assert signs(bounces) >= {"returned mail", "Amazon SES", "multipart/report"}
