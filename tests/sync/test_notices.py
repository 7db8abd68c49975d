"""A mailbox's owner is told by mail that it is read no more: once, whatever happens on the way."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from email.policy import default

import pytest

from crm.base import db, ids, queues
from crm.base.settings import Settings
from crm.mail.telling import Notice
from sync import jobs, notices, schedule
from tests import make
from tests.servers.smtp import DROP_BEFORE_ANSWER, Smtp
from tests.sync import rig
from tests.sync.rig import Box


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with Smtp() as server:
        yield server


@pytest.fixture
def settings(town: Settings, smtp: Smtp) -> Settings:
    url = f"smtp://robot:secret@127.0.0.1:{smtp.port}"
    return replace(town, notices_smtp_url=url, notices_from="inlay@halden.test")


@pytest.fixture
def box(town: Settings, tmp_path) -> Box:
    """Connect a mailbox that was refused so often that nobody knocks any more."""
    box = rig.connect_files(town, tmp_path)
    stop(box)
    return box


def stop(box: Box) -> None:
    box.ask("update mailbox set state = 'needs_login', tell_at = now() where id = %s", box.id)


def tell(box: Box, settings: Settings) -> bool:
    return notices.tell(box.workspace_id, box.id, settings)


def test_the_owner_is_told_once_with_the_way_back(box, settings, smtp):
    assert tell(box, settings)
    assert not tell(box, settings)

    [received] = smtp.received
    letter = email.message_from_bytes(received.raw, policy=default)
    assert letter["Subject"] == "Inlay cannot read ana@halden.test any more"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert f"{settings.base_url}/mailboxes/{box.id}" in letter.get_content()
    assert smtp.logins == [("robot", "secret")]


def test_without_the_setting_nothing_leaves(box, settings, smtp):
    assert not tell(box, replace(settings, notices_from=""))
    assert smtp.received == []


@pytest.mark.parametrize("word", ["MAIL", "RCPT"])
def test_what_the_server_puts_off_is_told_later(box, settings, smtp, word):
    smtp.plan(word, "451 4.3.0 Not now")
    assert not tell(box, settings)
    assert smtp.received == []

    stop(box)
    assert tell(box, settings)


def test_a_server_that_is_not_there_is_tried_again(box, settings):
    assert not tell(box, replace(settings, notices_smtp_url="smtp://127.0.0.1:1"))

    [(again,)] = box.ask("select tell_at > now() from mailbox where id = %s", box.id)
    assert again


def test_what_may_have_left_is_not_told_twice(box, settings, smtp):
    smtp.plan("BODY", DROP_BEFORE_ANSWER)

    assert not tell(box, settings)

    [(again,)] = box.ask("select tell_at from mailbox where id = %s", box.id)
    assert again is None
    rig.until(lambda: len(smtp.received) == 1)


def test_the_clock_asks_for_it_where_owners_are_told_at_all(box, settings, smtp, monkeypatch):
    scheduler, asked = db.open_engine(settings.database_scheduler_url, pool_size=1), []
    monkeypatch.setattr(queues, "hint", lambda *way: asked.append(way) or True)
    schedule.sweep(scheduler)
    assert [way for way in asked if way[0] == "sync.jobs.tell_owner"] == []

    schedule.sweep(scheduler, tells=True)

    assert ("sync.jobs.tell_owner", box.workspace_id, box.id) in asked
    jobs.bind(settings, box.vault)
    jobs.tell_owner(str(box.workspace_id), str(box.id))
    assert len(smtp.received) == 1
    scheduler.dispose()


def test_each_is_told_in_their_own_language(settings):
    notice = Notice("ana@halden.test", "Ana", "cs", "ana@halden.test")
    said = notices.draft(notice, ids.new(), settings, make.NOW)

    assert said.subject != "Inlay cannot read ana@halden.test any more"
    assert "ana@halden.test" in said.subject


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtps://u:p@mail.halden.test", "tls", 465),
        ("smtp://u:p@mail.halden.test", "starttls", 587),
        ("smtp://u:p@mail.halden.test:2525", "starttls", 2525),
        ("smtp://localhost:25", "none", 25),
    ],
)
def test_a_password_goes_over_tls_wherever_it_leaves_this_machine(url, security, port):
    found = notices.login(url)
    assert (found.security, found.port) == (security, port)


def test_a_password_in_the_setting_is_read_as_urls_write_it():
    found = notices.login("smtps://me%40halden.test:a%2Fb@mail.halden.test")
    assert (found.login, found.password) == ("me@halden.test", "a/b")
    assert "a/b" not in repr(found)
