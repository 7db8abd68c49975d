"""`inlay user`."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from crm.base import clock, db
from crm.workspace import password_links, sign_ins, users, workspaces
from server import database

PASSWORD = b"correct horse battery\n"
BO = "bo@halden.test"


def test_a_user_is_shown_as_they_were_added(halden):
    words = ("user", "add", "Bo@Halden.test", "--role", "rep", "--name", "Bo", "--password-stdin")

    added = halden(*words, "--json", stdin=PASSWORD).json

    assert set(added) == {"id", "email", "name", "role"}
    assert (added["email"], added["name"], added["role"]) == ("bo@halden.test", "Bo", "rep")
    assert added in halden("user", "list", "--json").json["users"]


def test_a_password_is_printed_nowhere(halden):
    words = ("user", "add", "bo@halden.test", "--password-stdin")

    for ended in (halden(*words, stdin=PASSWORD), halden(*words, "--json", stdin=PASSWORD)):
        assert "correct horse" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("email", "stdin", "kind"),
    [
        ("nobody", PASSWORD, "invalid"),
        ("bo@halden.test", b"short\n", "invalid"),
        ("bo@halden.test", b"x" * 129, "invalid"),
        ("ana@halden.test", PASSWORD, "conflict"),
    ],
)
def test_who_cannot_be_a_user_is_refused(halden, email, stdin, kind):
    ended = halden("user", "add", email, "--password-stdin", "--json", stdin=stdin)

    assert (ended.code, ended.error["kind"]) == (1, kind)
    assert stdin.decode().strip() not in ended.err
    assert len(halden("user", "list", "--json").json["users"]) == 1


@pytest.mark.parametrize("value", ["Nowhere/Atlantis", "../etc", "x"])
def test_a_time_zone_that_is_none_is_refused(halden, value):
    ended = halden("user", "add", "bo@halden.test", "--time-zone", value, "--json")

    assert ended.code in (1, 2)


def test_whoever_has_no_password_yet_is_refused_with_the_way_to_one(halden):
    halden("user", "add", "bo@halden.test")

    again = halden("user", "add", "Bo@halden.test", "--password-stdin", "--json", stdin=PASSWORD)

    assert (again.code, again.error["kind"]) == (1, "conflict")
    assert "under People" in again.error["message"]
    way = "inlay user password bo@halden.test --password-stdin"
    assert way in again.error["message"]
    assert halden(*way.split()[1:], stdin=PASSWORD).code == 0


def test_a_new_password_lets_in_and_ends_every_sign_in_and_link(halden):
    before = halden("user", "list", "--json").json["users"]
    with opened(halden.house, before[0]["id"]) as (session, ana):
        token = sign_ins.begin(session, ana, agent="Firefox", at=clock.now())
        link = password_links.make(session, ana, by=ana, at=clock.now())

    ended = halden(
        "user", "password", "Ana@Halden.test", "--password-stdin", "--json", stdin=PASSWORD
    )

    assert (ended.code, [ended.json]) == (0, before)
    assert "correct horse" not in ended.out + ended.err
    with opened(halden.house, before[0]["id"]) as (session, ana):
        assert users.fits(ana, PASSWORD.decode().strip())
        assert not users.fits(ana, "a long password")
        assert password_links.find(session, link, at=clock.now()) is None
        assert sign_ins.find(session, token, at=clock.now()) is None


@pytest.mark.parametrize(
    ("name", "stdin", "kind"),
    [
        ("bo@halden.test", PASSWORD, "not_found"),
        ("ana@halden.test", b"short\n", "invalid"),
        ("ana@halden.test", b"", "invalid"),
    ],
)
def test_a_password_that_cannot_be_set_is_refused_and_the_old_one_stays(halden, name, stdin, kind):
    ended = halden("user", "password", name, "--password-stdin", "--json", stdin=stdin)

    (ana,) = halden("user", "list", "--json").json["users"]
    assert (ended.code, ended.error["kind"]) == (1, kind)
    with opened(halden.house, ana["id"]) as (_session, known):
        assert users.fits(known, "a long password")


def test_no_password_makes_who_was_let_out_come_in(halden):
    halden("user", "add", "bo@halden.test", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    ana = next(u for u in halden("user", "list", "--json").json["users"] if u["name"] != "Bo")
    with opened(halden.house, ana["id"]) as (session, known):
        users.deactivate(session, known, by=users.get_named(session, known.workspace_id, BO))

    ended = halden("user", "password", ana["id"], "--password-stdin", "--json", stdin=PASSWORD)

    assert (ended.code, ended.error["kind"]) == (1, "invalid")
    assert "is deactivated" in ended.error["message"]


def test_a_password_is_never_an_argument(halden):
    ended = halden("user", "password", "ana@halden.test", "--json")

    assert (ended.code, ended.error["kind"]) == (2, "usage")


@contextmanager
def opened(house, user_id):
    with database.scheduler(house) as session:
        (workspace,) = workspaces.everywhere(session)
    with db.transaction(workspace.id) as session:
        yield session, users.get_named(session, workspace.id, user_id)
