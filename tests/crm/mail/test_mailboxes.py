"""Mailboxes: connected once, paused and resumed, and patient with a server in trouble."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from functools import partial

import pytest

from crm.base import bulk, db, directory, ids
from crm.base.db import Session
from crm.base.directory import Key
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.base.settings import Settings
from crm.mail import aliases, importing, mailboxes
from crm.mail.importing import Over
from crm.mail.models import Mailbox, MailboxKind, MailboxState, Shares
from crm.workspace.models import User, Workspace
from tests import make

MINUTE = timedelta(minutes=1)


def trouble(session: Session, box: Mailbox, word: str, *, jitter: float = 1.0) -> timedelta:
    """Note a trouble when the mailbox is due, and return how long to wait."""
    at = max(box.due_at, make.NOW)
    mailboxes.note_trouble(session, box, word, "Words", at=at, jitter=jitter)
    return box.due_at - at


def test_a_connected_mailbox_is_found_by_address_and_id(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana, " Sales@Halden.test ")

    assert mailboxes.get(session, workspace.id, box.id) is box
    assert mailboxes.get_named(session, workspace.id, str(box.id)) is box
    assert mailboxes.get_named(session, workspace.id, "SALES@halden.test ") is box
    assert mailboxes.everyone(session, workspace.id) == [box]
    assert [w.id for w in directory.find(session, Key.MAILBOX, "sales@halden.test")] == [box.id]
    assert (box.state, box.due_at) == (MailboxState.CONNECTING, make.NOW)


@pytest.mark.parametrize(
    ("purpose", "shares"), [("personal", Shares.HAPPENED), ("support", Shares.EVERYTHING)]
)
def test_what_colleagues_see_at_first_depends_on_the_purpose(
    session: Session, ana: User, purpose: str, shares: Shares
) -> None:
    assert make.mailbox(session, ana, purpose=purpose).shares == shares


def test_an_address_is_connected_once_in_a_workspace(
    session: Session, workspace: Workspace, ana: User
) -> None:
    make.mailbox(session, ana, "sales@halden.test")

    with pytest.raises(ConflictError):
        make.mailbox(session, ana, "SALES@halden.test")

    other = make.user(session, make.workspace(session, "Other"), "ana@halden.test")
    assert make.mailbox(session, other, "sales@halden.test").workspace_id == other.workspace_id


def test_what_is_no_address_or_purpose_connects_nothing(session: Session, ana: User) -> None:
    with pytest.raises(InvalidError):
        make.mailbox(session, ana, "not an address")
    with pytest.raises(InvalidError):
        make.mailbox(session, ana, purpose="secret")

    assert mailboxes.everyone(session, ana.workspace_id) == []


@pytest.mark.parametrize("role", ["manager", "rep", "support", "reader"])
def test_only_an_admin_connects_for_others(
    session: Session, workspace: Workspace, ana: User, role: str
) -> None:
    sam = make.user(session, workspace, "sam@halden.test", role=role)

    with pytest.raises(ForbiddenError):
        mailboxes.connect(
            session,
            ana,
            "ana@halden.test",
            kind=MailboxKind.IMAP,
            place={},
            secret=None,
            by=sam,
            at=make.NOW,
        )

    assert mailboxes.everyone(session, ana.workspace_id) == []


def test_what_is_not_there_is_not_found(session: Session, workspace: Workspace, ana: User) -> None:
    for name in ("nobody@halden.test", str(ids.new()), ""):
        with pytest.raises(NotFoundError):
            mailboxes.get_named(session, workspace.id, name)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (7, 64), (10, 512), (11, 600), (13, 600), (40, 600)],
)
def test_the_wait_doubles_with_each_failure_up_to_ten_minutes(
    session: Session, ana: User, failures: int, seconds: int
) -> None:
    box = make.mailbox(session, ana, failures=failures - 1)

    assert trouble(session, box, "unreachable") == timedelta(seconds=seconds)
    assert (box.state, box.trouble, box.last_error) == ("failing", "unreachable", "Words")


@pytest.mark.parametrize("jitter", [0.0, 0.3, 1.0])
def test_jitter_spreads_the_second_half_of_a_wait(
    session: Session, ana: User, jitter: float
) -> None:
    box = make.mailbox(session, ana, failures=10)

    assert trouble(session, box, "unreachable", jitter=jitter) == 10 * MINUTE * (0.5 + jitter / 2)


def test_an_unstable_server_is_asked_once_an_hour(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    assert [trouble(session, box, "unstable") for _ in range(5)] == [60 * MINUTE] * 5
    assert box.state == MailboxState.FAILING


@pytest.mark.parametrize(
    "word", ["login_refused", "consent_revoked", "consent_expired", "scope_missing"]
)
def test_after_three_refusals_in_a_row_we_stop_knocking(
    session: Session, ana: User, word: str
) -> None:
    box = make.mailbox(session, ana)

    states = []
    for _ in range(4):
        trouble(session, box, word)
        states.append(box.state)

    assert states == ["failing", "failing", "needs_login", "needs_login"]


def test_refusals_in_a_row_count_whatever_their_reason(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    for word in ("consent_expired", "login_refused", "scope_missing"):
        trouble(session, box, word)

    assert box.state == MailboxState.NEEDS_LOGIN


def test_the_wait_grows_with_each_failure_whatever_its_reason(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    waits = [trouble(session, box, word).total_seconds() for word in ("unreachable", "quota") * 3]

    assert waits == [1, 2, 4, 8, 16, 32]


def test_no_other_trouble_ever_asks_for_a_login(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    for word in ("unreachable", "quota", "unstable") * 5:
        trouble(session, box, word)
        assert box.state == MailboxState.FAILING


def test_one_refusal_after_a_night_without_a_network_is_one_refusal(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    for _ in range(20):
        trouble(session, box, "unreachable")

    trouble(session, box, "login_refused")

    assert box.state == MailboxState.FAILING


def test_a_network_that_fails_between_refusals_does_not_hide_them(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)

    for word in ("login_refused", "unreachable") * 2:
        trouble(session, box, word)
    assert box.state == MailboxState.FAILING
    trouble(session, box, "login_refused")

    assert box.state == MailboxState.NEEDS_LOGIN


def test_a_login_that_worked_lets_refusals_count_from_the_beginning(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    for _ in range(2):
        trouble(session, box, "login_refused")

    mailboxes.note_entered(session, box)
    trouble(session, box, "unreachable")
    trouble(session, box, "login_refused")

    assert (box.state, box.refusals, box.failures) == (MailboxState.FAILING, 1, 4)


def test_success_forgets_the_trouble(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    trouble(session, box, "login_refused")
    trouble(session, box, "login_refused")

    mailboxes.note_success(session, box, at=make.NOW, again=5 * MINUTE, asked=box.due_at)
    trouble(session, box, "login_refused")

    assert box.state == MailboxState.FAILING
    assert box.failures == 1


def test_a_mailbox_that_was_brought_up_to_date_is_live(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)

    mailboxes.note_success(session, box, at=make.NOW, again=5 * MINUTE, asked=box.due_at)

    assert (box.state, box.trouble, box.last_error, box.failures) == ("live", "none", "", 0)
    assert (box.synced_at, box.due_at) == (make.NOW, make.NOW + 5 * MINUTE)


def test_a_refusal_of_the_watcher_counts_as_one_of_the_three_and_the_run_decides(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana, state=MailboxState.LIVE, due_at=make.NOW + MINUTE)

    mailboxes.note_refusal(session, box, at=make.NOW)

    assert (box.state, box.refusals, box.due_at) == (MailboxState.LIVE, 1, make.NOW)
    trouble(session, box, "login_refused")
    assert box.state == MailboxState.FAILING
    trouble(session, box, "login_refused")
    assert box.state == MailboxState.NEEDS_LOGIN


def test_where_a_login_was_refused_before_the_watcher_s_refusal_is_no_further_one(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    trouble(session, box, "login_refused")
    due = box.due_at

    mailboxes.note_refusal(session, box, at=make.NOW)

    assert (box.refusals, box.due_at) == (1, due)


def test_whoever_asks_for_a_look_is_served_at_once_and_disconnects_nobody(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)

    for second in range(9):
        at = make.NOW + timedelta(seconds=second)
        mailboxes.look(session, box, by=ana, at=at)
        assert box.due_at == at
        mailboxes.note_trouble(session, box, "login_refused", "Words", at=at, jitter=0.0)
        assert (box.state, box.due_at) == (MailboxState.FAILING, at + 5 * MINUTE)


@pytest.mark.parametrize(("synced", "state"), [(True, "live"), (False, "connecting")])
def test_a_mailbox_that_is_resumed_goes_on_at_once(
    session: Session, ana: User, synced: bool, state: str
) -> None:
    box = make.mailbox(session, ana, synced_at=make.NOW if synced else None)
    for _ in range(3):
        trouble(session, box, "login_refused")

    mailboxes.resume(session, box, by=ana, at=make.NOW + MINUTE)

    assert (box.state, box.trouble, box.last_error, box.failures) == (state, "none", "", 0)
    assert box.due_at == make.NOW + MINUTE


@pytest.mark.parametrize("end", ["success", "trouble"])
def test_a_worker_that_ends_after_the_pause_does_not_undo_it(
    session: Session, ana: User, end: str
) -> None:
    box = make.mailbox(session, ana)
    mailboxes.pause(session, box, by=ana)

    if end == "success":
        mailboxes.note_success(session, box, at=make.NOW, again=5 * MINUTE, asked=box.due_at)
    else:
        trouble(session, box, "unreachable")

    assert box.state == MailboxState.PAUSED


def test_the_scheduler_finds_what_is_due_in_all_workspaces(house: Settings) -> None:
    made = {}
    for name in ("One", "Two"):
        with db.transaction() as session:
            user = make.user(session, make.workspace(session, name), "ana@halden.test")
            for state in MailboxState:
                box = make.mailbox(session, user, f"{state}@halden.test", state=state)
                made[name, state.value] = (box.workspace_id, box.id)
            make.mailbox(session, user, "later@halden.test", due_at=make.NOW + MINUTE)
            box = make.mailbox(session, user, "busy@halden.test")
            lease = "update mailbox set leased_until = now() + interval '1 minute' where id = %s"
            bulk.run(session, lease, (box.id,))
    with db.transaction() as session:
        assert mailboxes.due(session, make.NOW) == []

    scheduler = db.open_engine(house.database_scheduler_url, pool_size=1)
    with db.sessions(bind=scheduler) as session:
        found = mailboxes.due(session, make.NOW)
        later = mailboxes.due(session, make.NOW + MINUTE)
    scheduler.dispose()

    read = ("connecting", "live", "failing")
    assert sorted(found) == sorted(w for (_, state), w in made.items() if state in read)
    assert len(later) == len(found) + 2


def test_a_mailbox_that_is_proposed_is_checked_as_one_that_is_connected_and_nothing_keeps_it(
    session: Session, ana: User
) -> None:
    given = {"kind": MailboxKind.IMAP, "place": {}, "secret": b"x", "by": ana, "at": make.NOW}
    made = mailboxes.propose(session, ana, " Ana@Halden.test ", **given)

    assert (made.address, made.shares, made.meets) == ("ana@halden.test", 1, "direct")
    session.flush()
    assert mailboxes.everyone(session, ana.workspace_id) == []
    make.mailbox(session, ana)
    with pytest.raises(ConflictError):
        mailboxes.propose(session, ana, "ana@halden.test", **given)


@pytest.mark.parametrize(
    ("role", "own", "changed"),
    [
        ("rep", True, True),
        ("rep", False, False),
        ("support", False, False),
        ("reader", True, False),
        ("reader", False, False),
        ("manager", True, True),
        ("manager", False, False),
        ("admin", False, True),
    ],
)
def test_who_may_stop_a_mailbox(
    session: Session, workspace: Workspace, ana: User, role: str, own: bool, changed: bool
) -> None:
    bo = make.user(session, workspace, "bo@halden.test")
    box = make.mailbox(session, bo if own else ana, "box@halden.test")
    bo.role = role

    assert mailboxes.is_changed_by(box, bo) is changed
    for verb in (
        mailboxes.pause,
        partial(mailboxes.resume, at=make.NOW),
        partial(mailboxes.look, at=make.NOW),
    ):
        with nullcontext() if changed else pytest.raises(ForbiddenError):
            verb(session, box, by=bo)
    assert box.state == "connecting"


def test_a_new_secret_takes_the_old_ones_place_as_the_mailbox_goes_on(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana, secret=b"old")
    for _ in range(3):
        trouble(session, box, "login_refused")

    mailboxes.resume(session, box, secret=b"new", by=ana, at=make.NOW)

    assert (box.secret, box.state, box.refusals) == (b"new", "connecting", 0)


@pytest.mark.parametrize("what", ["aliases", "import", "login", "place", "smtp"])
def test_what_another_writes_into_its_place_meanwhile_stays(
    session: Session, ana: User, what: str
) -> None:
    box = make.mailbox(session, ana, place={"grant": "consent", **importing.choice(Over.IMAP)})
    assert box.place["grant"] == "consent"
    session.connection().exec_driver_sql(
        'update mailbox set place = place || \'{"grant": "delegation"}\''
    )

    match what:
        case "aliases":
            aliases.note(session, box, ["ana@brand.test"], at=make.NOW)
        case "import":
            importing.leave(session, box, importing.Why.LIMIT, at=make.NOW)
        case "login":
            mailboxes.resume(session, box, secret=b"new", by=ana, at=make.NOW)
        case "place":
            place = {"scopes": []}
            mailboxes.resume(session, box, secret=b"new", place=place, by=ana, at=make.NOW)
        case "smtp":
            mailboxes.note_smtp(session, box, {"host": "smtp.halden.test"})

    session.refresh(box)
    assert box.place["grant"] == "delegation"
