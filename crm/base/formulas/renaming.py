"""Give a formula's fields other names, and leave its values alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm.base.formulas.clauses import takes_words
from crm.base.formulas.syntax import Name, replaced

if TYPE_CHECKING:
    from crm.base.formulas.kinds import Field
    from crm.base.formulas.syntax import Node


def rename(node: Node, names: Mapping[str, str], fields: Mapping[str, Field] | None = None) -> Node:
    """Return a formula with fields renamed, old name to new, all at once.

    `fields` are the old ones. Without them a bare word right of `=`, `in` or `has` is taken for a
    value and stays, as in `clauses`.
    """

    def renamed(name: Name) -> Name:
        return Name(names.get(name.name, name.name), name.at)

    def takes_values(left: Node) -> bool:
        if not isinstance(left, Name) or fields is None:
            return isinstance(left, Name)
        return left.name in fields and takes_words(fields[left.name].kind)

    return replaced(node, renamed, takes_values)
