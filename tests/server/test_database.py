"""The house opens in a role that may do no harm, at the revision it needs, or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from crm.base import db
from crm.workspace import workspaces
from server import database
from server.embedded import EmbeddedError
from tests import make


def test_the_program_opens_the_house_in_its_own_role(house):
    with database.opened(house) as opened, db.transaction() as session:
        role = session.scalar(text("select current_user"))

    assert role == "inlay_program"
    assert opened.settings == house


def test_a_role_that_no_policy_binds_is_refused(house):
    owner = replace(house, database_url=house.database_owner_url)

    with pytest.raises(database.UnsafeDatabaseError, match="inlay_program"), database.opened(owner):
        pass


def test_an_old_revision_is_refused_with_the_command_to_run(cluster):
    fresh = cluster.database("inlay_fresh_for_opened")
    try:
        with (
            pytest.raises(database.UnsafeDatabaseError, match="inlay db upgrade"),
            database.opened(fresh),
        ):
            pass
    finally:
        cluster.drop("inlay_fresh_for_opened")


def test_a_revision_of_a_newer_version_is_refused_without_a_command_to_run(newer):
    with (
        pytest.raises(database.UnsafeDatabaseError, match="9999 by a newer Inlay") as refused,
        database.opened(newer),
    ):
        pass

    assert "db upgrade" not in str(refused.value)


@pytest.mark.parametrize("at", ["ae1027a6acf", "12", "00123", "head"])
def test_a_revision_of_another_program_is_not_taken_for_a_newer_one(at):
    with pytest.raises(database.UnsafeDatabaseError, match="none of Inlay's") as refused:
        database.refuse_unknown(at)

    assert at in str(refused.value)
    assert "newer" not in str(refused.value)


def test_the_scheduler_sees_every_workspace_and_the_program_none(house):
    for name in ("One", "Two"):
        with db.transaction() as session:
            make.workspace(session, name)

    with database.scheduler(house) as session:
        names = {found.name for found in workspaces.everywhere(session)}
    with db.transaction() as session:
        seen = workspaces.everywhere(session)

    assert names == {"One", "Two"}
    assert seen == []


@pytest.mark.parametrize("setting", ["database_url", "database_owner_url"])
def test_a_scheduler_that_would_find_no_work_is_refused(house, setting):
    blind = replace(house, database_scheduler_url=getattr(house, setting))

    with (
        pytest.raises(database.UnsafeDatabaseError, match="DATABASE_SCHEDULER_URL"),
        database.opened(blind),
    ):
        pass


def test_a_database_without_the_schedulers_address_is_refused(house):
    unset = replace(house, database_scheduler_url="")

    with (
        pytest.raises(database.UnsafeDatabaseError, match="DATABASE_SCHEDULER_URL is not set"),
        database.opened(unset),
    ):
        pass


@pytest.mark.parametrize("more", ["superuser", "bypassrls"])
def test_a_scheduler_that_no_policy_binds_is_refused(house, cluster, more):
    with psycopg.connect(cluster.admin_url, autocommit=True) as admin:
        admin.execute(f"create role mighty login password 'x' {more} in role inlay_scheduler")
        try:
            url = as_role(house.database_scheduler_url, "mighty")
            with (
                pytest.raises(
                    database.UnsafeDatabaseError, match="role inlay_scheduler"
                ) as refused,
                database.opened(replace(house, database_scheduler_url=url)),
            ):
                pass
        finally:
            admin.execute("drop role mighty")
    assert "The role in DATABASE_SCHEDULER_URL is a superuser" in str(refused.value)


def test_a_scheduler_that_looks_into_a_copy_is_refused(house, cluster, template):
    copy = cluster.database("inlay_copy_for_opened", template)
    try:
        with (
            pytest.raises(database.UnsafeDatabaseError, match="another database") as refused,
            database.opened(replace(house, database_scheduler_url=copy.database_scheduler_url)),
        ):
            pass
    finally:
        cluster.drop("inlay_copy_for_opened")
    assert "Nothing was opened." in str(refused.value)


def test_a_database_is_the_same_by_any_address_and_a_copy_is_not(house, shared):
    by_role = [house.database_url, house.database_owner_url, house.database_scheduler_url]
    engines = [db.open_engine(url, pool_size=1) for url in (*by_role, shared.database_url)]
    with ExitStack() as stack:
        program, *others = [stack.enter_context(engine.connect()) for engine in engines]
        same = [database.is_same(program, other) for other in others for _ in range(20)]
    for engine in engines:
        engine.dispose()

    assert same == [True] * 40 + [False] * 20


def test_whoever_has_the_schedulers_rights_finds_work_by_any_name(house, cluster):
    with psycopg.connect(cluster.admin_url, autocommit=True) as admin:
        admin.execute("create role finds_work login password 'x' in role inlay_scheduler")
        try:
            url = as_role(house.database_scheduler_url, "finds_work")
            with database.opened(replace(house, database_scheduler_url=url)):
                pass
        finally:
            admin.execute("drop role finds_work")


def test_a_place_that_is_refused_is_left_as_it_was(house, tmp_path):
    used = tmp_path / "used"
    used.mkdir(mode=0o755)
    used.chmod(0o755)
    (used / "letter.txt").touch(mode=0o644)
    embedding = replace(house, data_dir=used, redis_url="", secret_key="", vault_keys=())

    with pytest.raises(EmbeddedError), database.opened(embedding):
        pass

    assert [path.name for path in used.iterdir()] == ["letter.txt"]


def test_a_row_for_another_workspace_is_a_fault_and_no_missing_right(house):
    with pytest.raises(ProgrammingError) as policy, db.transaction() as session:
        session.execute(text("insert into workspace values (gen_random_uuid(), 'One', now())"))
    with pytest.raises(ProgrammingError) as right, db.transaction() as session:
        session.execute(text("create table mine (id int)"))

    assert not database.is_forbidden(policy.value)
    assert database.is_forbidden(right.value)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("select 1", {}, ValueError("gone\n\tIs it there?")), "gone"),
        (OperationalError("select 1", {}, ValueError()), "OperationalError"),
        (ValueError("first\nsecond"), "first"),
        (ValueError(), "ValueError"),
    ],
)
def test_an_error_is_told_by_one_line_that_is_never_empty(error, words):
    assert database.words_of(error) == words


def as_role(url, name):
    return make_url(url).set(username=name, password="x").render_as_string(hide_password=False)
