"""Whatever befell a mailbox of Gmail: it ends as a first import of it would have it now.

Compared is what people see of what is there: the ledger, messages and who took part, timelines, and
the inbox. Of what is gone from the mailbox, or in its bin, what we know stays
(`docs/vocabulary.md`): a thread of ours may hold such letters too, or be held together by them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.base import clock, db
from crm.base.settings import Settings
from crm.mail import mailboxes
from crm.mail.models import CopyState
from crm.workspace.models import User
from server.demo.gmail import Fault, GmailServer, Mailbox
from tests import make
from tests.sync import rig
from tests.sync.rig import Box

ADDRESS = "ana@halden.test"
COUNT = 40


@pytest.fixture
def ids(google: GmailServer) -> list[str]:
    """Let a correspondence arrive: of two labels, partly read, Ana's own as sent."""
    account, start = google.add(ADDRESS), make.NOW - timedelta(days=COUNT)
    orders = account.labels.create("Orders").id
    found = []
    for n, raw in enumerate(rig.letters(COUNT, seed=5)):
        labels = {"SENT"} if b"From: ana@" in raw else {"INBOX"}
        labels |= {orders} if n % 3 == 0 else set()
        labels |= {"UNREAD"} if n % 4 == 0 and "SENT" not in labels else set()
        found.append(account.deliver(raw, labels=labels, at=start + timedelta(hours=n)))
    return found


@pytest.fixture
def box(town: Settings, google: GmailServer, ids: list[str]) -> Box:
    """Bring the mailbox in, as it was before anything happens."""
    made = rig.connect_gmail(town, google)
    assert rig.bring(made).stored == len(ids)
    return made


def move_labels(account: Mailbox, ids: list[str]) -> None:
    orders = account.labels.find_named("Orders")
    assert orders is not None
    later = account.labels.create("Later").id
    for id_ in ids[:10]:
        account.label(id_, add=[later], remove=[orders.id, "UNREAD"])
    for id_ in ids[10:14]:
        account.label(id_, add=["UNREAD", "STARRED"], remove=["INBOX"])
    account.labels.rename(orders.id, "Old orders")
    account.trash(ids[20])
    account.label(ids[21], add=["SPAM"], remove=["INBOX"])
    account.trash(ids[22])
    account.untrash(ids[22])


def delete(account: Mailbox, ids: list[str]) -> None:
    for id_ in (*ids[::5], ids[-1]):
        account.delete(id_)


def send_from_phone(account: Mailbox, ids: list[str]) -> None:
    asked = next(
        c for c in (account.copies.get(id_) for id_ in reversed(ids)) if "SENT" not in c.labels
    )
    answer = make.raw(
        ADDRESS,
        "jana@severka.test",
        asked.head.subject,
        "Yes, on Monday.",
        message_id="phone@halden.test",
        In_Reply_To=f"<{asked.head.message_id.strip('<>')}>",
    )
    account.send_from_phone(answer)
    account.label(asked.id, remove=["UNREAD"])
    account.send_from_phone(make.raw(ADDRESS, "new@other.test", "To a stranger"))


def everything(account: Mailbox, ids: list[str]) -> None:
    move_labels(account, ids)
    send_from_phone(account, ids)
    account.deliver(make.raw("Tomas <tomas@severka.test>", subject="Just now"))
    delete(account, ids[23:])


EVENTS = [move_labels, delete, send_from_phone, everything]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_the_history_tells(
    town: Settings, google: GmailServer, box: Box, ids: list[str], event: Callable[..., None]
) -> None:
    event(google.add(ADDRESS), ids)

    assert rig.bring(box).trouble == ""

    assert_like_afresh(town, google, box)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_an_expired_history_no_longer_tells(
    town: Settings, google: GmailServer, box: Box, ids: list[str], event: Callable[..., None]
) -> None:
    event(google.add(ADDRESS), ids)
    google.add(ADDRESS).age_history()

    assert rig.bring(box).trouble == ""

    assert_like_afresh(town, google, box)


def test_what_happens_while_a_consent_is_taken_back_until_it_is_given_again(
    town: Settings, google: GmailServer, box: Box, ids: list[str]
) -> None:
    google.revoke(ADDRESS)
    everything(google.add(ADDRESS), ids)
    for _ in range(3):
        assert rig.bring(box).trouble == "consent_revoked"
        rig.expire(box)
    before = google.calls[-1]

    consent_again(google, box)
    assert rig.bring(box).trouble == ""

    later = google.calls[google.calls.index(before) + 1 :]
    known = {call.id for call in later if call.method == "users.messages.get"} & set(ids)
    assert known == set(), "it goes on where it was"
    assert_like_afresh(town, google, box)


def test_what_happens_while_calls_fail_and_are_cut(
    town: Settings, google: GmailServer, box: Box, ids: list[str]
) -> None:
    google.chaos(seed=3, fail=0.1, cut=0.05)
    for event in (move_labels, send_from_phone):
        event(google.add(ADDRESS), ids)
        rig.bring(box)
        rig.expire(box)
    google.heal()
    google.plan(Fault("429", times=1, retry_after=0.1))

    assert rig.bring(box).trouble == ""

    assert_like_afresh(town, google, box)


def consent_again(google: GmailServer, box: Box) -> None:
    """Give the consent anew, as its owner does on Google's page."""
    scopes = ["https://www.googleapis.com/auth/gmail.readonly"]
    token = google.refresh_token(ADDRESS, rig.APP.client_id, scopes)
    with db.transaction(box.workspace_id) as session:
        row = mailboxes.get(session, box.workspace_id, box.id)
        owner = session.get_one(User, (box.workspace_id, row.user_id))
        secret = box.vault.seal(token)
        mailboxes.resume(session, row, secret=secret, by=owner, at=clock.now())


def assert_like_afresh(town: Settings, google: GmailServer, box: Box) -> None:
    other = rig.connect_gmail(town, google)
    assert rig.bring(other).trouble == ""
    for look in (ledger, messages, people, timelines):
        assert look(box) == look(other), look.__name__
    ours = threads(box)
    for names in threads(other):
        assert any(names <= held for held in ours), names
    rows = whole_rows(box)
    assert rows
    assert rows <= whole_rows(other)
    rig.assert_filed_once(box)
    rig.hours_pass(box)
    assert rig.bring(box).trouble == ""
    rig.assert_balanced(box)


def ledger(box: Box) -> list[Any]:
    """Return each copy that is there; of what is not kept, nobody asks for more than the rule."""
    return box.ask(
        "select uid, state, rule, case when state = %s then labels end,"
        " case when state = %s then flags end from copy"
        " where workspace_id = %s and state <> %s order by uid",
        *(CopyState.STORED, CopyState.STORED, box.workspace_id, CopyState.GONE),
    )


_LIVING = (
    " where m.workspace_id = %s and exists (select from copy c where c.workspace_id ="
    " m.workspace_id and c.message_id = m.id and c.state = %s)"
)


def living(box: Box, statement: str, order: str = "") -> list[Any]:
    """Ask for what belongs to messages that the mailbox has."""
    return box.ask(f"{statement}{_LIVING}{order}", box.workspace_id, CopyState.STORED)


def messages(box: Box) -> list[Any]:
    """Return each message in words."""
    return living(
        box,
        "select m.rfc_id, m.subject, m.at, m.direction, m.kind, m.unfiled, m.snippet, m.whole"
        " from message m",
        " order by 1, 2",
    )


def threads(box: Box) -> list[set[str]]:
    """Return which messages stand in one thread."""
    found: dict[Any, set[str]] = {}
    for thread, name in living(box, "select m.thread_id, m.rfc_id from message m"):
        found.setdefault(thread, set()).add(name)
    return list(found.values())


def people(box: Box) -> list[Any]:
    """Return who took part in what, and whether we know them."""
    return living(
        box,
        "select m.rfc_id, p.role, p.email, p.name, p.contact_id is not null from message m"
        " join participant p on p.workspace_id = m.workspace_id and p.message_id = m.id",
        " order by 1, 2, 3",
    )


def timelines(box: Box) -> list[Any]:
    """Return on whose timelines messages stand, and by which rule."""
    return living(
        box,
        "select m.rfc_id, l.record, l.rule, l.at, coalesce(a.email, '') from message m"
        " join activity_link l on l.workspace_id = m.workspace_id and l.activity_id = m.id"
        " left join contact_address a on a.workspace_id = l.workspace_id"
        " and a.contact_id = l.record_id",
        " order by 1, 2, 5",
    )


def whole_rows(box: Box) -> set[Any]:
    """Return the rows of the inbox of which every letter is there: how many, unseen, whose turn."""
    rows = box.ask(
        "select m.rfc_id, t.subject, i.last_at, i.messages, i.unseen, i.turn from inbox_thread i"
        " join message m on m.workspace_id = i.workspace_id and m.id = i.last_message_id"
        " join thread t on t.workspace_id = i.workspace_id and t.id = i.thread_id"
        " where i.workspace_id = %s and not exists (select from message n where n.workspace_id ="
        " i.workspace_id and n.thread_id = i.thread_id and not exists (select from copy c where"
        " c.workspace_id = n.workspace_id and c.message_id = n.id and c.state = %s))",
        *(box.workspace_id, CopyState.STORED),
    )
    return set(rows)
