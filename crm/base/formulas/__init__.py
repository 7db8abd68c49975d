"""The small language of filters and formula fields: text, tree, meaning, SQL. It knows no table.

A filter is a formula that gives true or false; a formula field may give anything. Whoever has the
tables says which fields there are (`Field`) and how each stands in SQL (`Column`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm.base.formulas.checking import Checked, check
from crm.base.formulas.clauses import Clause, Operator, clauses, join, operators, word
from crm.base.formulas.kinds import Field, Kind
from crm.base.formulas.parsing import parse
from crm.base.formulas.problems import FormulaError
from crm.base.formulas.questions import Column, Plain, Question
from crm.base.formulas.renaming import rename
from crm.base.formulas.sql import Setting, condition, value
from crm.base.formulas.syntax import Node
from crm.base.formulas.writing import write

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

__all__ = [
    "Checked",
    "Clause",
    "Column",
    "Field",
    "FormulaError",
    "Kind",
    "Node",
    "Operator",
    "Plain",
    "Question",
    "Setting",
    "check",
    "clauses",
    "compile",
    "condition",
    "join",
    "operators",
    "parse",
    "rename",
    "value",
    "word",
    "write",
]


def compile(  # noqa: A001 - Read as formulas.compile it says what it does.
    checked: Checked, columns: Mapping[str, Column], setting: Setting
) -> ColumnElement[Any]:
    """Return a formula of truth as a condition for `where`, and any other as its value."""
    make = condition if checked.kind is Kind.TRUTH else value
    return make(checked, columns, setting)
