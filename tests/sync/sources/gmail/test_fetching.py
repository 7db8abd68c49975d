"""Messages are fetched together, and alone for each that was not answered then."""

from __future__ import annotations

import pytest

from server.demo.gmail import Fault, GmailServer, Mailbox
from sync.errors import MessageGoneError
from sync.source import Way
from sync.sources.gmail import fetching
from sync.sources.gmail.client import Client
from tests import make


def fill(account: Mailbox, count: int) -> list[int]:
    return [int(account.deliver(make.raw(subject=f"No. {n}")), 16) for n in range(count)]


def test_they_come_in_one_call_and_one_that_fails_is_asked_for_alone(
    client: Client, google: GmailServer, account: Mailbox
) -> None:
    ids = fill(account, 5)
    google.plan(Fault("503", method="users.messages.get", nth=2))

    found = fetching.whole(client, ids, Way.TOGETHER)

    assert sorted(found) == sorted(ids)
    gets = [call for call in google.calls if call.method == "users.messages.get"]
    assert [call.in_batch for call in gets] == [True] * 5 + [False]


def test_one_pause_serves_all_that_failed_together(
    client: Client, google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 6)
    account.delete(f"{ids[5]:x}")
    google.plan(
        Fault("503", method="users.messages.get", times=3),
        Fault("429", method="users.messages.get", times=1, retry_after=1.5),
    )
    paused: list[float] = []
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", paused.append)

    found = fetching.whole(client, ids, Way.TOGETHER)

    assert sorted(found) == sorted(ids[:5])
    assert len(paused) == 1
    assert 0.5 < paused[0] <= 1.5  # As long as Gmail wants it for one of them.
    gets = [call for call in google.calls if call.method == "users.messages.get"]
    assert [call.in_batch for call in gets] == [True] * 6 + [False] * 4


def test_what_is_gone_is_left_out_and_what_is_not_given_says_so(
    client: Client, google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.TRIES", 1)
    gone, kept = fill(account, 2)
    account.delete(f"{gone:x}")
    with pytest.raises(MessageGoneError):
        fetching.one(client, gone, "raw")
    assert sorted(fetching.together(client, [gone, kept], "minimal")) == [kept]

    google.plan(Fault("500", method="users.messages.get", times=None))
    found = fetching.whole(client, [kept], Way.ALONE)

    assert (found[kept].raw, found[kept].trouble) == (b"", fetching.UNGIVEN)


@pytest.mark.parametrize("kind", ["500", "404_once"])
def test_a_letter_whose_text_is_not_given_says_so_and_stops_no_other(
    client: Client,
    google: GmailServer,
    account: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.TRIES", 1)
    large = account.deliver(make.raw(subject="Large", text="A long line of words. " * 50_000))
    ids = [int(large, 16), *fill(account, 1)]
    google.plan(Fault(kind, method="users.messages.attachments.get", times=None))

    found = fetching.whole(client, ids, Way.BY_PARTS)

    assert [found[uid].trouble for uid in ids] == [fetching.UNGIVEN, ""]


def test_a_letter_that_is_deleted_before_its_text_is_asked_for_is_none(
    client: Client, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = account.deliver(make.raw(subject="Large", text="A long line of words. " * 50_000))
    ask = fetching.attachment

    def late(client: Client, uid: int, name: str) -> bytes:
        account.delete(large)
        return ask(client, uid, name)

    monkeypatch.setattr(fetching, "attachment", late)

    assert fetching.whole(client, [int(large, 16)], Way.BY_PARTS) == {}
