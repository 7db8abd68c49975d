"""What let us into a mailbox of Gmail goes back to Google, and no push comes after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis

from crm.base import clock, db, directory
from crm.base.settings import Settings
from crm.mail import mailboxes
from crm.mail import parting as parted
from crm.mail.models import CopyState, MailboxState
from crm.workspace import users
from server.demo.gmail import GmailServer
from sync import jobs, pushing
from sync.connecting import parting
from sync.google import READING
from tests import make
from tests.soon import soon
from tests.sync import rig, sending
from tests.sync.rig import Box
from tests.sync.test_pushing import TOPIC, asked, watching


@pytest.fixture
def address() -> str:
    """Name a mailbox that no other test has: whoever else reads it counts."""
    return f"{uuid4().hex[:8]}@halden.test"


@pytest.fixture
def google(address: str) -> Iterator[GmailServer]:
    with GmailServer(now=lambda: clock.now().timestamp()) as server:
        server.add_topic(TOPIC)
        server.add(address).deliver(make.raw(to=address))
        yield server


@pytest.fixture
def box(town: Settings, google: GmailServer, address: str) -> Box:
    made = rig.connect_gmail(town, google, address)
    made = replace(made, settings=watching(made.settings))
    rig.bring(made)
    pushing.arrange(made.workspace_id, made.id, made.settings, made.vault)
    return made


def part(box: Box, **settings: str) -> bool:
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        alone = not parted.is_read_elsewhere(session, row)
    return parting.part(row, replace(box.settings, **settings), box.vault, alone=alone)


def tokens_of(box: Box) -> list[bytes]:
    with Redis.from_url(box.settings.redis_url) as kept:
        return list(kept.keys(f"inlay:gmail:token:{box.id}*"))


def test_the_consent_is_given_back_its_tokens_forgotten_and_no_push_comes_any_more(
    box: Box, google: GmailServer
) -> None:
    assert tokens_of(box)

    assert part(box)

    assert asked(google) == ["watch", "stop"]
    assert box.row().watched_until is None
    assert tokens_of(box) == []
    assert rig.bring(box).trouble == "consent_revoked"
    assert part(box), "given back already"


def disconnect(box: Box) -> None:
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        parted.disconnect(session, row, by=users.get(session, box.workspace_id, row.user_id))


def test_what_is_disconnected_is_read_by_nobody_and_goes_on_with_another_consent(
    box: Box, google: GmailServer, address: str
) -> None:
    assert part(box)
    disconnect(box)
    google.add(address).deliver(make.raw(to=address, subject="Later"))
    before = len(google.calls)
    jobs.bind(box.settings, box.vault)
    jobs.sync_mailbox(str(box.workspace_id), str(box.id))
    jobs.watch_mailbox(str(box.workspace_id), str(box.id))
    jobs.bind(None, None)  # type: ignore[arg-type]
    assert google.calls[before:] == []
    assert "Connect it again" in rig.bring(box).words
    assert box.row().state == MailboxState.DISCONNECTED

    token = google.refresh_token(address, rig.APP.client_id, READING)
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        by = users.get(session, box.workspace_id, row.user_id)
        secret = box.vault.seal(token)
        mailboxes.resume(session, row, secret=secret, by=by, at=clock.now())

    assert (rig.bring(box).trouble, rig.bring(box).stored) == ("", 0)
    assert len(rig.places_of(box, CopyState.STORED)) == 2


def test_what_waits_to_be_sent_is_not_sent_and_its_author_is_told(
    town: Settings, google: GmailServer
) -> None:
    post = sending.connect_gmail(town, google)
    waiting = post.write()
    doubted = post.write("In doubt.", rfc_id="2@halden.test")
    post.box.ask("update outgoing set state = 'unknown', doubted_at = now() where id = %s", doubted)
    disconnect(post.box)
    before = len(google.calls)

    post.hurry()
    for one in (waiting, doubted):
        post.work(one)

    assert google.calls[before:] == []
    assert (post.row(waiting).state, post.row(waiting).trouble) == ("failed", "disconnected")
    assert post.state(doubted) == "unknown"


def test_a_google_that_does_not_answer_is_not_waited_for_and_keeps_the_consent(
    box: Box, google: GmailServer
) -> None:
    with soon():
        assert not part(box, google_revoke_url="http://127.0.0.1:9/revoke")
    assert tokens_of(box) == []


def test_the_token_is_shown_to_nobody_whom_a_server_names(box: Box, google: GmailServer) -> None:
    with hears() as (url, heard):
        assert not part(box, google_revoke_url=url)

    assert heard == ["/revoke"]


def test_where_another_workspace_reads_the_mailbox_consent_and_pushes_are_left_to_it(
    box: Box, google: GmailServer
) -> None:
    with db.transaction() as session:
        other = make.workspace(session, "Elsewhere")
        directory.add(session, directory.Key.MAILBOX, box.row().address, other.id, other.id)

    assert not part(box)

    assert asked(google) == ["watch"]
    assert rig.bring(box).trouble == ""


def test_a_mailbox_that_no_consent_opens_has_none_to_give_back(
    town: Settings, tmp_path: Path
) -> None:
    box = rig.connect_files(town, tmp_path)

    assert part(box)


@contextmanager
def hears() -> Iterator[tuple[str, list[str]]]:
    """Serve somebody who leads elsewhere, and say what was asked for."""
    heard: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/revoke", heard
        server.shutdown()
