"""The house opens in a role that may do no harm, at the revision it needs, or not at all."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from crm.base import db
from crm.base.errors import InvalidError
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

    with pytest.raises(InvalidError, match="DATABASE_SCHEDULER_URL"), database.opened(unset):
        pass


def test_whoever_has_the_schedulers_rights_finds_work_by_any_name(house, cluster):
    with psycopg.connect(cluster.admin_url, autocommit=True) as admin:
        admin.execute("create role finds_work login password 'x' in role inlay_scheduler")
        try:
            other = make_url(house.database_scheduler_url).set(username="finds_work", password="x")
            url = other.render_as_string(hide_password=False)
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
