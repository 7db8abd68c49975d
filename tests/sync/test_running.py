"""Running: a mailbox is brought up to date, says how it went, and troubles nobody else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from crm.base import clock, db
from crm.base.settings import Settings
from crm.mail import copies, folders, mailboxes, parting, stretches
from crm.mail.models import CopyState
from crm.workspace import users
from sync import running
from sync.source import BATCH_COUNT
from sync.sources.imap import wire
from tests.servers.dovecot import Dovecot
from tests.servers.dripping import Dripping
from tests.servers.proxy import Fault, Proxy
from tests.soon import LONG, soon
from tests.sync import rig


def nobody_listens() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_mailbox_comes_in_whole_and_a_second_run_stores_nothing(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(40)
    rig.deliver(dovecot, "whole", letters[:20])
    rig.deliver(dovecot, "whole", letters[20:30], "Sent")
    rig.deliver(dovecot, "whole", letters[30:], "Clients/Příbram & sons")
    box = rig.connect(town, dovecot.port, "whole")

    first, second = rig.bring(box), rig.bring(box)

    assert (first.stored, first.trouble, second.stored) == (40, "", 0)
    rig.assert_exact(box, rig.served(dovecot, "whole"))


def test_spam_trash_drafts_and_excluded_folders_are_accounted_for_without_their_content(
    town: Settings, dovecot: Dovecot
) -> None:
    for folder, letter in zip(
        ("INBOX", "Junk", "Trash", "Drafts", "Private"), rig.letters(5), strict=True
    ):
        dovecot.deliver("skips", letter, folder)
    box = rig.connect(town, dovecot.port, "skips", excluded=["Private"])

    brought, again = rig.bring(box), rig.bring(box)

    assert (brought.stored, brought.skipped, again.skipped) == (1, 4, 0)
    rules = box.ask(
        "select f.name, c.rule from copy c join folder f on f.id = c.folder_id"
        " where c.workspace_id = %s and c.state = %s order by 1",
        *(box.workspace_id, CopyState.SKIPPED),
    )
    assert rules == [
        ("Drafts", "draft"),
        ("Junk", "spam"),
        ("Private", "folder_excluded"),
        ("Trash", "trash"),
    ]
    rig.assert_balanced(box)


def test_a_letter_that_is_not_given_is_counted_once(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "counted", rig.letters(3))
    box = rig.connect(town, liar.port, "counted")
    liar.plan(Fault("nil_body", uid=2, times=None))

    brought = rig.bring(box)

    assert (brought.stored, brought.failed) == (2, 1)


def test_what_comes_goes_and_moves_between_two_runs_is_followed(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(12)
    rig.deliver(dovecot, "moves", letters[:10])
    dovecot.create("moves", "Done")
    box = rig.connect(town, dovecot.port, "moves")
    rig.bring(box)

    with dovecot.connect("moves") as client:
        client.select("INBOX")
        client.uid("MOVE", "2:4", "Done")
    dovecot.expunge("moves", [7])
    rig.deliver(dovecot, "moves", letters[10:])
    rig.bring(box)

    has = rig.served(dovecot, "moves")
    assert {folder for folder, _ in has} == {"INBOX", "Done"}
    rig.assert_exact(box, has)
    assert box.ask("select count(*) from message where workspace_id = %s", box.workspace_id) == [
        (12,)
    ]


def test_a_folder_that_is_deleted_takes_its_copies_and_no_message_with_it(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "deleted", rig.letters(3), "Old")
    box = rig.connect(town, dovecot.port, "deleted")
    rig.bring(box)

    with dovecot.connect("deleted") as client:
        client.delete("Old")
    rig.bring(box)

    rig.assert_exact(box, {})
    (count,) = box.ask("select count(*) from message where workspace_id = %s", box.workspace_id)
    assert count == (3,)


def test_a_comparison_sees_that_a_folder_is_gone(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "away", rig.letters(3), "Old")
    box = rig.connect(town, dovecot.port, "away")
    rig.bring(box)

    with dovecot.connect("away") as client:
        client.delete("Old")
    trouble = running.compare_all(box.row(), town, box.vault)

    assert trouble == ""
    with pytest.raises(AssertionError):
        rig.assert_balanced(box)


def test_a_comparison_counts_what_is_missing_and_takes_in_nothing(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "compared", rig.letters(3))
    box = rig.connect(town, dovecot.port, "compared")
    rig.bring(box)
    rig.deliver(dovecot, "compared", rig.letters(5)[3:])
    dovecot.expunge("compared", [1])

    assert running.compare_all(box.row(), town, box.vault) == ""

    (sums,) = box.ask(
        "select server, pending, stray from folder where workspace_id = %s and name = 'INBOX'",
        box.workspace_id,
    )
    assert sums == (4, 2, 1)
    assert len(rig.ledger_of(box)) == 3


def test_a_server_that_cannot_be_reached_is_waited_for_longer_each_time(town: Settings) -> None:
    box = rig.connect(town, nobody_listens(), "nobody")
    waits = []

    for _ in range(4):
        brought = rig.bring(box)
        row = box.row()
        waits.append((row.due_at - clock.now()).total_seconds())
        assert (brought.trouble, row.trouble, row.state) == (
            "unreachable",
            "unreachable",
            "failing",
        )
        assert "refused the connection" in row.last_error
        assert row.why == "closed"

    assert all(0 < wait <= 600 for wait in waits)
    assert waits[3] > 2 * waits[0]


def test_a_server_that_is_back_heals_the_mailbox(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "back", rig.letters(4))
    box = rig.connect(town, nobody_listens(), "back")
    rig.bring(box)

    place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "login": "back"}
    with db.transaction(box.workspace_id) as session:
        mailboxes.get(session, box.workspace_id, box.id).place = place
    rig.bring(box)

    row = box.row()
    assert (row.state, row.trouble, row.last_error, row.failures) == ("live", "none", "", 0)
    assert row.why == ""
    rig.assert_exact(box, rig.served(dovecot, "back"))


def test_what_a_broken_connection_left_in_hand_is_taken_up_by_the_next_run(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "inhand", rig.letters(6))
    box = rig.connect(town, liar.port, "inhand")
    liar.plan(Fault("trunc_literal", uid=4))

    broken, next_run = rig.bring(box), rig.bring(box)

    assert (broken.trouble, next_run.trouble) == ("unreachable", "")
    rig.assert_exact(box, rig.served(dovecot, "inhand"))


def test_broken_connections_are_no_sign_of_a_letter_that_ends_workers(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "often", rig.letters(6))
    box = rig.connect(town, liar.port, "often")
    liar.plan(Fault("rst", uid=3, times=5))

    for _ in range(5):
        rig.bring(box)
        rig.expire_leases(box)

    (tries,) = box.ask("select max(tries) from stretch where workspace_id = %s", box.workspace_id)
    assert tries == (0,)


def test_a_run_waits_for_what_a_dead_worker_holds_and_takes_it_when_it_is_free(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "another", rig.letters(6))
    box = rig.connect(town, dovecot.port, "another")
    assert rig.finish(rig.start(box, "after fetch")) == 137
    held = "update stretch set leased_until = now() + interval '1.5 seconds'"
    box.ask(f"{held} where leased_until > now()")

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (6, "")
    rig.assert_exact(box, rig.served(dovecot, "another"))


def test_a_run_with_a_budget_gives_way_at_a_batchs_end_and_says_that_there_is_more(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "budget", rig.letters(300, size=40))
    box = rig.connect(town, dovecot.port, "budget")

    first = rig.bring(box, budget=0)
    state = box.row().state
    rest = rig.bring(box)

    assert (first.stored, first.more, state) == (BATCH_COUNT, True, "connecting")
    assert (rest.stored, rest.more) == (300 - BATCH_COUNT, False)
    rig.assert_exact(box, rig.served(dovecot, "budget"))


def test_a_run_with_a_budget_does_not_wait_beyond_it_for_what_another_holds(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "giveway", rig.letters(6))
    box = rig.connect(town, dovecot.port, "giveway")
    assert rig.finish(rig.start(box, "after fetch")) == 137
    held = f"update stretch set leased_until = now() + interval '{LONG} seconds'"
    box.ask(f"{held} where leased_until > now()")

    with soon():
        brought = rig.bring(box, budget=0.5)

    assert brought.more


@pytest.mark.parametrize(("synced", "state"), [(None, "connecting"), (clock.EPOCH, "live")])
def test_a_run_that_gets_on_forgets_the_trouble_of_those_before(
    town: Settings, dovecot: Dovecot, liar: Proxy, synced: datetime | None, state: str
) -> None:
    user = f"goes-on-{state}"
    rig.deliver(dovecot, user, rig.letters(300))
    box = rig.connect(town, liar.port, user, synced_at=synced)
    liar.plan(Fault("auth_unavailable"))
    assert rig.bring(box).trouble == "unreachable"
    rig.expire(box)

    assert rig.bring(box, budget=0).more

    row = box.row()
    assert (row.state, row.trouble, row.failures) == (state, "none", 0)
    assert mailboxes.is_due(row, clock.now())


def test_a_refused_login_is_tried_three_times_and_then_waits_for_its_owner(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "refused", rig.letters(2))
    box = rig.connect(town, liar.port, "refused")
    liar.plan(Fault("auth_fail", times=None))
    states = []

    for _ in range(3):
        assert rig.bring(box).trouble == "login_refused"
        states.append(box.row().state)
        rig.expire(box)

    assert states == ["failing", "failing", "needs_login"]
    with db.transaction(box.workspace_id) as session:
        assert (box.workspace_id, box.id) not in mailboxes.due(
            session, clock.now() + timedelta(days=9)
        )


def test_a_server_that_was_away_and_refuses_once_is_not_given_up(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    dovecot.maildir("shaky")
    box = rig.connect(town, liar.port, "shaky")
    liar.plan(Fault("auth_unavailable", times=4))
    for _ in range(4):
        assert rig.bring(box).trouble == "unreachable"

    liar.plan(Fault("auth_fail"))
    rig.bring(box)

    assert (box.row().state, box.row().trouble) == ("failing", "login_refused")


def test_a_mailbox_in_trouble_does_not_hold_up_another(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "neighbour", rig.letters(3))
    broken = rig.connect(town, nobody_listens(), "broken")
    well = rig.connect(town, dovecot.port, "neighbour", address="bo@halden.test", beside=broken)

    assert rig.bring(broken).trouble == "unreachable"
    assert rig.bring(well).stored == 3

    assert (broken.row().state, well.row().state) == ("failing", "live")


def test_a_server_that_talks_and_does_not_answer_is_left_and_tried_again(
    town: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.deliver(dovecot, "answered", rig.letters(3))
    monkeypatch.setattr(wire, "CHATTER", 0.3)

    with Dripping("LIST") as server:
        broken = rig.connect(town, server.port, "talked")
        well = rig.connect(town, dovecot.port, "answered", address="bo@halden.test", beside=broken)
        assert rig.bring(broken).trouble == "unreachable"
        assert rig.bring(well).stored == 3

    assert (broken.row().state, well.row().state) == ("failing", "live")
    assert "timed out: it takes too long over its answer" in broken.row().last_error


def stop(box: rig.Box, verb: Callable[..., None]) -> None:
    """Pause or disconnect a mailbox, as its owner does."""
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        verb(session, row, by=users.get(session, box.workspace_id, row.user_id))


@pytest.mark.parametrize(
    ("verb", "state"), [(mailboxes.pause, "paused"), (parting.disconnect, "disconnected")]
)
def test_a_mailbox_that_is_stopped_meanwhile_is_read_no_more_and_goes_on_where_it_was(
    town: Settings, dovecot: Dovecot, verb: Callable[..., None], state: str
) -> None:
    rig.deliver(dovecot, state, rig.letters(BATCH_COUNT + 20))
    box = rig.connect(town, dovecot.port, state)

    brought = rig.bring(box, progress=lambda _count: stop(box, verb))

    row = box.row()
    assert (brought.stored, brought.trouble) == (BATCH_COUNT, "")
    assert (row.state, row.trouble, row.synced_at) == (state, "none", None)
    assert len(rig.places_of(box, CopyState.STORED)) == BATCH_COUNT
    with db.transaction(box.workspace_id) as session:
        secret = box.vault.seal("secret")
        owner = users.get(session, box.workspace_id, row.user_id)
        row = mailboxes.get(session, box.workspace_id, box.id)
        mailboxes.resume(session, row, secret=secret, by=owner, at=clock.now())
    with soon():
        rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, state))


def test_whoever_helps_with_a_mailbox_that_was_stopped_keeps_nothing_and_is_in_no_trouble(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "unhelped", rig.letters(2))
    box = rig.connect(town, dovecot.port, "unhelped")
    rig.bring(box, planned=lambda: stop(box, mailboxes.pause))

    helped = running.help_out(box.workspace_id, box.id, town, box.vault)

    assert (helped.stored, helped.trouble) == (0, "")
    assert rig.places_of(box, CopyState.STORED) == set()


def test_trouble_that_comes_after_a_mailbox_was_stopped_is_not_noted_over_it(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "stopped", rig.letters(2))
    box = rig.connect(town, liar.port, "stopped")

    def end() -> None:
        liar.plan(Fault("rst"))
        stop(box, parting.disconnect)

    assert rig.bring(box, planned=end).trouble == "unreachable"

    row = box.row()
    assert (row.state, row.trouble, row.last_error) == ("disconnected", "none", "")


@pytest.mark.parametrize("known", [True, False], ids=["known before", "never opened"])
def test_a_folder_that_cannot_be_opened_is_told_and_the_others_go_on(
    town: Settings, dovecot: Dovecot, known: bool
) -> None:
    user = f"closed{known:d}"
    letters = rig.letters(6)
    rig.deliver(dovecot, user, letters[:2])
    rig.deliver(dovecot, user, letters[2:4], "Closed")
    box = rig.connect(town, dovecot.port, user)
    if known:
        rig.bring(box)
    path = dovecot.maildir(user, "Closed")
    path.chmod(0)
    rig.deliver(dovecot, user, letters[4:])

    brought = rig.bring(box)

    path.chmod(0o700)
    assert (brought.trouble, box.row().state) == ("", "live")
    assert {("INBOX", uid) for uid in range(1, 5)} <= rig.places_of(box, CopyState.STORED)
    with db.transaction(box.workspace_id) as session:
        closed = folders.of_mailbox(session, box.row())["Closed"]
        assert "refuses" in closed.trouble
    rig.bring(box)
    with db.transaction(box.workspace_id) as session:
        assert folders.of_mailbox(session, box.row())["Closed"].trouble == ""
    rig.assert_exact(box, rig.served(dovecot, user))


def test_others_take_stretches_while_one_brings_the_mailbox_up_to_date(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(30)
    for n in range(3):
        rig.deliver(dovecot, "helped", letters[10 * n : 10 * n + 10], f"Year/{n}")
    box = rig.connect(town, dovecot.port, "helped")
    helped: list[int] = []

    def help_out() -> None:
        brought = running.help_out(box.workspace_id, box.id, town, box.vault)
        helped.append(brought.stored)

    brought = rig.bring(box, planned=help_out)

    assert (helped, brought.stored) == ([30], 0)
    rig.assert_exact(box, rig.served(dovecot, "helped"))
    with db.transaction(box.workspace_id) as session:
        waiting = stretches.unfinished(session, box.workspace_id, box.id)
        assert len(waiting) == len(folders.of_mailbox(session, box.row())) - 3  # The live ones.


def test_refusals_with_a_failing_network_between_them_stop_our_knocking(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    dovecot.maildir("between")
    box = rig.connect(town, liar.port, "between")
    states = []

    for kind in ("auth_fail", "auth_unavailable") * 2 + ("auth_fail",):
        liar.plan(Fault(kind))
        rig.bring(box)
        states.append(box.row().state)
        rig.expire(box)

    assert states == ["failing"] * 4 + ["needs_login"]


def test_a_login_that_worked_and_broke_off_later_forgives_the_refusals_before(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "forgiven", rig.letters(3))
    box = rig.connect(town, liar.port, "forgiven")

    for kind in ("auth_fail", "auth_fail", "rst", "auth_fail"):
        liar.plan(Fault(kind))
        assert rig.bring(box).trouble != ""

    assert box.row().state == "failing"


class Helper:
    """Somebody who takes a stretch in hand and gives it back undone."""

    def __init__(self, box: rig.Box) -> None:
        with db.transaction(box.workspace_id) as session:
            waiting = stretches.unfinished(session, box.workspace_id, box.id)
            claims = [stretches.claim(session, box.workspace_id, one) for one in waiting]
        self._box, self._claims = box, claims

    def join(self, brought: running.Brought) -> None:
        """End early."""
        brought.aside.append("unreachable: too many connections")


class Impatient(Helper):
    """One whose connection breaks while the other waits for what it has in hand."""

    def __init__(self, box: rig.Box) -> None:
        super().__init__(box)
        threading.Timer(1, self._give_back).start()

    def _give_back(self) -> None:
        with db.transaction(self._box.workspace_id) as session:
            for claim in self._claims:
                assert claim is not None
                stretches.release(session, claim)


def test_what_a_helper_gave_back_is_taken_in_the_same_run(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "gaveback", rig.letters(6))
    box = rig.connect(town, dovecot.port, "gaveback")

    brought = rig.bring(box, crew=lambda: Impatient(box))

    assert (brought.stored, brought.trouble) == (6, "")
    assert brought.aside == ["unreachable: too many connections"]
    rig.assert_exact(box, rig.served(dovecot, "gaveback"))


def test_trouble_of_those_who_help_is_told_to_whoever_called_them(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "helpless", rig.letters(3))
    box = rig.connect(town, liar.port, "helpless")
    helped: list[running.Brought] = []

    def help_out() -> None:
        liar.plan(Fault("rst"))
        helped.append(running.help_out(box.workspace_id, box.id, town, box.vault))

    brought = rig.bring(box, planned=help_out)

    assert (helped[0].stored, helped[0].trouble) == (0, "unreachable")
    assert (brought.stored, brought.trouble, box.row().state) == (3, "", "live")


def test_a_comparison_tells_of_a_closed_folder_and_goes_on_with_the_others(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(4)
    rig.deliver(dovecot, "shut", letters[:2])
    rig.deliver(dovecot, "shut", letters[2:], "Shut")
    box = rig.connect(town, dovecot.port, "shut")
    path = dovecot.maildir("shut", "Shut")
    path.chmod(0)

    trouble = running.compare_all(box.row(), town, box.vault)

    path.chmod(0o700)
    assert trouble == ""
    with db.transaction(box.workspace_id) as session:
        lines = {a.folder.name: a.folder for a in copies.ledger(session, box.row())}
    assert (lines["INBOX"].server, "refuses" in lines["Shut"].trouble) == (2, True)


def test_a_folder_that_was_deleted_and_is_back_is_brought_in_again(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(3)
    rig.deliver(dovecot, "phoenix", letters, "Old")
    box = rig.connect(town, dovecot.port, "phoenix")
    rig.bring(box)
    with dovecot.connect("phoenix") as client:
        client.delete("Old")
    rig.bring(box)

    rig.deliver(dovecot, "phoenix", letters, "Old")
    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (3, "")
    rig.assert_exact(box, rig.served(dovecot, "phoenix"))
