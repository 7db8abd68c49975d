"""`inlay user`."""

from __future__ import annotations

import pytest

PASSWORD = b"correct horse battery\n"


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
    assert "inlay user add EMAIL --role admin --password-stdin" in again.error["message"]
