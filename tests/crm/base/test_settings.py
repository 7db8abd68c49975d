"""Settings: read once, refused in words, and never shown in a repr."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crm.base import settings
from crm.base.errors import InvalidError


def test_an_empty_environment_gives_what_a_laptop_needs() -> None:
    read = settings.read({})

    assert read.data_dir == Path(settings.default_data_dir())
    assert (read.database_url, read.vault_keys) == ("", ())
    assert read.base_url == "http://127.0.0.1:8025"
    assert not read.allow_plain_imap
    assert not read.allow_private_imap


def test_what_the_environment_says_is_taken() -> None:
    read = settings.read(
        {
            "DATA_DIR": "~/inlay",
            "BASE_URL": "https://crm.halden.test/",
            "VAULT_KEYS": " one , two,, ",
            "ALLOW_PLAIN_IMAP": "Yes",
            "LETTER_LIMIT": "5000",
        }
    )

    assert read.data_dir == Path.home() / "inlay"
    assert read.base_url == "https://crm.halden.test"
    assert read.vault_keys == ("one", "two")


@pytest.mark.parametrize(
    ("addon_url", "base"),
    [("", "https://crm.halden.test/addon"), ("https://addon.test/x/", "https://addon.test/x")],
)
def test_the_addon_lies_below_the_base_unless_it_is_said_where(addon_url: str, base: str) -> None:
    read = settings.read({"BASE_URL": "https://crm.halden.test", "ADDON_URL": addon_url})

    assert read.addon_base == base


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXY_HOPS", "11"),
        ("PROXY_HOPS", "-1"),
        ("LETTER_LIMIT", "many"),
        ("LETTER_LIMIT", "0"),
        ("LETTER_LIMIT", "-1"),
        ("LETTER_LIMIT", "1.5"),
        ("ALLOW_PLAIN_IMAP", "on"),
        ("ALLOW_PRIVATE_IMAP", "on"),
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "x" * 31),
        ("DATA_DIR", "/tmp/a\nb"),
        ("DATA_DIR", "/tmp/\udcff"),
        ("DATA_DIR", "~nobody-of-this-name/inlay"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "mysql://ana@db.test/inlay"),
        ("DATABASE_OWNER_URL", "postgresql://ana@db.test:many/inlay"),
        ("DATABASE_SCHEDULER_URL", "postgresql://ana@db.test:99999/inlay"),
        ("DATABASE_OWNER_URL", "postgresql://ana:pa@ss@db.test/inlay"),
        ("REDIS_URL", "cache.test:6379"),
        ("REDIS_URL", "redis://cache.test:0"),
        ("BASE_URL", "ftp://crm.test"),
        ("BASE_URL", "crm.test"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "http://[::1"),
        ("BASE_URL", "https://crm.test/?x=1"),
        ("BASE_URL", "https://crm.test/#x"),
        ("BASE_URL", "https://crm.test:99999"),
        ("BASE_URL", "https://ana:secret@crm.test"),
        ("BASE_URL", "https://crm .test"),
        ("NOTICES_FROM", "crm"),
        ("NOTICES_FROM", "Inlay <crm@halden.example>"),
        ("NOTICES_FROM", "crm@halden.example, other@halden.example"),
        ("GOOGLE_IMAP_URL", "imap.gmail.com:993"),
        ("GOOGLE_IMAP_URL", "https://imap.gmail.com"),
        ("GOOGLE_IMAP_URL", "imaps://:993"),
        ("GOOGLE_IMAP_URL", "imaps://imap.gmail.com:99999"),
        ("GOOGLE_IMAP_URL", "imaps://imap.gmail.com/INBOX"),
        ("GOOGLE_IMAP_URL", "imaps://ana:secret@imap.gmail.com"),
    ],
)
def test_what_cannot_be_a_setting_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(InvalidError, match=name):
        settings.read({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "0123456789abcdef" * 2),
        ("DATABASE_URL", "postgresql://ana:p%40ss@db.test/inlay"),
        ("DATABASE_URL", "postgres://ana@[::1]:5432/inlay?sslmode=require"),
        ("DATABASE_OWNER_URL", "postgresql+psycopg://ana@/inlay?host=/run/postgresql"),
        ("REDIS_URL", "rediss://:secret@cache.test:6379/0"),
        ("REDIS_URL", "redis://:pa@ss@cache.test:6379/0"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=0"),
        ("BASE_URL", "https://crm.test:8443/inlay"),
        ("GOOGLE_IMAP_URL", "imap://[::1]:1143"),
    ],
)
def test_what_can_be_a_setting_is_taken(name: str, value: str) -> None:
    assert getattr(settings.read({name: value}), name.lower()) == value


def test_an_address_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(InvalidError) as refused:
        settings.read({"DATABASE_URL": "postgresql://ana:canary@db.test:many/inlay"})

    assert "canary" not in str(refused.value)


def test_no_secret_shows_in_a_repr() -> None:
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SCHEDULER_URL")
    secret = dict.fromkeys(names, "postgresql://ana:canary@db.test/inlay") | {
        "REDIS_URL": "redis://:canary@cache.test",
        "SECRET_KEY": "canary" * 6,
        "VAULT_KEYS": "canary",
    }

    assert "canary" not in repr(settings.read(secret))


def test_data_lies_at_home_unless_it_is_root_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/ana/data")

    expected = "/var/lib/inlay" if os.geteuid() == 0 else "/home/ana/data/inlay"
    assert settings.default_data_dir() == expected
