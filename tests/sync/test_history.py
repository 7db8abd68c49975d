"""A mailbox with a history instead of numbers, from its first import on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from crm.base import clock, db
from crm.base.settings import Settings
from crm.mail import inbox, visibility
from crm.mail.models import CopyState, MailboxState
from crm.workspace.models import User
from server.demo.gmail import Fault, GmailServer, Mailbox
from sync import backfill, history, throttle
from sync.connecting import previewing
from sync.connecting.previewing import Taste
from sync.errors import ScopeMissingError, SourceUnavailableError, SyncError
from sync.source import Way
from sync.sources.gmail import fetching, listing, mailbox
from sync.sources.gmail.client import Client
from tests import make
from tests.sync import rig
from tests.sync.rig import Box

ADDRESS = "ana@halden.test"
STORED, SKIPPED, GONE = CopyState.STORED, CopyState.SKIPPED, CopyState.GONE


@pytest.fixture
def box(town: Settings, google: GmailServer, account: Mailbox) -> Box:
    return rig.connect_gmail(town, google)


def fill(account: Mailbox, count: int = 30, seed: int = 1) -> list[str]:
    start = make.NOW - timedelta(days=count)
    return [
        account.deliver(raw, at=start + timedelta(hours=n))
        for n, raw in enumerate(rig.letters(count, seed))
    ]


def ledger(box: Box) -> dict[str, tuple[int, str, str, str]]:
    """Return state, rule, labels and flags of every copy, by Gmail's id."""
    rows = box.ask(
        "select uid, state, rule, labels, flags from copy where workspace_id = %s",
        box.workspace_id,
    )
    return {
        f"{uid:016x}": (state, rule, labels, flags)
        for uid, *rest in rows
        for state, rule, labels, flags in [rest]
    }


def living(box: Box) -> dict[str, tuple[int, str, str, str]]:
    """Return what the mailbox has; of what is not kept, nobody asks for more than the rule."""
    found = {id_: row for id_, row in ledger(box).items() if row[0] != GONE}
    return {id_: (*row[:2], "", "") if row[0] == SKIPPED else row for id_, row in found.items()}


def afresh(town: Settings, google: GmailServer) -> dict[str, tuple[int, str, str, str]]:
    """Return what a first import of the same mailbox makes of it now."""
    other = rig.connect_gmail(town, google)
    assert rig.bring(other).trouble == ""
    return living(other)


def assert_whole(box: Box) -> None:
    rig.assert_filed_once(box)
    rig.assert_balanced(box)


def gets(google: GmailServer) -> Counter[str]:
    return Counter(call.id for call in google.calls if call.method == "users.messages.get")


def test_a_mailbox_comes_in_whole_and_each_letter_is_asked_for_once(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account)

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (30, "")
    assert {id_: row[0] for id_, row in ledger(box).items()} == dict.fromkeys(ids, STORED)
    assert set(gets(google).values()) == {1}
    assert_whole(box)


def test_with_nothing_new_one_question_is_asked(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    before = len(google.calls)

    assert rig.bring(box).stored == 0

    assert [call.method for call in google.calls[before:]] == ["users.getProfile"]


def test_what_a_label_keeps_out_is_accounted_for_without_being_asked_for(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    spam = account.deliver(make.raw(subject="Spam"), labels=["SPAM"])
    binned = account.deliver(make.raw(subject="Bin"), labels=["TRASH"])
    draft = account.deliver(make.raw(subject="Draft"), labels=["DRAFT"])

    brought = rig.bring(box)

    assert (brought.stored, gets(google)) == (0, Counter())
    rules = {id_: row[:2] for id_, row in ledger(box).items()}
    assert rules == {spam: (SKIPPED, "spam"), binned: (SKIPPED, "trash"), draft: (SKIPPED, "draft")}
    rig.assert_balanced(box)


def test_what_happens_afterwards_is_followed_by_the_history_alone(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 8)
    rig.bring(box)
    before = len(google.calls)
    new = account.deliver(make.raw(subject="New"))
    sent = account.send_from_phone(make.raw(ADDRESS, "jana@severka.test", "From the phone"))
    account.label(ids[0], add=["STARRED"], remove=["UNREAD"])
    account.trash(ids[1])
    account.delete(ids[2])
    account.label(ids[3], remove=["INBOX"])

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (2, "")
    asked = Counter(call.method for call in google.calls[before:])
    assert asked["users.history.list"] == 1
    assert asked["users.messages.get"] == 2
    found = ledger(box)
    assert found[new][0] == found[sent][0] == STORED
    assert found[ids[0]] == (STORED, "", "INBOX STARRED", "flagged seen")
    assert found[ids[1]][:2] == (SKIPPED, "trash")
    assert found[ids[2]][0] == GONE
    assert found[ids[3]][2] == "UNREAD"
    assert living(box) == afresh(town, google)
    rig.assert_filed_once(box)


def test_what_comes_out_of_spam_comes_in_and_what_comes_out_of_the_bin_is_back(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    spam = account.deliver(make.raw(subject="No spam"), labels=["SPAM"])
    kept = account.deliver(make.raw(subject="Kept"))
    rig.bring(box)
    account.trash(kept)
    rig.bring(box)
    account.label(spam, add=["INBOX"], remove=["SPAM"])
    account.untrash(kept)

    assert rig.bring(box).stored == 1

    assert {id_: row[0] for id_, row in ledger(box).items()} == {spam: STORED, kept: STORED}
    assert gets(google) == {spam: 1, kept: 1}
    assert living(box) == afresh(town, google)


def test_a_history_that_is_too_old_leads_to_one_listing_a_label_and_no_letter_twice(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 12)
    rig.bring(box)
    before = len(google.calls)
    account.trash(ids[0])
    account.delete(ids[1])
    account.label(ids[2], add=["STARRED"], remove=["UNREAD"])
    new = account.deliver(make.raw(subject="New"))
    account.age_history()

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (1, "")
    assert living(box) == afresh(town, google)
    assert ledger(box)[ids[1]][0] == GONE
    asked = [call for call in google.calls[before:] if call.method == "users.messages.get"]
    assert [call.id for call in asked][:1] == [new]
    assert_whole(box)


def while_in_flight(monkeypatch: pytest.MonkeyPatch, box: Box, then: Callable[[], None]) -> None:
    """Let something happen, and another run follow it, between a letter's coming and its filing."""
    take, done = backfill._take, list[bool]()

    def slow(*args: Any, **more: Any) -> Any:
        if not done:
            done.append(True)
            then()
            rig.bring(box, budget=0.0)
        return take(*args, **more)

    monkeypatch.setattr(backfill, "_take", slow)


def test_what_becomes_of_a_letter_in_flight_is_not_lost(
    town: Settings,
    google: GmailServer,
    account: Mailbox,
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = fill(account, 4)

    def happens() -> None:
        account.label(ids[0], add=["STARRED"], remove=["UNREAD"])
        account.trash(ids[1])
        account.delete(ids[2])

    while_in_flight(monkeypatch, box, happens)
    rig.bring(box)
    rig.expire_leases(box)
    for _ in range(2):
        assert rig.bring(box).trouble == ""

    assert ledger(box)[ids[0]] == (STORED, "", "INBOX STARRED", "flagged seen")
    assert ledger(box)[ids[1]][:2] == (SKIPPED, "trash")
    assert ledger(box)[ids[2]][0] == GONE
    assert living(box) == afresh(town, google)


def test_what_was_taken_for_spam_in_flight_comes_in(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.bring(box)
    id_ = account.deliver(make.raw(subject="No spam"))
    fetch, done = fetching.whole, list[bool]()

    def slow(*args: Any) -> Any:
        if done:
            return fetch(*args)
        done.append(True)
        account.label(id_, add=["SPAM"], remove=["INBOX"])
        found = fetch(*args)
        account.label(id_, add=["INBOX"], remove=["SPAM"])
        rig.bring(box, budget=0.0)
        return found

    monkeypatch.setattr(fetching, "whole", slow)
    for _ in range(3):
        rig.bring(box)
        rig.expire_leases(box)

    assert ledger(box)[id_][0] == STORED


def test_reading_what_is_not_kept_does_not_bring_it_in(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    before = account.deliver(make.raw(subject="Spam"), labels=["SPAM", "UNREAD"])
    rig.bring(box)
    after = account.deliver(make.raw(subject="More spam"), labels=["SPAM", "UNREAD"])
    rig.bring(box)
    for id_ in (before, after):
        account.label(id_, remove=["UNREAD"])

    assert rig.bring(box).trouble == ""

    assert gets(google) == Counter()
    assert {row[:2] for row in ledger(box).values()} == {(SKIPPED, "spam")}


def test_a_letter_that_gmail_never_gives_waits_alone_and_is_asked_for_again(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    ids = fill(account, 5)
    google.plan(Fault("500", method="users.messages.get", id=ids[1], times=None))

    first = rig.bring(box)
    rig.assert_balanced(box)
    google.heal()
    again = rig.bring(box)

    assert (first.stored, first.failed, again.stored) == (4, 1, 1)
    assert {row[0] for row in ledger(box).values()} == {STORED}


def test_what_comes_while_all_is_compared_leads_to_no_other_listing(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(account, 4)
    rig.bring(box)
    rig.hours_pass(box, 2)
    taken = list[object]()
    monkeypatch.setattr(history, "take_stock", lambda *args: taken.append(args))
    compare = history.ledger.compare

    def late(*args: Any) -> Any:
        account.deliver(make.raw(subject="Meanwhile"))
        return compare(*args)

    monkeypatch.setattr(history.ledger, "compare", late)

    assert rig.bring(box).stored == 1
    assert taken == []


def test_a_letter_that_is_gone_before_it_is_asked_for_is_none(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 5)
    google.plan(Fault("gone_between", method="users.messages.get", nth=3))

    assert rig.bring(box).trouble == ""
    rig.bring(box)

    assert len(living(box)) == 4
    rig.assert_balanced(box)


@pytest.mark.parametrize(
    "kind", ["429", "403_rate", "500", "502_html", "503", "truncated_json", "cut"]
)
def test_what_passes_is_asked_again_and_the_good_parts_are_kept(
    google: GmailServer, account: Mailbox, box: Box, kind: str
) -> None:
    fill(account, 10)
    google.plan(Fault(kind, method="users.messages.get", nth=4, retry_after=0.1))

    assert rig.bring(box).trouble == ""

    assert_whole(box)
    assert len(living(box)) == 10
    assert max(gets(google).values()) == 2


def test_an_empty_page_of_the_history_is_not_its_end(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    account.deliver(make.raw(subject="New"))
    google.plan(Fault("empty_history_page", method="users.history.list"))

    assert rig.bring(box).stored == 1


def test_a_consent_that_was_taken_back_is_told_as_that_and_goes_on_after_another(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    google.revoke(ADDRESS)

    assert rig.bring(box).trouble == "consent_revoked"


def test_what_is_large_and_old_comes_in_by_its_parts_too(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    spam = account.deliver(make.raw(subject="Taken for spam"), labels=["SPAM"])
    rig.bring(box)
    years_ago = make.NOW - timedelta(days=2000)
    old = account.deliver(make.raw(subject="Imported", text="x" * 11_000_000), at=years_ago)
    account.label(spam, add=["INBOX"], remove=["SPAM"])

    assert rig.bring(box).stored == 2

    rows = box.ask("select subject, whole from message where workspace_id = %s", box.workspace_id)
    assert dict(rows)["Imported"] is False
    assert gets(google)[old] == 1
    ways = box.ask("select distinct way from stretch where workspace_id = %s", box.workspace_id)
    assert {way for (way,) in ways} == {Way.TOGETHER, Way.BY_PARTS}


def test_reading_a_letter_asks_for_no_listing(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)
    rig.bring(box)
    before = len(google.calls)
    account.label(ids[0], add=["STARRED"], remove=["UNREAD"])

    rig.bring(box)

    asked = Counter(call.method for call in google.calls[before:])
    assert asked == {"users.getProfile": 1, "users.history.list": 1}


def test_large_letters_come_one_by_one_or_by_their_parts(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    from email.message import EmailMessage

    def letter(size: int, subject: str) -> bytes:
        made = EmailMessage()
        made["From"], made["To"], made["Subject"] = "jana@severka.test", ADDRESS, subject
        made["Message-ID"] = f"<{subject}@severka.test>"
        made.set_content("See the file.\n")
        made.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename="a.pdf")
        return made.as_bytes(policy=made.policy.clone(linesep="\r\n"))

    account.deliver(letter(100, "small"))
    account.deliver(letter(2_000_000, "middle"))
    account.deliver(letter(12_000_000, "huge"))

    assert rig.bring(box).stored == 3

    rows = box.ask(
        "select m.subject, m.whole, b.new_text, a.filename, a.size from message m"
        " join message_body b on b.workspace_id = m.workspace_id and b.message_id = m.id"
        " join attachment a on a.workspace_id = m.workspace_id and a.message_id = m.id"
        " where m.workspace_id = %s order by a.size",
        box.workspace_id,
    )
    assert [(s, w, t.strip(), f) for s, w, t, f, _ in rows] == [
        ("small", True, "See the file.", "a.pdf"),
        ("middle", True, "See the file.", "a.pdf"),
        ("huge", False, "See the file.", "a.pdf"),
    ]
    forms = [call for call in google.calls if call.method == "users.messages.attachments.get"]
    assert forms == []


@pytest.mark.parametrize("kind", ["403_domain", "403_off", "400_no_mail"])
def test_a_mailbox_that_an_admin_keeps_us_out_of_is_looked_at_once_an_hour(
    google: GmailServer, account: Mailbox, box: Box, kind: str
) -> None:
    fill(account, 3)
    google.plan(Fault(kind, times=None))

    for _ in range(4):
        assert rig.bring(box).trouble == "not_admitted"

    row = box.row()
    asked = [call for call in google.calls if call.method == "users.getProfile"]
    assert (row.state, len(asked)) == (MailboxState.FAILING, 4)
    assert row.due_at - clock.now() > timedelta(minutes=25)
    google.heal()
    assert rig.bring(box).stored == 3
    assert box.row().state == MailboxState.LIVE


def test_an_address_that_is_added_later_is_ours_within_the_hour(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    account.aliases["ana@brand.test"] = "Ana"
    rig.bring(box)
    assert box.row().place["aliases"] == [ADDRESS]

    with freeze_time(clock.now() + timedelta(minutes=61), ignore=["threading", "redis"]):
        before = len(google.calls)
        assert rig.bring(box).trouble == ""

    assert box.row().place["aliases"] == ["ana@brand.test", ADDRESS]
    asked = [call.method for call in google.calls[before:]]
    assert asked.count("users.settings.sendAs.list") == 1


def point(box: Box) -> int:
    """Return how far the history has been taken over."""
    [(found,)] = box.ask(
        "select modseq from folder where workspace_id = %s and mailbox_id = %s",
        *(box.workspace_id, box.id),
    )
    return int(found)


def test_what_came_and_went_between_two_looks_is_no_letter(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    before = gets(google)
    passing = account.deliver(make.raw(subject="Passing"))
    account.label(passing, add=["STARRED"])
    account.delete(passing)

    assert rig.bring(box).stored == 0

    assert gets(google) == before
    assert passing not in ledger(box)
    rig.assert_balanced(box)


def test_a_point_that_moves_with_nothing_to_tell_is_taken_over(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    rig.bring(box)
    account.history._step()  # As of what the history does not tell of, and counts.
    before = len(google.calls)

    rig.bring(box)
    rig.bring(box)

    asked = Counter(call.method for call in google.calls[before:])
    assert asked == {"users.getProfile": 2, "users.history.list": 1}


@pytest.mark.parametrize("lag", [1, 1000])
def test_a_machine_that_lags_behind_does_not_take_the_point_back(
    account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch, lag: int
) -> None:
    fill(account, 5)
    rig.bring(box)
    reached, ask = point(box), listing.profile

    def lagging(client: Client) -> listing.Profile:
        return replace(ask(client), history=reached - lag)

    monkeypatch.setattr(listing, "profile", lagging)
    assert rig.bring(box).trouble == ""
    assert point(box) >= reached
    rig.hours_pass(box, 2)
    box.ask(
        "delete from copy where workspace_id = %s"
        " and uid = (select min(uid) from copy where workspace_id = %s)",
        *(box.workspace_id, box.workspace_id),
    )
    assert rig.bring(box).trouble == ""

    assert point(box) >= reached
    assert len(living(box)) == 5


def test_a_letter_that_gmail_never_gives_keeps_no_other_from_being_found(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    ids = fill(account, 5)
    google.plan(Fault("500", method="users.messages.get", id=ids[1], times=None))
    for _attempt in range(history.ledger.ATTEMPTS):
        rig.bring(box)
    rig.hours_pass(box, 2)
    lost = int(ids[3], 16)
    box.ask("delete from copy where workspace_id = %s and uid = %s", box.workspace_id, lost)

    assert rig.bring(box).stored == 1

    assert len(living(box)) == 5


@pytest.mark.parametrize(
    "refused",
    [SourceUnavailableError("Refused", said="403: not here"), ScopeMissingError("Too narrow")],
)
def test_where_aliases_are_not_told_mail_comes_in_and_what_was_known_stays(
    account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch, refused: SyncError
) -> None:
    fill(account, 3)

    def refuse(_source: mailbox.GmailSource) -> tuple[str, ...]:
        raise refused

    monkeypatch.setattr(mailbox.GmailSource, "aliases", refuse)
    box.ask(
        """update mailbox set place = place || '{"aliases": ["ana@brand.test"]}' where id = %s""",
        box.id,
    )

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (3, "")
    assert box.row().place["aliases"] == ["ana@brand.test"]


@pytest.mark.parametrize("told", [True, False])
def test_a_label_of_the_owner_s_is_made_put_on_renamed_and_deleted(
    town: Settings,
    google: GmailServer,
    account: Mailbox,
    box: Box,
    told: bool,
) -> None:
    ids = fill(account, 3)
    rig.bring(box)
    label = account.labels.create("Steel").id
    for id_ in ids[:2]:
        account.label(id_, add=[label])
    rig.bring(box)
    account.labels.rename(label, "Iron")
    rig.bring(box)
    assert [label in ledger(box)[id_][2].split() for id_ in ids] == [True, True, False]

    account.label(ids[0], remove=[label])
    rig.bring(box)
    assert [label in ledger(box)[id_][2].split() for id_ in ids] == [False, True, False]

    account.label(ids[1], remove=[label])
    account.labels.delete(label)
    if not told:
        account.age_history()
    assert rig.bring(box).trouble == ""

    assert not any(label in row[2].split() for row in ledger(box).values())
    assert living(box) == afresh(town, google)


def test_what_is_found_of_a_letter_in_the_bin_goes_by_when_it_was_put_there(
    account: Mailbox, box: Box
) -> None:
    kept = account.deliver(make.raw(subject="Kept", text="Mahogany, once."))
    account.deliver(make.raw(subject="Binned", text="Basalt, never."), labels=["TRASH"])
    rig.bring(box)
    account.trash(kept)
    rig.bring(box)

    assert (found(box, "mahogany"), found(box, "basalt")) == (1, 0)
    assert {row[:2] for row in ledger(box).values()} == {(SKIPPED, "trash")}

    account.delete(kept)
    rig.bring(box)
    assert found(box, "mahogany") == 1  # What is deleted elsewhere stays here.


def found(box: Box, words: str) -> int:
    """Count what the mailbox's owner finds."""
    with db.transaction(box.workspace_id) as session:
        owner = session.get_one(User, (box.workspace_id, box.row().user_id))
        return len(inbox.search(session, visibility.viewer(session, owner), words).rows)


def test_whoever_has_spent_the_minute_s_units_goes_on_later_where_they_were(
    town: Settings,
    google: GmailServer,
    account: Mailbox,
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.2)
    monkeypatch.setattr(mailbox, "TOGETHER", 5)
    monkeypatch.setattr(mailbox, "HELD_MOST", 0.0)
    fill(account, 30)
    few = replace(box, settings=replace(box.settings, google_units_per_user=2_000))

    first = rig.bring(few)
    waiting = box.row()
    second = rig.bring(box)

    assert first.trouble == waiting.trouble == "quota"
    assert (waiting.state, 0 < first.stored < 30) == (MailboxState.FAILING, True)
    assert (first.stored + second.stored, second.trouble) == (30, "")
    assert max(gets(google).values()) == 1
    assert box.row().state == MailboxState.LIVE
    assert_whole(box)


def test_two_workers_on_one_mailbox_bring_each_letter_in_once(
    town: Settings, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 60)

    workers = [rig.start(box) for _ in range(2)]

    assert [rig.finish(worker) for worker in workers] == [0, 0]
    assert {id_: row[0] for id_, row in ledger(box).items()} == dict.fromkeys(ids, STORED)
    assert max(gets(google).values()) <= 2
    rig.expire_leases(box)
    assert rig.bring(box).trouble == ""
    assert_whole(box)


def test_a_preview_asks_for_no_more_than_its_taste(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 120)
    account.deliver(make.raw(subject="Spam"), labels=["SPAM"])
    before = len(google.calls)
    row = box.row()
    with db.transaction(box.workspace_id) as session:
        circle = previewing.our_side(session, row)

    seen = previewing.scan(row, circle, box.settings, box.vault, Taste(messages=30))

    asked = Counter(call.method for call in google.calls[before:])
    assert (seen.total, seen.messages, seen.skipped) == (120, 29, {"spam": 1})
    assert asked["users.messages.get"] == 30
    assert asked["users.messages.list"] == 1


def test_a_letter_that_is_listed_and_never_known_costs_one_question_an_hour(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 4)
    google.plan(Fault("404_once", method="users.messages.get", id=ids[1], times=None))
    rig.bring(box)
    for _ in range(2):
        rig.hours_pass(box, 2)
        before = len(google.calls)

        rig.bring(box)

        asked = google.calls[before:]
        assert [call.id for call in asked if call.method == "users.messages.get"] == [ids[1]]
        assert not any(call.method == "users.labels.list" for call in asked)
    google.heal()
    rig.hours_pass(box, 2)
    assert rig.bring(box).stored == 1
    assert_whole(box)


def test_a_mailbox_without_old_chats_is_listed_all_the_same(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    del account.labels._by_id["CHAT"]
    fill(account, 3)

    assert (rig.bring(box).stored, rig.bring(box).trouble) == (3, "")
