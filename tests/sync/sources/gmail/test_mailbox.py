"""A mailbox of Gmail as a source: what it lists, and what it brings in, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server.demo.gmail import Fault, GmailServer, Mailbox
from sync.errors import MessageGoneError, QuotaError, SourceUnavailableError
from sync.source import FolderRole, HistorySource, Place, Stretch, Way
from sync.sources.gmail import GmailLogin, GmailSource, fetching, listing, mailbox
from sync.sources.gmail.letters import FOLDER, NUMBERED
from tests import make


def stretch(ids: list[str], cursor: int = 0, way: Way = Way.TOGETHER) -> Stretch:
    uids = tuple(sorted(map(listing.number, ids)))
    return Stretch(FOLDER, NUMBERED, cursor, uids[-1], uids, way)


def fill(account: Mailbox, count: int) -> list[str]:
    return [account.deliver(make.raw(subject=f"No. {n}")) for n in range(count)]


def place(id_: str) -> Place:
    return Place(FOLDER, NUMBERED, listing.number(id_))


def test_it_keeps_a_history_and_has_one_folder(source: GmailSource, account: Mailbox) -> None:
    fill(account, 3)

    [folder] = source.folders()

    assert isinstance(source, HistorySource)
    assert (folder.name, folder.role, folder.count) == ("All Mail", FolderRole.ALL, 3)
    assert folder.modseq == listing.profile(source._client).history
    assert (source.unavailable, source.unasked) == ((), ())


def test_batches_follow_the_ids_of_their_stretch_from_its_cursor(
    source: GmailSource, account: Mailbox
) -> None:
    ids = sorted(fill(account, 50))
    wanted = ids[:20] + ids[30:]

    batches = list(source.batches(stretch(wanted, cursor=listing.number(ids[4])), 20))

    came = [listing.name(one.place.uid) for batch in batches for one in batch.messages]
    assert came == wanted[5:]
    assert batches[0].since == listing.number(ids[4])
    assert [batch.since for batch in batches[1:]] == [batch.until for batch in batches[:-1]]
    assert batches[-1].until == listing.number(ids[-1])


def test_a_batch_is_no_larger_than_its_bytes(
    source: GmailSource, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "BATCH_BYTES", 1_000)
    monkeypatch.setattr(mailbox, "TOGETHER", 5)
    ids = fill(account, 20)

    batches = list(source.batches(stretch(ids)))

    assert [len(batch.messages) for batch in batches] == [5, 5, 5, 5]


def test_whoever_waits_for_the_quota_hands_over_what_has_come(
    source: GmailSource, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "TOGETHER", 5)
    monkeypatch.setattr(mailbox, "HELD_MOST", 0.0)

    batches = list(source.batches(stretch(fill(account, 20))))

    assert [len(batch.messages) for batch in batches] == [5, 5, 5, 5]


def test_what_has_come_is_handed_over_before_whatever_ends_the_rest(
    source: GmailSource, google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    monkeypatch.setattr(mailbox, "TOGETHER", 5)
    ids = sorted(fill(account, 20))
    google.plan(Fault("429", method="users.messages.get", id=ids[12], times=None))

    batches = source.batches(stretch(ids))

    came = next(batches)
    assert [listing.name(one.place.uid) for one in came.messages] == ids[:10]
    assert came.until == listing.number(ids[9])
    with pytest.raises(QuotaError):
        next(batches)


def test_a_letter_that_gmail_never_gives_stops_no_other(
    source: GmailSource, google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    ids = sorted(fill(account, 5))
    google.plan(Fault("500", method="users.messages.get", id=ids[1], times=None))

    [batch] = source.batches(stretch(ids))

    assert len(batch.messages) == 5
    assert [one.trouble for one in batch.messages] == ["", fetching.UNGIVEN, "", "", ""]


def test_a_server_that_gives_nothing_blames_no_letter(
    source: GmailSource, google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    ids = fill(account, 3)
    google.plan(Fault("503", times=None))

    with pytest.raises(SourceUnavailableError):
        list(source.batches(stretch(ids)))


def test_what_is_typed_as_an_alias_is_not_ours_before_it_is_accepted(
    source: GmailSource, account: Mailbox
) -> None:
    account.aliases |= {"ana@customer.test": "", "sales@halden.test": ""}
    account.unverified.add("ana@customer.test")

    assert source.aliases() == ("ana@halden.test", "sales@halden.test")


def test_what_was_deleted_meanwhile_is_left_out(source: GmailSource, account: Mailbox) -> None:
    ids = sorted(fill(account, 3))
    account.delete(ids[1])
    account.delete(ids[2])

    [batch] = source.batches(stretch(ids))

    assert [listing.name(one.place.uid) for one in batch.messages] == ids[:1]
    assert batch.until == listing.number(ids[2])


def test_a_part_that_failed_is_asked_for_alone(
    source: GmailSource, google: GmailServer, account: Mailbox
) -> None:
    ids = fill(account, 6)
    google.plan(Fault("503", method="users.messages.get", id=ids[2]))

    [batch] = source.batches(stretch(ids))

    assert len(batch.messages) == 6
    again = [call for call in google.calls if call.method == "users.messages.get"][6:]
    assert [(call.id, call.in_batch) for call in again] == [(ids[2], False)]


def test_the_stock_says_how_each_is_asked_for_and_what_is_not(
    google: GmailServer, account: Mailbox, login: object
) -> None:
    small, spam = account.deliver(make.raw()), account.deliver(make.raw(), labels=["SPAM"])
    middle = account.deliver(make.raw(text="x" * 1_200_000))
    large = account.deliver(make.raw(text="x" * 1_500_000))

    with GmailSource(login, letter_limit=1_400_000) as source:  # type: ignore[arg-type]
        stock = source.stock()

    ways = {id_: stock.way(listing.number(id_)) for id_ in (small, middle, large)}
    assert ways == {small: Way.TOGETHER, middle: Way.ALONE, large: Way.BY_PARTS}
    assert stock.kept_out == {listing.number(spam): frozenset({"SPAM"})}
    assert len(stock.uids) == 4


def test_one_letter_and_one_attachment_are_fetched_again(
    source: GmailSource, account: Mailbox
) -> None:
    from email.message import EmailMessage

    made = EmailMessage()
    made["Subject"] = "With a file"
    made.set_content("See it.\n")
    made.add_attachment(b"x" * 200_000, maintype="application", subtype="pdf", filename="a.pdf")
    id_ = account.deliver(made.as_bytes(policy=made.policy.clone(linesep="\r\n")))

    letter, pieces = source.letter(place(id_)), list(source.part(place(id_), "2"))

    assert b"With a file" in letter.raw
    assert b"".join(pieces) == b"x" * 200_000
    assert max(map(len, pieces)) <= 65_536
    with pytest.raises(MessageGoneError):
        list(source.part(place(id_), "7"))
    account.delete(id_)
    with pytest.raises(MessageGoneError):
        source.letter(place(id_))


def test_headers_labels_and_aliases_are_told(source: GmailSource, account: Mailbox) -> None:
    id_ = account.deliver(make.raw(subject="Head"), labels=["INBOX", "STARRED"])

    [head] = source.headers([place(id_)])

    assert b"Subject: Head" in head.raw
    assert b"Good morning" not in head.raw
    assert source.labels()["INBOX"] == "INBOX"
    assert list(source.labelled("STARRED")) == [listing.number(id_)]
    assert source.aliases() == ("ana@halden.test",)


def test_what_is_large_is_found_whenever_it_was_sent(
    google: GmailServer, account: Mailbox, login: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    years = [make.NOW - timedelta(days=400 * n) for n in range(6)]
    sizes = [10, 1_200_000, 10, 1_500_000, 10, 1_200_000]
    ids = [
        account.deliver(make.raw(subject=f"{size}", text="x" * size), at=at)
        for size, at in zip(sizes, years, strict=True)
    ]
    uids = list(map(listing.number, ids))
    calls = list[int]()

    def large(*which: int) -> tuple[frozenset[int], frozenset[int]]:
        before = len(google.calls)
        with GmailSource(login, letter_limit=1_400_000) as source:  # type: ignore[arg-type]
            found = source.large([uids[n] for n in which])
        calls.append(len(google.calls) - before)
        return found

    assert large(3, 4, 5) == ({uids[3], uids[5]}, {uids[3]})
    assert large(5) == ({uids[5]}, frozenset())
    assert large(0, 1) == ({uids[1]}, frozenset())
    assert large(0) == (frozenset(), frozenset())
    assert large() == (frozenset(), frozenset())
    assert calls[2:] == [3, 2, 0]  # Of what is new, a page of each listing.


def test_a_letter_costs_what_google_takes_for_it_in_this_project(
    login: GmailLogin, account: Mailbox
) -> None:
    spent: list[int] = []
    ids = fill(account, 3)

    with GmailSource(replace(login, spend=spent.append, letter_units=5)) as source:
        list(source.batches(stretch(ids)))
        source.letter(place(ids[0]))

    assert spent == [15, 5, 5]
