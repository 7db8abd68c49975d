"""Letters and the threads they make in the database, whichever way round they arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from crm.mail.models import Message
from tests import make

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Mailbox

#: What is odd; the letters as name, Message-ID, References, In-Reply-To; who stand together.
CASES = [
    (
        "an ancestor that was never seen",
        [("b", "<b@x>", "<a@x>", ""), ("c", "<c@x>", "<a@x>", "")],
        "bc",
    ),
    (
        "an ancestor in the middle that was never seen",
        [("a", "<a@x>", "", ""), ("c", "<c@x>", "<a@x> <b@x>", "<b@x>")],
        "ac",
    ),
    (
        "an answer to an answer that names its parent alone",
        [("a", "<a@x>", "", ""), ("b", "<b@x>", "", "<a@x>"), ("c", "<c@x>", "", "<b@x>")],
        "abc",
    ),
    (
        "two that answer each other",
        [("a", "<a@x>", "<b@x>", ""), ("b", "<b@x>", "<a@x>", "")],
        "ab",
    ),
    ("one that answers itself", [("a", "<a@x>", "<a@x>", "<a@x>"), ("b", "<b@x>", "", "")], "a b"),
    (
        "ids that were folded in the middle or quoted",
        [
            ("a", "<a @x>", "", ""),
            ("b", "<b@x>", "<a@\r\n x>", ""),
            ("c", '<"c"@x>', "", "< b@x >"),
            ("d", "<d@x>", "", "<c@x>"),
        ],
        "abcd",
    ),
    (
        "ids without brackets, and cut off",
        [("a", "a@x", "", ""), ("b", "<b@x>", "a@x", ""), ("c", "<c@x>", "<b@x> <d", "")],
        "abc",
    ),
    (
        "sentences that name the author and the time",
        [
            ("a", "<a@x>", "", ""),
            ("b", "<b@x>", "", 'Message from Ann <ann@x> of "Mon, 5 May 2025." <a@x>'),
            ("c", "<c@x>", "", 'Message from Ann <ann@x> of "Tue, 6 May 2025." <q@x>'),
            ("d", "<d@x>", "", "ann@x's message of Monday"),
            ("e", "<e@x>", "", "ann@x's message of Tuesday"),
        ],
        "ab c d e",
    ),
    (
        "an id in an encoded word",
        [("a", "<a@x>", "", ""), ("b", "<b@x>", "", "=?utf-8?q?=3Ca=40x=3E?=")],
        "ab",
    ),
    (
        "one subject, and nothing that is answered",
        [("a", "<a@x>", "", ""), ("b", "<b@x>", "", ""), ("c", "", "", ""), ("d", "", "", "")],
        "a b c d",
    ),
]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    ("letters", "stand"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_letters_that_answer_each_other_stand_together(
    session: Session,
    mailbox: Mailbox,
    letters: Sequence[tuple[str, str, str, str]],
    stand: str,
    *,
    backwards: bool,
    together: bool,
) -> None:
    raws = [_raw(*letter) for letter in (reversed(letters) if backwards else letters)]

    for batch in [raws] if together else [[raw] for raw in raws]:
        make.filed(session, mailbox, *batch)

    assert _threads(session) == set(stand.split())


def test_another_letter_with_a_known_id_is_nobody_s_parent(
    session: Session, mailbox: Mailbox
) -> None:
    make.filed(session, mailbox, _raw("a", "<a@x>", "", ""))
    make.filed(session, mailbox, _raw("b", "<a@x>", "", ""), _raw("c", "<c@x>", "", "<a@x>"))

    assert _threads(session) == {"ac", "b"}


def test_the_same_letter_twice_is_in_one_thread_once(session: Session, mailbox: Mailbox) -> None:
    letter = _raw("a", "<a@x>", "", "")

    make.filed(session, mailbox, letter, letter)
    make.filed(session, mailbox, letter, _raw("b", "<b@x>", "", "<a@x>"))

    assert _threads(session) == {"ab"}


@pytest.mark.parametrize("backwards", [False, True])
def test_gmail_s_thread_unites_letters_whose_ancestors_never_came(
    session: Session, mailbox: Mailbox, *, backwards: bool
) -> None:
    raws = [
        _raw("a", "<a@x>", "", ""),
        _raw("b", "<b@x>", "", "<never-1@x>"),
        _raw("c", "<c@x>", "", "<never-2@x>"),
    ]
    arrivals = [replace(make.arrival(raw), thread="18c2f0a1") for raw in raws]

    for arrival in reversed(arrivals) if backwards else arrivals:
        make.filed_arrivals(session, mailbox, [arrival])

    assert _threads(session) == {"abc"}


def test_a_thread_of_another_mailbox_is_another_thread(
    session: Session, mailbox: Mailbox, other: Mailbox
) -> None:
    for box, name in ((mailbox, "a"), (other, "b")):
        letter = make.arrival(_raw(name, f"<{name}@x>", "", f"<never-{name}@x>"))
        make.filed_arrivals(session, box, [replace(letter, thread="18c2f0a1")])

    assert _threads(session) == {"a", "b"}


def test_gmail_s_thread_of_one_subject_joins_nothing_that_answers_nothing(
    session: Session, mailbox: Mailbox
) -> None:
    for name in "ab":
        letter = make.arrival(_raw(name, f"<{name}@x>", "", ""))
        make.filed_arrivals(session, mailbox, [replace(letter, thread="18c2f0a1")])

    assert _threads(session) == {"a", "b"}


@pytest.fixture
def mailbox(session: Session, ana: object) -> Mailbox:
    return make.mailbox(session, ana)  # type: ignore[arg-type]


@pytest.fixture
def other(session: Session, ana: object) -> Mailbox:
    return make.mailbox(session, ana, "sales@halden.test")  # type: ignore[arg-type]


def _raw(name: str, own: str, references: str, in_reply_to: str) -> bytes:
    """Write a letter whose text is its name, and whose subject is that of all."""
    said = {"Message-ID": own, "References": references, "In-Reply-To": in_reply_to}
    more = "".join(f"{header}: {value}\r\n" for header, value in said.items() if value)
    raw = make.raw(subject="Re: Boots", text=name, message_id=None)
    return more.encode() + raw


def _threads(session: Session) -> set[str]:
    threads: dict[UUID, str] = {}
    found = session.execute(select(Message.thread_id, Message.snippet).order_by(Message.snippet))
    for thread_id, name in found:
        threads[thread_id] = threads.get(thread_id, "") + name
    return set(threads.values())
