"""The demo's Gmail: the sample mailboxes at first, and then what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from google.auth import jwt

from crm.base.settings import Settings
from server.demo import consenting, stand_in
from sync.google import ASKED, credentials
from sync.sources.gmail import GmailLogin
from sync.sources.gmail.client import Client
from tests.sync import rig


@contextmanager
def listening() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Note what is posted to an address of this machine, and with which token."""
    heard: list[tuple[str, str]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((body.decode(), self.headers["Authorization"].removeprefix("Bearer ")))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/push/gmail", heard
        finally:
            server.shutdown()
            thread.join()


def test_it_begins_with_the_sample_and_goes_on_with_what_became_of_it(tmp_path: Path) -> None:
    with stand_in.opened(tmp_path) as google:
        ana, sam = google.add(stand_in.ANA), google.add(stand_in.BESIDE)
        labels = {
            label.name for copy in ana.copies for label in ana.labels if label.id in copy.labels
        }
        assert len(ana) == 306
        assert labels >= {"INBOX", "SENT", "UNREAD", "Archive"}
        assert len(sam) > 5
        ids = [copy.id for copy in ana.copies]
        port, imap_port = (int(url.rpartition(":")[2]) for url in (google.url, google.imap_url))
        came = ana.deliver(b"From: bo@acme.example\r\n\r\nNew\r\n")

    with stand_in.opened(tmp_path, port, imap_port) as google:
        assert [copy.id for copy in google.add(stand_in.ANA).copies] == [*ids, came]
        assert google.url.endswith(f":{port}")
        assert google.imap_url.endswith(f":{imap_port}")
        with stand_in.opened(tmp_path / "other", port) as other:
            assert other.url != google.url


def test_consent_is_given_for_what_is_asked_and_no_more(tmp_path: Path) -> None:
    with stand_in.opened(tmp_path) as google:
        settings = stand_in.instead_of_google(Settings(tmp_path), google.url, google.imap_url)

        assert settings.google_imap_url == google.imap_url
        grant = consenting.consent(settings, stand_in.BESIDE)

        assert set(grant.scopes) == set(ASKED)
        found = google._world.tokens.find_refresh(grant.refresh_token, stand_in.CLIENT_ID)
        assert found.mailbox.address == stand_in.BESIDE


def test_it_pushes_to_where_its_folder_says(tmp_path: Path) -> None:
    with stand_in.opened(tmp_path) as google, listening() as (there, heard):
        settings = stand_in.instead_of_google(Settings(tmp_path), google.url, google.imap_url)
        grant = consenting.consent(settings, stand_in.ANA)
        held = credentials(stand_in.ANA, grant.place, settings, grant.refresh_token)
        with closing(Client(GmailLogin(stand_in.ANA, held, google.url))) as client:
            body = {"topicName": settings.google_pubsub_topic}
            client.tell(client.users.watch(userId="me", body=body), 100)

        assert stand_in.follow(google, tmp_path, "") == ""
        (tmp_path / stand_in.PUSH_TO).write_text(f"{there}\n")
        assert stand_in.follow(google, tmp_path, "") == there
        rig.until(lambda: google.idle(stand_in.ANA))
        google.add(stand_in.ANA).deliver(b"From: bo@acme.example\r\n\r\nNew\r\n")
        rig.until(lambda: heard)

    [(body, bearer)] = heard
    assert json.loads(body)["subscription"] == settings.google_pubsub_subscription
    claims = jwt.decode(bearer, verify=False)
    assert (claims["aud"], claims["email"]) == (there, settings.google_pubsub_service_account)


def test_without_one_google_s_own_addresses_stay(tmp_path: Path) -> None:
    settings = Settings(tmp_path)

    assert stand_in.instead_of_google(settings, "", "") == settings
