"""SQL of ours around its parts, written in one step.

SQLAlchemy goes several calls deep for each function, and a formula nests functions forty deep: of
functions in functions Python would run out of stack. A shape is one step, whatever stands in it.
Its template is a constant of ours, in which each part stands between parentheses or commas.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine


class Shape(FunctionElement[Any]):
    """SQL with places: {0} and {1} for single parts, or {all} for all of them."""

    inherit_cache = True
    template: ClassVar[str] = ""


def shape(template: str, kind: TypeEngine[Any]) -> type[Shape]:
    """Make a shape; it is a class, by which SQLAlchemy remembers what it has written."""
    return type("Shaped", (Shape,), {"template": template, "type": kind, "inherit_cache": True})


@compiles(Shape)
def _written(element: Shape, compiler: SQLCompiler, **keywords: Any) -> str:
    keywords.pop("add_to_result_map", None)  # The result is the whole, and no part of it.
    # A comprehension would be a step deeper.
    parts = tuple(map(partial(compiler.process, **keywords), element.clauses))
    return element.template.format(*parts, all=", ".join(parts))
