"""Every table belongs to one workspace by its keys, and its columns suit its policy.

docs/decisions/0008 says which table has a key to the workspace itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Column,
    Enum,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
)

from crm.migrations.tables import metadata

#: They stand outside of workspaces.
OUTSIDE = {
    "workspace": "it is the workspace",
    "directory": "it is asked before the workspace is known, and holds hashes alone",
    "attempt": "who tries is nobody yet, and it holds hashes alone",
}


def is_out_of_place(table: Table) -> Iterator[str]:
    """Refuse a table whose keys do not begin with the workspace, or lead to none, or twice."""
    if table.name in OUTSIDE:
        return
    first = next(iter(table.primary_key.columns), None)
    if first is None or first.name != "workspace_id":
        yield f"{table.name}: its key does not begin with workspace_id"
    for key in table.foreign_key_constraints:
        if key.column_keys[0] != "workspace_id":
            yield f"{table.name}: its key to {key.referred_table.name} may leave the workspace"
        if not key.deferrable:
            yield f"{table.name}: its key to {key.referred_table.name} is checked too soon"
    above = [key.referred_table for key in _certain(table)]
    if "workspace" in {one.name for one in above}:
        if any(_leads(one) for one in above if one.name != "workspace"):
            yield f"{table.name}: its key to the workspace is implied by another"
    elif not _leads(table):
        yield f"{table.name}: no key of it leads to a workspace"


def is_of_a_wrong_kind(table: Table) -> Iterator[str]:
    """Refuse a column that no index under a policy can serve."""
    for column in table.columns:
        if isinstance(column.type, Enum):
            yield f"{table.name}.{column.name}: an enum's = is not leakproof; take a smallint"
        elif isinstance(column.type, Numeric):
            yield f"{table.name}.{column.name}: a numeric's = is not leakproof; take minor units"


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_belongs_to_its_workspace(table):
    assert list(is_out_of_place(table)) == []


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_has_columns_that_policies_bear(table):
    assert list(is_of_a_wrong_kind(table)) == []


def test_what_stands_outside_exists():
    assert set(OUTSIDE) <= set(metadata.tables)


PLANTED = {
    "a key that begins with the id": ["id", "workspace_id"],
    "no workspace at all": ["id"],
}


@pytest.mark.parametrize("names", PLANTED.values(), ids=PLANTED.keys())
def test_a_key_without_its_workspace_is_refused(names):
    assert list(is_out_of_place(_table("deal", names)))


def test_a_table_that_leads_to_no_workspace_is_refused():
    assert list(is_out_of_place(_table("deal", ["workspace_id", "id"])))
    assert not list(is_out_of_place(_table("deal", ["workspace_id", "id"], _to_workspace())))


def test_a_key_that_may_be_null_leads_nowhere():
    planted = _table("deal", ["workspace_id", "id"], _to("company"), nullable=True)

    assert list(is_out_of_place(planted))
    assert not list(is_out_of_place(_table("deal", ["workspace_id", "id"], _to("company"))))


def test_a_key_that_another_implies_is_refused():
    planted = _table("deal", ["workspace_id", "id"], _to("company"), _to_workspace())

    assert list(is_out_of_place(planted))


def test_a_key_into_another_workspace_is_refused():
    key = ForeignKeyConstraint(["company_id"], ["company.id"], deferrable=True)
    planted = _table("deal", ["workspace_id", "id"], _to_workspace(), key)

    assert list(is_out_of_place(planted))


def test_a_key_that_is_checked_at_once_is_refused():
    planted = _table("deal", ["workspace_id", "id"], _to("company", deferrable=False))

    assert list(is_out_of_place(planted))


def test_an_enum_or_a_numeric_is_refused():
    planted = Table("deal", MetaData(), Column("a", Enum("x", name="a")), Column("b", Numeric()))

    assert len(list(is_of_a_wrong_kind(planted))) == 2
    assert not list(is_of_a_wrong_kind(Table("deal", MetaData(), Column("a", Integer()))))


def _certain(table: Table) -> list[ForeignKeyConstraint]:
    """Return the keys that are never null."""
    keys = table.foreign_key_constraints
    return [key for key in keys if not any(column.nullable for column in key.columns)]


def _leads(table: Table, passed: tuple[str, ...] = ()) -> bool:
    """Tell whether some key leads to the workspace, directly or in turn."""
    if table.name == "workspace":
        return True
    above = (key.referred_table for key in _certain(table))
    return any(_leads(one, (*passed, table.name)) for one in above if one.name not in passed)


def _table(name: str, key: list[str], *keys: ForeignKeyConstraint, nullable: bool = False) -> Table:
    planted = MetaData()
    Table("workspace", planted, Column("id", Uuid(), primary_key=True))
    own = [Column("workspace_id", Uuid(), primary_key=True), Column("id", Uuid(), primary_key=True)]
    Table("company", planted, *own, Column("name", Text()), _to_workspace())
    columns = [Column(one, Uuid(), primary_key=True) for one in key]
    return Table(name, planted, *columns, Column("company_id", Uuid(), nullable=nullable), *keys)


def _to_workspace() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace_id"], ["workspace.id"], deferrable=True)


def _to(table: str, *, deferrable: bool = True) -> ForeignKeyConstraint:
    columns = ["workspace_id", f"{table}_id"]
    leads = [f"{table}.workspace_id", f"{table}.id"]
    return ForeignKeyConstraint(columns, leads, deferrable=deferrable)
