"""What a server holds outlives it, where it was given a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.demo.gmail import GmailServer
from tests.server.demo.gmail.asking import ANA, ask, letter

CLIENT = "inlay.apps.test"


def test_the_next_server_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    with GmailServer(keep=tmp_path) as google:
        ana = google.add(ANA)
        own = ana.labels.create("Orders").id
        first = ana.deliver(letter("First", id_="1@acme.example"), labels=["INBOX", own])
        gone = ana.deliver(letter("Gone", id_="2@acme.example"))
        began = ana.history.now
        reply = letter("Re: First", id_="3@acme.example", References="<1@acme.example>")
        answer = ana.deliver(reply)
        ana.label(first, add=["STARRED"], remove=["INBOX"])
        ana.delete(gone)
        refresh = google.refresh_token(ANA, CLIENT, ["openid"])
        before = ana.kept()
        told = [record.shape() for record in ana.history.after(began)]

    with GmailServer(keep=tmp_path) as google:
        again = google.add(ANA)

        assert again.kept() == before
        assert [record.shape() for record in again.history.after(began)] == told
        assert again.copies.get(first).raw == letter("First", id_="1@acme.example")
        assert again.copies.get(answer).thread == first
        assert again.labels.find_named("Orders").id == own
        assert google._world.tokens.find_refresh(refresh, CLIENT).mailbox is again
        assert again.deliver(letter("New", id_="4@acme.example")) not in {first, gone, answer}
        assert again.history.now > before["history"]["now"]
    files = sorted(path.name for path in (tmp_path / "letters" / ANA).iterdir())
    assert len(files) == 3
    assert f"{gone}.eml" not in files


def test_what_was_answered_is_kept_though_the_server_is_killed(tmp_path: Path) -> None:
    with GmailServer(keep=tmp_path) as google:
        id_ = google.add(ANA).deliver(letter())
        there = f"{google.url}/gmail/v1/users/me/messages/{id_}/modify"
        body = json.dumps({"addLabelIds": ["STARRED"]})
        assert ask(there, "POST", body, Authorization=f"Bearer {google.token(ANA)}")[0] == 200

        kept = json.loads((tmp_path / "state.json").read_text())

    (copy,) = kept["mailboxes"][ANA]["copies"]
    assert "STARRED" in copy[-1]


def test_a_consent_that_was_taken_back_is_not_kept(tmp_path: Path) -> None:
    with GmailServer(keep=tmp_path) as google:
        google.refresh_token(ANA, CLIENT)
        google.save()
        google.revoke(ANA)

    assert json.loads((tmp_path / "state.json").read_text())["consents"] == []


def test_what_another_edition_kept_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"edition": 0}')

    with pytest.raises(ValueError, match="another edition"):
        GmailServer(keep=tmp_path)
