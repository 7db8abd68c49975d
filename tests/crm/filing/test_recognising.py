"""Which letters are copies of one message: nobody makes one that they do not have."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from crm.base.db import Session
from crm.mail.models import Copy, Message
from crm.workspace.models import User, Workspace
from tests import make

DATE = re.compile(rb"Date: [^\r]*\r\n")
TEXT = "Dear Ana, the price of the steel is as we said last week. Jana"


@pytest.mark.parametrize(
    ("other", "hours", "messages_", "differs"),
    [
        (TEXT, 0, 1, False),
        (f"{TEXT}\n\nThis list is for members only.", 0, 1, True),
        (f"[EXTERNAL] Take care.\n{TEXT}", 0, 1, True),
        (f"{TEXT}{'x' * len(TEXT)}", 0, 2, False),
        (f"{TEXT} More.", 1, 2, False),
        ("Something else altogether", 0, 2, False),
    ],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_a_banner_makes_no_second_message_and_the_copy_is_marked(
    session: Session,
    ana: User,
    other: str,
    hours: int,
    messages_: int,
    differs: bool,
    batches: int,
) -> None:
    box = make.mailbox(session, ana)
    at = make.NOW + timedelta(hours=hours)
    letters = [
        make.raw(message_id="1@x.test", text=TEXT),
        make.raw(message_id="1@x.test", text=other, at=at),
    ]

    for batch in [letters] if batches == 1 else [[letter] for letter in letters]:
        make.filed(session, box, *batch)

    assert (count(session, Message), count(session, Copy)) == (messages_, 2)
    marked = session.scalars(select(Copy.differs).order_by(Copy.uid)).all()
    assert marked == [False, differs]


@pytest.mark.parametrize(
    "forged",
    [
        {"text": "D"},
        {"sender": "bo@zinc.test", "text": f"{TEXT} More."},
        {"text": f"{TEXT} More.", "Date": ""},
    ],
    ids=["a guess", "another author", "no date"],
)
def test_nobody_makes_a_copy_of_a_letter_that_they_do_not_have(
    session: Session, workspace: Workspace, ana: User, forged: dict[str, str]
) -> None:
    bo = make.user(session, workspace, "bo@halden.test")
    dateless = forged.pop("Date", None) is not None
    letters = [make.raw(message_id="1@x.test", **each) for each in ({"text": TEXT}, forged)]
    if dateless:
        letters = [DATE.sub(b"", letter) for letter in letters]
    box = make.mailbox(session, ana)

    make.filed(session, box, letters[0])
    make.filed(session, make.mailbox(session, bo), letters[1])

    assert count(session, Message) == 2
    who = session.scalars(
        select(Copy.mailbox_id)
        .join(Message, Message.id == Copy.message_id)
        .where(Message.snippet == TEXT)
    )
    assert who.all() == [box.id]


def test_a_letter_with_other_attachments_is_another_one(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    one, other = with_file("offer.pdf", 100), with_file("terms.pdf", 200)

    make.filed(session, box, one)
    make.filed(session, box, other)

    assert count(session, Message) == 2


def with_file(name: str, size: int) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "jana@severka.test", "ana@halden.test", "Hi"
    letter["Message-ID"], letter["Date"] = "<1@x.test>", make.NOW
    letter.set_content("The offer is in the file.")
    letter.add_attachment(b"x" * size, "application", "pdf", filename=name)
    return letter.as_bytes()


def test_letters_of_one_message_id_cost_no_more_than_a_few_looks(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    letters = [
        make.raw(message_id="1@x.test", text=f"{n:03} " + "word " * 19_000, at=make.NOW)
        for n in range(60)
    ]

    make.filed(session, box, *letters[:30])
    began = time.process_time()
    make.filed(session, box, *letters[30:])

    assert count(session, Message) == 60
    assert time.process_time() - began < 8


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
