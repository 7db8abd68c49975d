"""The vault: sealed by the first key, opened by any, silent about both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.errors import InvalidError
from crm.base.vault import KeyMissingError, Vault, make_key

VAULT = Vault([make_key()])


@given(st.text(max_size=200))
def test_what_was_sealed_opens_to_the_same(secret: str) -> None:
    assert VAULT.open(VAULT.seal(secret)) == secret


def test_an_old_key_opens_what_it_sealed_and_the_first_one_seals() -> None:
    old, new = make_key(), make_key()
    before = Vault([old]).seal("imap password")

    rotated = Vault([new, old])

    assert rotated.open(before) == "imap password"
    assert Vault([new]).open(rotated.seal("another")) == "another"
    with pytest.raises(KeyMissingError):
        Vault([old]).open(rotated.seal("another"))


def test_a_secret_that_was_tampered_with_does_not_open() -> None:
    sealed = bytearray(VAULT.seal("imap password"))
    sealed[-5] ^= 1

    for broken in (bytes(sealed), b"", b"not sealed at all"):
        with pytest.raises(KeyMissingError):
            VAULT.open(broken)


def test_a_sealed_secret_tells_nothing_of_it() -> None:
    sealed = VAULT.seal("imap password")

    assert b"imap password" not in sealed
    assert sealed != VAULT.seal("imap password")


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["ř" * 44], [make_key(), "x"]])
def test_what_is_no_key_is_refused_by_the_name_of_the_setting(keys: list[str]) -> None:
    with pytest.raises(InvalidError, match="VAULT_KEYS"):
        Vault(keys)


def test_neither_keys_nor_secrets_show_in_a_repr_or_an_error() -> None:
    key = make_key()
    vault = Vault([key])

    with pytest.raises(KeyMissingError) as caught:
        vault.open(b"canary")

    assert key not in repr(vault)
    assert "canary" not in str(caught.value)


def test_a_secret_is_renewed_by_the_first_key_and_says_so() -> None:
    old, new = make_key(), make_key()
    before, rotated = Vault([old]).seal("imap password"), Vault([new, old])
    assert not rotated.is_newest(before)

    after = rotated.renew(before)

    assert rotated.is_newest(after)
    assert Vault([new]).open(after) == "imap password"
    with pytest.raises(KeyMissingError):
        Vault([new]).renew(before)
