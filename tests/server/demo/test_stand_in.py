"""The demo's Gmail: the sample mailboxes at first, and then what became of them."""

from __future__ import annotations

from pathlib import Path

from crm.base.settings import Settings
from server.demo import consenting, stand_in
from sync.google import ASKED


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


def test_without_one_google_s_own_addresses_stay(tmp_path: Path) -> None:
    settings = Settings(tmp_path)

    assert stand_in.instead_of_google(settings, "", "") == settings
