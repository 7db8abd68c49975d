"""`inlay vault`: every password of every workspace under a new key, on a real PostgreSQL."""

from __future__ import annotations

import psycopg
import pytest

from crm.base.vault import Vault, make_key
from tests.commands import Inlay

OLD, NEW = make_key(), make_key()


def write(house, address, sealed):
    """Put a sealed password where the command that connects would."""
    with psycopg.connect(house.database_owner_url.replace("+psycopg", "")) as owner:
        owner.execute("set row_security to off")
        owner.execute("update mailbox set secret = %s where address = %s", (sealed, address))


def read(house):
    with psycopg.connect(house.database_owner_url.replace("+psycopg", "")) as owner:
        rows = owner.execute("select address, secret from mailbox where secret is not null")
        return {address: bytes(secret) for address, secret in rows}


@pytest.fixture
def two(halden, mail, house):
    """Let two workspaces have a mailbox each, with passwords under the old key."""
    halden("workspace", "add", "Severka")
    user = ("user", "add", "jana@severka.test", "--workspace", "Severka", "--role", "admin")
    assert halden(*user).code == 0
    for workspace, address in (("Halden", "ana@halden.test"), ("Severka", "jana@severka.test")):
        words = ("mailbox", "add", "files", "--workspace", workspace, "--user", address)
        assert halden(*words, "--address", address, "--path", str(mail)).code == 0
        write(house, address, Vault([OLD]).seal(f"password of {address}"))
    return house


def test_passwords_of_all_workspaces_come_under_the_first_key(two):
    both = Inlay(two, {"VAULT_KEYS": f"{NEW},{OLD}"})

    ended = both("vault", "rotate", "--json")

    assert (ended.code, ended.err) == (0, "")
    assert ended.json["only_first_key_needed"] is True
    assert [
        (w["name"], w["passwords"], w["renewed"], w["locked"]) for w in ended.json["workspaces"]
    ] == [
        ("Halden", 1, 1, []),
        ("Severka", 1, 1, []),
    ]
    opened = {address: Vault([NEW]).open(sealed) for address, sealed in read(two).items()}
    assert opened == {a: f"password of {a}" for a in ("ana@halden.test", "jana@severka.test")}


def test_again_it_changes_nothing_and_says_that_the_old_key_may_go(two):
    both = Inlay(two, {"VAULT_KEYS": f"{NEW},{OLD}"})
    first = both("vault", "rotate")
    before = read(two)

    again = both("vault", "rotate")

    assert "Halden: 1 password renewed\nSeverka: 1 password renewed\n" in first.out
    assert "Halden: 0 passwords renewed" in again.out
    for ended in (first, again):
        assert ended.code == 0
        assert "take the other keys out of VAULT_KEYS" in ended.out
    assert read(two) == before
    assert Inlay(two, {"VAULT_KEYS": NEW})("vault", "rotate").code == 0


def test_a_password_that_no_key_opens_is_named_and_the_keys_stay(two):
    lost = Vault([make_key()]).seal("lost")
    write(two, "ana@halden.test", lost)
    both = Inlay(two, {"VAULT_KEYS": f"{NEW},{OLD}"})

    ended, said = both("vault", "rotate", "--json"), both("vault", "rotate")

    assert (ended.code, said.code) == (1, 1)
    assert ended.json["only_first_key_needed"] is False
    assert ended.json["workspaces"][0]["locked"] == ["ana@halden.test"]
    assert "ana@halden.test: no key opens its password" in said.out
    assert "Keep every key" in said.out
    assert read(two)["ana@halden.test"] == lost
    assert Vault([NEW]).open(read(two)["jana@severka.test"])


def test_no_password_and_no_key_is_told(two):
    both = Inlay(two, {"VAULT_KEYS": f"{NEW},{OLD}"})

    told = [both("vault", "rotate", *more) for more in ((), ("--json",))]

    for ended in told:
        for secret in (NEW, OLD, "password of"):
            assert secret not in ended.out + ended.err


def test_a_key_is_made_without_opening_anything(shared, tmp_path):
    made = [Inlay(shared, {"DATA_DIR": str(tmp_path / "none")}).apart("vault", "key") for _ in "ab"]

    assert [ended.code for ended in made] == [0, 0]
    assert made[0].out != made[1].out
    Vault([made[0].out.strip()])
    assert not (tmp_path / "none").exists()


def test_a_house_without_a_workspace_is_well(inlay):
    assert inlay("vault", "rotate", "--json").json == {
        "workspaces": [],
        "only_first_key_needed": True,
    }
