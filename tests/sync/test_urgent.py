"""A letter that somebody has open comes in before all others, and is fetched once."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from redis import Redis

from crm.base import clock, db, queues
from crm.base.settings import Settings
from crm.mail import folders, mailboxes, stretches
from crm.mail.importing import Over
from crm.mail.models import CopyState
from server.demo.gmail import Fault, GmailServer, Mailbox
from sync import backfill, jobs, running, urgent, worker
from sync.credentials import open_source
from sync.sources.gmail import mailbox as gmail
from tests import make
from tests.soon import soon
from tests.sync import rig
from tests.sync.rig import Box

ADDRESS = "ana@halden.test"


@pytest.fixture
def box(town: Settings, google: GmailServer, account: Mailbox) -> Iterator[Box]:
    made = rig.connect_gmail(town, google)
    jobs.bind(made.settings, made.vault)
    yield made
    jobs.bind(None, None)  # type: ignore[arg-type]


def fill(account: Mailbox, count: int = 30, seed: int = 1) -> list[str]:
    start = make.NOW - timedelta(days=count)
    return [
        account.deliver(raw, at=start + timedelta(hours=n))
        for n, raw in enumerate(rig.letters(count, seed))
    ]


def ask_for(box: Box, name: str, **how: bool) -> bool:
    with db.transaction(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.workspace_id, box.id)
        return urgent.ask_for(session, mailbox, int(name, 16), **how)


def take_letter(box: Box) -> None:
    """Do what the worker does whom the job reaches."""
    for stretch_id in urgent.waiting(box.row()):
        jobs.take_letter(str(box.workspace_id), str(stretch_id))


def here(box: Box) -> list[str]:
    return [f"{uid:016x}" for _folder, uid in sorted(rig.places_of(box, CopyState.STORED))]


def gets(google: GmailServer) -> Counter[str]:
    return Counter(call.id for call in google.calls if call.method == "users.messages.get")


def assert_each_once(box: Box, google: GmailServer, ids: list[str]) -> None:
    assert here(box) == sorted(ids)
    assert gets(google) == Counter(ids)
    rig.assert_filed_once(box)
    rig.assert_balanced(box)


def test_it_comes_alone_before_the_mailbox_was_ever_looked_at(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account)

    ask_for(box, ids[7])
    take_letter(box)

    assert here(box) == [ids[7]]
    assert [call.method for call in google.calls] == ["token", "users.messages.get"]
    assert rig.bring(box).stored == 29
    assert_each_once(box, google, ids)


def test_it_leaves_the_stretch_that_would_have_brought_it(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account)
    plan(box)

    ask_for(box, ids[7])
    ask_for(box, ids[7])
    take_letter(box)
    ask_for(box, ids[7])

    assert here(box) == [ids[7]]
    assert urgent.waiting(box.row()) == []
    assert rig.bring(box).stored == 29
    assert_each_once(box, google, ids)


def test_while_its_stretch_is_in_some_hand_it_comes_first_and_once(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker knows what its stretch named when it took it; what has left, it does not fetch."""
    ids = fill(account, 60)
    plan(box)
    monkeypatch.setattr(gmail, "BATCH_COUNT", 5)
    monkeypatch.setattr(urgent, "BATCH_COUNT", 5)
    mailbox = box.row()
    with open_source(mailbox, box.settings, box.vault) as source:
        [stretch_id] = stretches_of(box)
        taken = backfill.take_stretch(box.workspace_id, stretch_id, source)
        next(taken)
        among_the_next = min(set(ids) - set(here(box)))

        ask_for(box, among_the_next)
        assert urgent.waiting(mailbox) == [], "it is being fetched"
        ask_for(box, ids[-1])
        take_letter(box)
        assert ids[-1] in here(box)
        for _filed in taken:
            pass

    rig.bring(box)
    assert_each_once(box, google, ids)


def test_whoever_brings_the_mailbox_in_takes_it_between_two_batches(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 60)
    monkeypatch.setattr(gmail, "BATCH_COUNT", 5)
    monkeypatch.setattr(urgent, "BATCH_COUNT", 5)
    seen: list[list[str]] = []

    def progress(count: int) -> None:
        if not seen:
            ask_for(box, ids[-1])
        seen.append(here(box))

    brought = running.bring_up_to_date(
        box.workspace_id, box.id, box.settings, box.vault, progress=progress
    )

    assert ids[-1] not in seen[0]
    assert ids[-1] in seen[1]
    assert brought.stored == 60
    assert_each_once(box, google, ids)


def test_what_comes_while_a_stock_is_taken_is_neither_gone_nor_fetched_again(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 5)
    listed = gmail.GmailSource.stock
    newer: list[str] = []

    def stock(source: gmail.GmailSource) -> object:
        found = listed(source)
        newer.append(account.deliver(make.raw(subject="While we list")))
        for name in (newer[0], ids[0]):
            ask_for(box, name)
        take_letter(box)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(gmail.GmailSource, "stock", stock)
        plan(box)
    rig.bring(box)

    assert_each_once(box, google, [*ids, newer[0]])


def test_what_has_just_come_is_not_fetched_again_by_the_history(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)
    rig.bring(box)
    new = account.deliver(make.raw(subject="New"))

    ask_for(box, new)
    take_letter(box)
    account.label(new, remove=["UNREAD"])
    rig.bring(box)
    rig.hours_pass(box)
    rig.bring(box)

    assert_each_once(box, google, [*ids, new])
    ((flags,),) = box.ask("select flags from copy where uid = %s", int(new, 16))
    assert flags == "seen"


def test_what_gmail_does_not_have_leaves_nothing_behind(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)

    ask_for(box, "00000000000000ff")
    take_letter(box)

    assert here(box) == []
    rig.bring(box)
    assert here(box) == sorted(ids)
    rig.assert_balanced(box)


def test_what_turns_out_to_be_kept_out_is_skipped_by_its_rule(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    binned = account.deliver(make.raw(subject="Bin"), labels=["TRASH"])

    ask_for(box, binned)
    take_letter(box)

    assert rig.places_of(box, CopyState.SKIPPED) == {("All Mail", int(binned, 16))}
    assert rig.bring(box).trouble == ""
    assert gets(google) == Counter([binned])
    rig.assert_balanced(box)


def test_where_gmail_fails_it_waits_for_the_mailboxs_next_run(
    google: GmailServer, account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 3)
    google.plan(Fault("invalid_grant"))

    ask_for(box, ids[0])
    take_letter(box)

    assert here(box) == []
    assert box.row().trouble == "none"
    assert rig.bring(box).stored == 3
    assert_each_once(box, google, ids)


@pytest.mark.parametrize("state", ["paused", "needs_login"])
def test_a_mailbox_that_stopped_is_not_asked(
    google: GmailServer, account: Mailbox, box: Box, state: str
) -> None:
    (id_,) = fill(account, 1)
    ask_for(box, id_)
    with db.transaction(box.workspace_id) as session:
        mailboxes.get(session, box.workspace_id, box.id).state = state

    take_letter(box)

    assert google.calls == []


def test_where_the_first_import_goes_over_imap_it_comes_over_the_api_and_is_passed_over_there(
    town: Settings, google: GmailServer, account: Mailbox
) -> None:
    ids = fill(account)
    over = rig.connect_gmail(town, google, over=Over.IMAP)
    jobs.bind(over.settings, over.vault)

    ask_for(over, ids[7])
    take_letter(over)

    assert here(over) == [ids[7]]
    assert {call.method for call in google.calls} == {"token", "users.messages.get"}
    assert rig.bring(over).stored == 29
    fetched = Counter(call.id for call in google.calls if call.method == "imap.fetch")
    assert fetched[ids[7]] == 0
    assert sum(fetched.values()) == 29
    assert gets(google) == Counter([ids[7]])
    assert here(over) == sorted(ids)
    rig.assert_filed_once(over)
    rig.assert_balanced(over)


def test_a_large_one_leaves_its_attachments_behind(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    (id_,) = fill(account, 1)

    ask_for(box, id_, large=True)
    take_letter(box)

    assert here(box) == [id_]
    ((whole,),) = box.ask("select way from stretch where rank = %s", 2**63 - 1)
    assert whole == 2


def test_the_job_goes_before_all_that_waits(
    valkey: Redis, google: GmailServer, account: Mailbox, box: Box
) -> None:
    (id_,) = fill(account, 1)
    queues.hint("sync.jobs.sync_mailbox", box.workspace_id, box.id)

    ask_for(box, id_)

    names = [job.func_name for job in queues.queue(valkey).jobs]
    assert names == ["sync.jobs.take_letter", "sync.jobs.sync_mailbox"]


def test_what_the_queue_forgets_the_next_sweep_finds(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)
    rig.bring(box)
    new = account.deliver(make.raw(subject="New"))
    assert not mailboxes.is_due(box.row(), clock.now())

    ask_for(box, new)

    assert mailboxes.is_due(box.row(), clock.now())
    jobs.sync_mailbox(str(box.workspace_id), str(box.id))
    assert here(box) == sorted([*ids, new])
    assert gets(google) == Counter([*ids, new])
    assert not mailboxes.is_due(box.row(), clock.now())


def test_a_worker_that_writes_for_long_is_not_waited_for(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)
    plan(box)
    with db.transaction(box.workspace_id) as writer:
        mailbox = mailboxes.get(writer, box.workspace_id, box.id)
        folder = folders.get_named(writer, mailbox, "All Mail")
        folders.lock(writer, box.workspace_id, folder.id)

        with soon():
            assert not ask_for(box, ids[1])

    assert ask_for(box, ids[1])
    rig.bring(box)
    assert_each_once(box, google, ids)


def test_a_worker_takes_it_off_the_queue_and_asks_for_nothing_else(
    valkey: Redis, google: GmailServer, account: Mailbox, box: Box
) -> None:
    ids = fill(account, 3)
    ask_for(box, ids[1])
    queues.bind(None)

    with signals_kept():
        worker.make(valkey, name=f"test-{uuid4().hex}").work(burst=True, logging_level="CRITICAL")

    assert here(box) == [ids[1]]
    assert gets(google) == Counter([ids[1]])


@pytest.mark.parametrize("point", ["after claim", "after fetch", "before commit", "after commit"])
def test_a_worker_that_is_killed_over_it_leaves_it_to_the_next(
    google: GmailServer, account: Mailbox, box: Box, point: str
) -> None:
    ids = fill(account, 3)
    ask_for(box, ids[1])

    killed = rig.start(box, point)
    assert rig.finish(killed) == 137
    rig.expire_leases(box)
    rig.bring(box)

    assert here(box) == sorted(ids)
    assert sum(gets(google).values()) <= 4, "one letter at most was fetched in vain"
    rig.assert_filed_once(box)
    rig.assert_balanced(box)


@contextmanager
def signals_kept() -> Iterator[None]:
    """Give back the signals that a worker takes for itself."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def plan(box: Box) -> None:
    mailbox = box.row()
    with open_source(mailbox, box.settings, box.vault) as source:
        backfill.plan(mailbox, source, source.folders())


def stretches_of(box: Box) -> list[object]:
    with db.transaction(box.workspace_id) as session:
        return list(stretches.unfinished(session, box.workspace_id, box.id))
