"""What travels through a page: for one user, one thing, one hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import ids
from crm.base.errors import InvalidError
from crm.base.vault import Vault
from server.web import offers
from tests import make


@pytest.fixture
def vault(shared):
    return Vault(shared.vault_keys)


def test_what_was_sealed_comes_back_to_whoever_it_was_shown_to(vault):
    who = ids.new()
    text = offers.seal({"password": "hunter2"}, "login", who, vault, make.NOW)

    assert "hunter2" not in text
    later = make.NOW + timedelta(minutes=59)
    assert offers.unseal(text, "login", who, vault, later) == {"password": "hunter2"}


@pytest.mark.parametrize("change", ["whose", "what", "when", "bytes", "nothing", "other"])
def test_nobody_else_nothing_else_and_not_later(vault, change):
    who = ids.new()
    text = offers.seal({"n": 1}, "login", who, vault, make.NOW)
    reader = ids.new() if change == "whose" else who
    about = "domain" if change == "what" else "login"
    at = make.NOW + offers.LASTS if change == "when" else make.NOW
    told = {"bytes": text[:-9] + "AAAAAAAA=", "nothing": "", "other": vault.seal("{}").decode()}

    with pytest.raises(InvalidError, match="too old"):
        offers.unseal(told.get(change, text), about, reader, vault, at)
