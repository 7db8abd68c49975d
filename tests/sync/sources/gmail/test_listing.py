"""What a Gmail mailbox holds, and what has changed in it, by ids alone."""

from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from server.demo.gmail import Fault, GmailServer, Mailbox
from sync.errors import CursorExpiredError, NotAdmittedError, QuotaError, SyncError
from sync.sources.gmail import listing
from sync.sources.gmail.client import Client
from tests import make


@pytest.mark.parametrize("name", ["1a1bb757700e3c2f", "0000000000000001", "7fffffffffffffff"])
def test_an_id_is_a_number_and_back(name: str) -> None:
    assert listing.name(listing.number(name)) == name


@pytest.mark.parametrize("name", ["0", "8000000000000000", "x", "", "-1"])
def test_what_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"id|literal"):
        listing.number(name)


def test_a_bin_counts_more_than_spam() -> None:
    assert listing.rule_of(frozenset({"SPAM", "TRASH"})) == "trash"
    assert listing.rule_of(frozenset({"CHAT"})) == "chat"
    assert listing.rule_of(frozenset({"INBOX", "SENT"})) == ""


def test_everything_is_listed_page_by_page_with_spam_and_bin(
    client: Client, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    kept = [account.deliver(make.raw(subject=f"No. {n}")) for n in range(5)]
    spam = account.deliver(make.raw(), labels=["SPAM"])

    found = list(listing.ids(client))

    assert sorted(map(listing.name, found)) == sorted([*kept, spam])
    assert [*map(listing.name, listing.ids(client, label="SPAM"))] == [spam]


def test_the_history_tells_the_last_word_on_each_message(
    client: Client, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    old = account.deliver(make.raw(subject="Old"))
    since = listing.profile(client).history
    new, passing = (account.deliver(make.raw(subject=name)) for name in ("New", "Passing"))
    account.label(old, add=["STARRED"])
    account.label(old, remove=["STARRED", "UNREAD"])
    account.label(new, add=["TRASH"], remove=["INBOX"])
    account.delete(passing)

    found = listing.changes(client, since)

    assert found.added == {listing.number(new): frozenset({"UNREAD", "TRASH"})}
    assert found.gone == {listing.number(passing)}
    came, went = found.labelled[listing.number(old)]
    assert (came, went) == (set(), {"STARRED", "UNREAD"})
    assert found.until == listing.profile(client).history


def test_a_point_that_is_too_old_has_expired(client: Client, account: Mailbox) -> None:
    since = listing.profile(client).history
    account.deliver(make.raw())
    account.age_history()

    with pytest.raises(CursorExpiredError):
        listing.changes(client, since)


@pytest.mark.parametrize(
    ("kind", "error"), [("400_no_mail", NotAdmittedError), ("403_daily", QuotaError)]
)
def test_what_else_is_in_the_way_stays_what_it_is(
    client: Client, google: GmailServer, kind: str, error: type[SyncError]
) -> None:
    since = listing.profile(client).history
    google.plan(Fault(kind, method="users.history.list", times=None))

    with pytest.raises(error) as caught:
        listing.changes(client, since)

    assert isinstance(caught.value.__cause__, HttpError)


def test_a_history_that_is_longer_than_a_listing_is_not_read(
    client: Client, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = listing.profile(client).history
    for n in range(4):
        account.deliver(make.raw(subject=f"No. {n}"))
    monkeypatch.setattr(listing, "PAGE", 1)
    monkeypatch.setattr(listing, "PAGES_MOST", 2)

    with pytest.raises(CursorExpiredError, match="Too much"):
        listing.changes(client, since)


def test_an_empty_page_with_another_behind_it_is_not_the_end(
    client: Client, google: GmailServer, account: Mailbox
) -> None:
    since = listing.profile(client).history
    new = account.deliver(make.raw())
    google.plan(Fault("empty_history_page", method="users.history.list"))

    assert [*map(listing.name, listing.changes(client, since).added)] == [new]
