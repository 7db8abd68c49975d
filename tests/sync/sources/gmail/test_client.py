"""How Gmail is asked: again where that helps, within a budget, and never elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from google.oauth2.credentials import Credentials

from server.demo.gmail import App, Fault, GmailServer, Mailbox
from sync.errors import SourceUnavailableError, SyncError
from sync.google import READING, SENDING
from sync.sources.gmail import GmailLogin, listing
from sync.sources.gmail.client import Client
from tests import make
from tests.soon import soon
from tests.sync import rig
from tests.sync.sources.gmail.elsewhere import redirecting

ADDRESS = "ana@halden.test"
APP = App("Inlay", "inlay.apps.test", "secret", ("http://127.0.0.1/back",))


def test_what_fails_once_is_asked_again_after_as_long_as_gmail_says(
    login: GmailLogin, google: GmailServer
) -> None:
    held: list[float] = []
    client = Client(replace(login, hold=held.append))
    google.plan(Fault("429", retry_after=0.2))

    assert listing.profile(client).email == "ana@halden.test"

    assert len(held) == 1
    assert 0 < held[0] <= 0.2
    assert [call.status for call in google.calls] == [429, 200]
    client.close()


def test_every_question_is_counted_before_it_is_asked(
    login: GmailLogin, google: GmailServer, account: Mailbox
) -> None:
    spent: list[int] = []
    client = Client(replace(login, spend=spent.append))
    ids = [account.deliver(make.raw(subject=f"No. {n}")) for n in range(3)]
    asked = client.users.messages()

    client.ask_together({id_: asked.get(userId="me", id=id_) for id_ in ids}, 20)
    listing.profile(client)

    assert spent == [60, 1]
    assert sum(spent) >= google.units("ana@halden.test")
    client.close()


def test_of_a_batch_each_part_has_its_own_answer(
    client: Client, google: GmailServer, account: Mailbox
) -> None:
    good, gone = account.deliver(make.raw()), account.deliver(make.raw(subject="Gone"))
    account.delete(gone)
    asked = client.users.messages()

    found = client.ask_together({id_: asked.get(userId="me", id=id_) for id_ in (good, gone)}, 20)

    assert found[good]["id"] == good
    assert isinstance(found[gone], Exception)


def test_a_batch_that_breaks_off_is_asked_for_again_as_one(
    client: Client, google: GmailServer, account: Mailbox
) -> None:
    ids = [account.deliver(make.raw(subject=f"No. {n}")) for n in range(3)]
    asked = client.users.messages()
    google.plan(Fault("cut", method="batch"))

    found = client.ask_together({id_: asked.get(userId="me", id=id_) for id_ in ids}, 20)

    assert set(found) == set(ids)
    assert all(call.in_batch for call in google.calls if call.method == "users.messages.get")


def invited(google: GmailServer, **more: object) -> GmailLogin:
    """Return a login by a consent, which has no token yet."""
    google.register(APP)
    held = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=google.refresh_token(ADDRESS, APP.client_id),
        token_uri=google.token_url,
        client_id=APP.client_id,
        client_secret=APP.client_secret,
    )
    return replace(GmailLogin(ADDRESS, held, google.url), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_leads_our_token_elsewhere(login: GmailLogin, status: int) -> None:
    with redirecting(status) as (url, got):
        client = Client(replace(login, api_url=url), timeout=5)
        with pytest.raises(SyncError):
            listing.profile(client)
        client.close()

    assert got == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_leads_our_lasting_secret_elsewhere(
    google: GmailServer, account: Mailbox, status: int
) -> None:
    with redirecting(status) as (url, got):
        login = invited(google)
        login.credentials._token_uri = url  # type: ignore[attr-defined]
        client = Client(login, timeout=5)
        with pytest.raises(SyncError):
            listing.profile(client)
        client.close()

    assert got == []


def test_a_token_that_is_refused_in_a_batch_is_let_go_of_once(
    google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [account.deliver(make.raw(subject=f"No. {n}")) for n in range(4)]
    client = Client(invited(google), timeout=5)
    listing.profile(client)
    asked = client.users.messages()
    google.expire_tokens()
    given, refresh = list[object](), Credentials.refresh

    def count(self: Credentials, request: object) -> None:
        given.append(request)
        refresh(self, request)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(Credentials, "refresh", count)

    found = client.ask_together({id_: asked.get(userId="me", id=id_) for id_ in ids}, 20)
    client.close()

    assert {id_: said["id"] for id_, said in found.items()} == {id_: id_ for id_ in ids}
    assert len(given) == 1


def test_a_token_that_several_parts_are_refused_with_is_let_go_of_once(
    google: GmailServer, account: Mailbox
) -> None:
    ids = [account.deliver(make.raw(subject=f"No. {n}")) for n in range(3)]
    client = Client(invited(google), timeout=5)
    asked = {id_: client.message(id_, "minimal") for id_ in ids}
    google.plan(Fault("401", method="users.messages.get", times=None))
    failed = client.ask_together(asked, 20)

    assert client.pause(failed, 1) == set(ids)
    assert client.pause(failed, 1) == set()  # There is none that could be let go of.
    client.close()


def test_a_token_endpoint_that_says_nothing_in_a_batch_is_not_waited_for(
    google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.TRIES", 1)
    id_ = account.deliver(make.raw())
    client = Client(invited(google), timeout=0.3)
    asked = client.users.messages()
    google.plan(Fault("token_hang", times=None))

    with soon(), pytest.raises(SourceUnavailableError):
        client.ask_together({id_: asked.get(userId="me", id=id_)}, 20)
    client.close()


def test_whoever_is_closed_leaves_no_connection_open(google: GmailServer, account: Mailbox) -> None:
    client = Client(invited(google), timeout=5)
    listing.profile(client)
    assert client._plain.connections
    assert client._http._http.connections

    client.close()

    assert not client._plain.connections
    assert not client._http._http.connections


@pytest.mark.parametrize("kind", ["500", "429", "403_rate", "cut", "cut_after", "truncated_json"])
def test_what_is_asked_once_is_repeated_by_nobody(
    client: Client, google: GmailServer, account: Mailbox, kind: str
) -> None:
    google.plan(Fault(kind, times=None))
    ready: list[int] = []

    with pytest.raises(SyncError):
        client.ask_once(
            client.messages.trash(userId="me", id=account.deliver(make.raw())),
            20,
            ready=lambda: ready.append(len(google.calls)),
        )

    assert len(google.calls) == 1
    assert ready == [0]


def test_a_token_that_is_older_than_a_wider_consent_is_let_go_of(
    google: GmailServer, account: Mailbox
) -> None:
    google.register(rig.APP)
    narrow, wide = (
        google.refresh_token(account.address, rig.APP.client_id, scopes)
        for scopes in (READING, (*READING, *SENDING))
    )
    held = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=narrow,
        token_uri=google.token_url,
        client_id=rig.APP.client_id,
        client_secret=rig.APP.client_secret,
    )
    client = Client(GmailLogin(account.address, held, google.url))
    listing.profile(client)
    held._refresh_token = wide

    letter = {"message": {"raw": "VG86IGphbmFAc2V2ZXJrYS50ZXN0DQoNCkhp"}}
    said = client.ask_once(client.users.drafts().create(userId="me", body=letter), 10)

    assert list(account.drafts) == [said["id"]]
    client.close()
