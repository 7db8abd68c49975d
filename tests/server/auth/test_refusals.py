"""Why a token of Google's was refused is kept for a while, and nothing that a stranger says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.auth import refusals
from server.auth.refusals import Refusal

OURS = {"email": "us@halden.test", "email_verified": True, "aud": "here"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch, shared):
    monkeypatch.setattr(refusals, "_noted_at", float("-inf"))
    yield
    with refusals._connect(shared) as kept:
        kept.delete(refusals._KEPT)


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        (OURS, None),
        ({}, Refusal("both")),
        ({**OURS, "aud": "there"}, Refusal("audience", "there")),
        ({**OURS, "email": "them@evil.test"}, Refusal("robot")),
        ({**OURS, "email_verified": False}, Refusal("robot")),
        ({**OURS, "email": "them@evil.test", "aud": "there"}, Refusal("both")),
    ],
)
def test_what_does_not_fit_is_named(claims, refusal):
    assert refusals.of(claims, "here", "us@halden.test") == refusal


def test_a_refusal_is_kept_once_in_a_while_and_as_a_line(shared):
    assert refusals.last(shared) is None

    refusals.note(shared, Refusal("audience", "a\nb\x1b[1m" + "c" * 500))
    refusals.note(shared, Refusal("robot"))

    found = refusals.last(shared)
    assert found == Refusal("audience", ("ab[1m" + "c" * 500)[:200])


def test_what_a_stranger_has_signed_is_not_kept_and_keeps_nothing_else_out(shared):
    refusals.note(shared, refusals.of({"email": "a@evil.test", "aud": "x"}, "here", "us@x.test"))
    assert refusals.last(shared) is None

    refusals.note(shared, Refusal("robot"))
    assert refusals.last(shared) == Refusal("robot")


def test_without_valkey_nobody_is_told(shared):
    away = replace(shared, redis_url="redis://127.0.0.1:9/0")

    refusals.note(away, Refusal("robot"))

    assert refusals.last(away) is None
