"""The migrations are one line of history, and `ls` tells it: what is true after each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.house.source import ROOT

MIGRATIONS = ROOT / "crm" / "migrations"
VERSIONS = MIGRATIONS / "versions"
_NAME = re.compile(r"(\d{4})_([a-z0-9]+(?:_[a-z0-9]+){2,})\.(py|sql)")
#: Words that say what was done, or nothing at all, instead of what is true.
_DEEDS = frozenset(
    "fix fixes fixed update updates updated wip misc change changes changed add adds added"
    " remove removes removed alter alters refactor cleanup hotfix merge".split()
)


def says_nothing(names: Collection[str]) -> Iterator[str]:
    """Refuse a file that is not named by its number and by what is true afterwards."""
    numbers = []
    for name in sorted(names):
        found = _NAME.fullmatch(name)
        if found is None:
            yield f"{name}: not NNNN_what_is_true.py"
            continue
        deeds = _DEEDS & set(found[2].split("_"))
        if deeds:
            yield f"{name}: says what was done ({', '.join(sorted(deeds))}), not what is true"
        if found[3] == "py":
            numbers.append(int(found[1]))
        elif name.replace(".sql", ".py") not in names:
            yield f"{name}: belongs to no migration"
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"numbers have gaps or stand twice: {numbers}"


def branches(directory: ScriptDirectory) -> Iterator[str]:
    """Refuse a history that is no line, and a revision that is not its file's number."""
    heads = directory.get_heads()
    if len(heads) != 1:
        yield f"{len(heads)} heads: {heads}"
    for script in directory.walk_revisions():
        if not Path(script.path).name.startswith(f"{script.revision}_"):
            yield f"{Path(script.path).name}: its revision is {script.revision}"
        if script.is_merge_point:
            yield f"{script.revision}: two lines meet here"


def test_every_migration_says_what_is_true():
    files = [path.name for path in VERSIONS.iterdir() if path.is_file()]

    assert files
    assert list(says_nothing(files)) == []


def test_there_is_one_head():
    assert list(branches(_directory(VERSIONS))) == []


@pytest.mark.parametrize(
    "name",
    [
        "0001_fix_the_tickets.py",
        "0001_update_of_tickets.py",
        "0001_tickets.py",
        "1_tickets_have_an_assignee.py",
        "ab12cd_tickets_have_an_assignee.py",
        "0001_Tickets_Have_An_Assignee.py",
        "0002_tickets_have_an_assignee.py",
        "notes.txt",
    ],
)
def test_a_migration_that_says_nothing_is_refused(name):
    assert list(says_nothing([name]))


def test_two_migrations_with_one_number_are_refused():
    names = ["0001_the_road_has_tables.py", "0002_a_deal_has_lines.py", "0002_a_task_has_a_day.py"]

    assert list(says_nothing(names))
    assert not list(says_nothing(names[:2]))


def test_statements_without_their_migration_are_refused():
    names = ["0001_the_road_has_tables.py", "0001_the_road_has_tables.sql"]

    assert not list(says_nothing(names))
    assert list(says_nothing([*names, "0002_a_deal_has_lines.sql"]))


def test_two_heads_are_refused(tmp_path):
    for revision, before in (("0001", None), ("0002", "0001"), ("0003", "0001")):
        text = f'"""Planted."""\nrevision = "{revision}"\ndown_revision = {before!r}\n'
        (tmp_path / f"{revision}_this_is_true.py").write_text(text)

    assert list(branches(_directory(tmp_path)))


def test_a_revision_that_is_not_its_number_is_refused(tmp_path):
    text = '"""Planted."""\nrevision = "ab12"\ndown_revision = None\n'
    (tmp_path / "0001_this_is_true.py").write_text(text)

    assert list(branches(_directory(tmp_path)))


def _directory(versions: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)
