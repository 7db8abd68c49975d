"""The token of an hour: shared, sealed, and let go of before its end."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import redis
from google.oauth2.credentials import Credentials

from crm.base import clock
from crm.base.settings import Settings
from crm.base.vault import Vault
from sync.tokens import Token, Tokens


@pytest.fixture
def tokens(town: Settings) -> Tokens:
    return Tokens(uuid4(), town.redis_url, Vault(town.vault_keys))


def token(text: str = "ya29.secret", minutes: float = 30) -> Token:
    return Token(text, (clock.now() + timedelta(minutes=minutes)).replace(microsecond=0))


def test_what_one_keeps_the_others_find_and_nobody_reads_it_there(
    town: Settings, tokens: Tokens
) -> None:
    kept = token()
    tokens.keep(kept)

    assert tokens.find() == kept
    store = redis.Redis.from_url(town.redis_url)
    kinds = {name: store.type(name) for name in store.keys("inlay:gmail:token:*")}
    assert kinds
    assert not any(b"ya29" in store.get(name) for name in kinds if kinds[name] == b"string")
    assert "secret" not in repr(kept)


def test_a_token_about_to_end_is_none(tokens: Tokens) -> None:
    tokens.keep(token(minutes=1))
    assert tokens.find() is None

    tokens.keep(token(minutes=-1))
    assert tokens.find() is None


def test_a_token_that_was_refused_is_forgotten_and_a_newer_one_is_not(tokens: Tokens) -> None:
    tokens.keep(token("new"))

    tokens.forget("old")
    assert tokens.find() is not None

    tokens.forget("new")
    assert tokens.find() is None


def test_one_asks_at_a_time(tokens: Tokens) -> None:
    order: list[str] = []

    def other() -> None:
        with tokens.asking():
            order.append("other")

    waiting = threading.Thread(target=other)
    with tokens.asking():
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join()

    assert order == ["first", "other"]


def test_without_valkey_each_asks_for_its_own(town: Settings) -> None:
    alone = Tokens(uuid4(), "redis://127.0.0.1:9/0", Vault(town.vault_keys))

    alone.keep(token())
    with alone.asking():
        assert alone.find() is None
    alone.forget("x")


@pytest.mark.parametrize("minutes", [3.5, 3.9])
def test_a_token_that_the_library_would_not_use_is_none(tokens: Tokens, minutes: float) -> None:
    kept = token(minutes=minutes)
    tokens.keep(kept)

    assert tokens.find() is None


def test_a_token_that_is_found_is_used(tokens: Tokens) -> None:
    kept = token(minutes=4.1)
    tokens.keep(kept)

    assert tokens.find() == kept
    held = Credentials(kept.text, expiry=kept.ends.replace(tzinfo=None))  # type: ignore[no-untyped-call]
    assert held.valid
