"""An answer from the inbox: written once, undone in time, and honest about what became of it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from crm.base import clock
from crm.filing import own
from crm.mail import drafts
from crm.mail.models import (
    MailboxState,
    Message,
    Outgoing,
    OutgoingFile,
    OutgoingState,
    Shares,
)
from crm.people import contacts
from sync import reading
from sync.writing import compose
from tests import make
from tests.visiting import Visitor, said

DECISIONS = ("undo", "again", "arrived", "drop")


@pytest.fixture
def asked(session, take_in) -> Message:
    """Be asked something by Jana, with a colleague of hers in copy."""
    letter = make.raw(
        to="ana@halden.test, Petr <petr@severka.test>",
        subject="Label printers",
        text="How much are they?\nJana",
        Cc="boss@severka.test",
        message_id="first@severka.test",
    )
    [message_id] = take_in(letter)
    return session.scalars(select(Message).where(Message.id == message_id)).one()


def form(answer) -> dict[str, str]:
    """Return the fields of the answer's form, as they came."""
    found = re.search(r'(?s)<form class="reply".*?</form>', answer.text)[0]
    fields = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', found))
    text = re.search(r"(?s)<textarea[^>]*>(.*?)</textarea>", found)[1]
    plain = {
        name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in fields.items()
    }
    return {**{k: v.replace("&#34;", '"') for k, v in plain.items()}, "text": text}


def opened(reader: Visitor, message: Message, more: str = ""):
    return reader.get(f"/inbox/{message.thread_id}?reply={message.id}{more}")


def answer(reader: Visitor, message: Message, **typed):
    there = f"/inbox/{message.thread_id}?reply={message.id}"
    return answer_of(reader, message, there, **typed)


def answer_of(reader: Visitor, message: Message, there: str, **typed):
    fields = form(reader.get(there)) | {"text": "120 each."} | typed
    return reader.post(f"/messages/{message.id}/reply", fields)


def row(session) -> Outgoing:
    session.expire_all()
    return session.scalars(select(Outgoing).order_by(Outgoing.written_at.desc())).first()


def test_a_message_can_be_answered(reader, asked, session):
    page = reader.get(f"/inbox/{asked.thread_id}")
    assert f"reply={asked.id}" in page.text

    sent = answer(reader, asked)

    assert (sent.status_code, sent.location) == (303, f"/inbox/{asked.thread_id}#outgoing")
    made = row(session)
    assert [(p["role"], p["email"]) for p in made.recipients] == [("to", "jana@severka.test")]
    assert made.subject == "Re: Label printers"
    assert made.text.startswith("120 each.\n\nOn ")
    assert "> How much are they?\n> Jana\n" in made.text
    assert (made.in_reply_to_id, made.references) == (asked.id, ["first@severka.test"])
    assert made.due_at - made.written_at == timedelta(seconds=10)
    assert "Will be sent in a moment." in said(reader.get(sent.location))


def test_reply_all_has_everybody_but_us(reader, asked):
    fields = form(opened(reader, asked, "&everybody=1"))

    assert fields["to"] == "Jana <jana@severka.test>"
    assert fields["cc"] == "Petr <petr@severka.test>, boss@severka.test"


def test_an_answer_that_goes_elsewhere_than_to_its_author_says_so(reader, session, take_in):
    forged = make.raw(
        text="Our account has changed.", message_id="2@severka.test", Reply_To="jana@evil.test"
    )
    [message_id] = take_in(forged)
    message = session.scalars(select(Message).where(Message.id == message_id)).one()

    page = opened(reader, message)

    assert form(page)["to"] == "jana@evil.test"
    words = "The answer goes to jana@evil.test, though it was written from jana@severka.test."
    assert words in said(page).replace("\u2068", "").replace("\u2069", "")
    other = answer(reader, message, to="jana@severka.test", later="soon")
    assert other.status_code == 422
    assert "The answer goes to" not in said(other)


def test_a_blind_copy_is_written_and_can_be_written_on(reader, asked, session):
    answer(reader, asked, bcc="Boss <boss@kovar.test>")

    made = row(session)
    assert {"role": "bcc", "email": "boss@kovar.test", "name": "Boss"} in made.recipients
    back = reader.get(reader.post(f"/outgoing/{made.id}/undo").location)
    assert form(back)["bcc"] == "Boss <boss@kovar.test>"


def test_whom_it_goes_to_is_named_by_the_address_and_not_by_the_name_alone(reader, asked):
    shown = answer(reader, asked, to="ana@halden.test <eve@evil.test>, jana@severka.test").location

    page = said(reader.get(shown)).replace("\u2068", "").replace("\u2069", "")
    assert "to ana@halden.test &lt;eve@evil.test&gt;, jana@severka.test" in page


def test_a_blind_copy_is_known_to_its_author_alone(reader, asked, session, workspace):
    shown = answer(reader, asked, bcc="Boss <boss@kovar.test>").location
    made = row(session)
    made.state, made.due_at, made.said = "failed", None, "550 boss@kovar.test is unknown"
    made.refused = {"boss@kovar.test": "550 No such user", "jana@severka.test": "550 No"}
    session.commit()
    assert "Boss" in said(reader.get(shown))

    made.author_id = make.user(session, workspace, "bo@halden.test").id  # From ana's mailbox.
    session.commit()

    assert "550 No" in said(reader.get(shown))
    assert "kovar.test" not in said(reader.get(shown))
    assert "Boss" not in said(reader.get(shown))


def test_the_same_form_sent_twice_is_one_message(reader, asked, session):
    fields = form(opened(reader, asked)) | {"text": "120 each."}

    for _ in range(2):
        assert reader.post(f"/messages/{asked.id}/reply", fields).status_code == 303

    assert len(session.scalars(select(Outgoing)).all()) == 1


def test_the_form_that_the_browser_goes_back_to_is_sent_as_it_is_then(reader, asked, session):
    fields = form(opened(reader, asked)) | {"text": "120 each."}
    reader.post(f"/messages/{asked.id}/reply", fields)
    reader.post(f"/outgoing/{row(session).id}/undo")

    for _ in range(2):
        reader.post(f"/messages/{asked.id}/reply", fields | {"text": "130 each."})

    found = session.scalars(select(Outgoing).order_by(Outgoing.written_at)).all()
    assert [(one.state, one.text[:4]) for one in found] == [
        ("cancelled", "120 "),
        ("waiting", "130 "),
    ]


def test_the_browsers_back_finds_what_was_written_and_no_form_to_send_it_again(
    reader, asked, session
):
    page = reader.get(f"/inbox/{asked.thread_id}").text
    there = re.search(rf'href="([^"]*reply={asked.id}[^"]*)"', page)[1].replace("&amp;", "&")
    fields = form(reader.get(there))
    assert form(reader.get(there))["nonce"] == fields["nonce"]
    files = FileStorage(BytesIO(b"x"), "offer.pdf")
    assert attach(reader, asked, fields | {"text": "See there."}, files).status_code == 303

    back = reader.get(there)

    assert (back.status_code, back.location) == (302, f"/inbox/{asked.thread_id}#outgoing")
    shown = reader.get(back.location)
    assert "This answer was written already, and was not sent again." in said(shown)
    assert '<form class="reply"' not in shown.text
    anew = re.search(rf'href="([^"]*reply={asked.id}[^"]*)"', shown.text)[1].replace("&amp;", "&")
    assert form(reader.get(anew))["text"] == ""
    reader.post(f"/outgoing/{row(session).id}/undo")
    assert form(reader.get(there))["nonce"] == fields["nonce"]


def test_a_form_that_was_refused_is_still_the_same_form(reader, asked, session):
    there = f"/inbox/{asked.thread_id}?reply={asked.id}&form={uuid4()}"
    refused = answer_of(reader, asked, there, to="nobody")

    sent = reader.post(f"/messages/{asked.id}/reply", form(refused) | {"to": "jana@severka.test"})

    assert sent.status_code == 303
    assert reader.get(there).status_code == 302


def test_what_is_undone_is_not_sent_and_can_be_written_on(reader, asked, session):
    answer(reader, asked)
    made = row(session)

    back = reader.post(f"/outgoing/{made.id}/undo")

    assert row(session).state == OutgoingState.CANCELLED
    again = form(reader.get(back.location))
    assert again["text"].startswith("120 each.\n\nOn ")
    assert again["nonce"]


def test_what_was_taken_back_in_two_tabs_is_sent_once(reader, asked, session):
    answer(reader, asked)
    first = row(session)
    tabs = [reader.post(f"/outgoing/{first.id}/undo").location for _tab in range(2)]
    forms = [form(reader.get(there)) for there in tabs]

    for fields in forms:
        assert reader.post(f"/messages/{asked.id}/reply", fields).status_code == 303

    assert [one.state for one in session.scalars(select(Outgoing)) if one.id != first.id] == [
        "waiting"
    ]
    assert reader.get(tabs[1]).location == f"/inbox/{asked.thread_id}#outgoing"


def test_what_was_taken_back_in_two_tabs_and_changed_in_each_is_sent_once(reader, asked, session):
    answer(reader, asked)
    first = row(session)
    tabs = [reader.post(f"/outgoing/{first.id}/undo").location for _tab in range(2)]
    one, other = (form(reader.get(there)) for there in tabs)

    sent = reader.post(f"/messages/{asked.id}/reply", one | {"text": "130 each."})
    kept = reader.post(f"/messages/{asked.id}/reply", other | {"text": "140 each."})

    assert (sent.status_code, kept.status_code) == (303, 422)
    assert "This was written anew already, in another tab." in said(kept)
    assert form(kept)["text"] == "140 each."
    waiting = session.scalars(select(Outgoing.text).where(Outgoing.state == "waiting")).all()
    assert len(waiting) == 1
    assert waiting[0].startswith("130 each.")


def test_undo_that_is_clicked_twice_leads_to_what_was_taken_back(reader, asked, session):
    answer(reader, asked)
    made = row(session)
    first = reader.post(f"/outgoing/{made.id}/undo")

    second = reader.post(f"/outgoing/{made.id}/undo")

    assert second.location == first.location
    page = reader.get(second.location)
    assert "It was taken back already." in said(page)
    assert form(page)["text"].startswith("120 each.\n\nOn ")


def test_what_is_on_its_way_cannot_be_undone(reader, asked, session):
    answer(reader, asked)
    session.execute(update(Outgoing).values(state=OutgoingState.SENDING))
    session.commit()

    page = reader.get(reader.post(f"/outgoing/{row(session).id}/undo").location)

    assert "It is too late to undo this" in said(page)
    assert "circle-alert" in page.text.split('id="toasts"')[1].partition("too late")[0]
    assert row(session).state == OutgoingState.SENDING


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": " "}, "Nothing is written yet."),
        ({"to": "nobody"}, "“nobody” is not an address."),
        ({"to": "jana@severka.test\r\nBcc: eve@evil.test"}, "is not an address."),
        ({"to": ""}, "Nobody is named to whom it goes."),
        ({"later": "2001-01-01T08:00"}, "That time is over."),
        ({"later": "soon"}, "That is no time to send it at."),
        ({"from": "x"}, "Choose a mailbox to send from."),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(
    reader, asked, session, typed, words
):
    refused = answer(reader, asked, **typed)

    assert refused.status_code == 422
    assert words in said(refused)
    assert session.scalars(select(Outgoing)).all() == []
    if "text" not in typed:
        assert form(refused)["text"] == "120 each."


def test_the_address_of_a_form_that_was_refused_leads_to_its_thread(reader, asked):
    page = reader.get(f"/messages/{asked.id}/reply")

    assert page.status_code == 303
    assert page.location.startswith(f"/inbox/{asked.thread_id}?reply={asked.id}&form=")
    assert form(reader.get(page.location))["to"] == "Jana <jana@severka.test>"
    assert reader.get(f"/messages/{uuid4()}/reply").status_code == 404


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
@pytest.mark.parametrize("written", ["nobody", "jana@sev>erka.test"])
def test_the_field_in_which_an_address_is_none_is_marked_and_has_the_focus(
    reader, asked, field, written
):
    page = answer(reader, asked, **{field: written}).text

    assert re.findall(r'<\w+[^>]* name="(\w+)"[^>]* aria-invalid="true"', page) == [field]
    in_form = re.search(r'(?s)<form class="reply".*?</form>', page)[0]
    assert re.findall(r'<\w+[^>]* name="(\w+)"[^>]* autofocus', in_form) == [field]
    assert f'id="reply-{field}"' in page
    described = re.search(rf'id="reply-{field}"[^>]* aria-describedby="([^"]*)"', page)[1]
    assert "reply-error" in described.split()


def attach(reader: Visitor, message: Message, fields: dict[str, str], *files: FileStorage):
    """Send the form with files, as a browser does."""
    several = MultiDict(fields)
    several["csrf_token"] = reader.proof
    for file in files:
        several.add("files", file)
    boundary, body = encode_multipart(several)
    return reader.client.post(
        f"/messages/{message.id}/reply",
        data=body,
        base_url=reader.base,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def test_an_answer_takes_its_attachments_along(reader, asked, session):
    fields = form(opened(reader, asked)) | {"text": "See there."}
    offer = FileStorage(BytesIO(b"x" * 1_500_000), "offer.pdf", content_type="application/pdf")

    sent = attach(reader, asked, fields, offer)

    assert sent.status_code == 303
    found = session.scalars(select(OutgoingFile)).one()
    assert (found.filename, found.content_type, found.size) == (
        "offer.pdf",
        "application/pdf",
        1_500_000,
    )


def test_a_form_that_was_refused_says_that_its_files_are_to_be_chosen_again(reader, asked):
    fields = form(opened(reader, asked)) | {"to": "nobody"}
    words = "Choose the files again: what was chosen is not kept."

    refused = attach(reader, asked, fields, FileStorage(BytesIO(b"x"), "offer.pdf"))
    assert refused.status_code == 422
    assert words in said(refused)
    assert 'aria-describedby="reply-files-lost"' in refused.text

    without = attach(reader, asked, fields, FileStorage(BytesIO(), ""))
    assert without.status_code == 422
    assert words not in said(without)


def test_attachments_stay_when_an_answer_is_taken_back(reader, asked, session):
    files = [FileStorage(BytesIO(name.encode()), name) for name in ("a.txt", "b.txt", "c.txt")]
    attach(reader, asked, form(opened(reader, asked)) | {"text": "See there."}, *files)
    first = row(session)

    back = reader.get(reader.post(f"/outgoing/{first.id}/undo").location)

    assert re.findall(r'name="kept" value="(\d)" checked', back.text) == ["0", "1", "2"]
    fields = MultiDict(form(back) | {"text": "See these."})
    fields.setlist("kept", ["0", "2", "77", "x"])
    attach(reader, asked, fields)
    kept = select(OutgoingFile).where(OutgoingFile.outgoing_id == row(session).id)
    assert [(f.filename, f.body) for f in session.scalars(kept).all()] == [
        ("a.txt", b"a.txt"),
        ("c.txt", b"c.txt"),
    ]


def test_nobody_takes_along_what_another_attached(reader, asked, session, workspace):
    attach(
        reader, asked, form(opened(reader, asked)) | {"text": "See."}, FileStorage(BytesIO(), "a")
    )
    theirs = row(session)
    theirs.author_id = make.user(session, workspace, "bo@halden.test").id
    session.commit()

    sent = answer(reader, asked, draft=str(theirs.id), kept="0")

    assert sent.status_code == 404
    assert len(session.scalars(select(Outgoing)).all()) == 1


def test_an_answer_can_wait_for_its_time(reader, asked, session):
    later = clock.now() + timedelta(days=1)

    sent = answer(reader, asked, later=f"{later:%Y-%m-%dT%H:%M}")

    assert row(session).due_at == later.replace(second=0, microsecond=0)
    assert "Will be sent:" in said(reader.get(sent.location))


def test_who_cannot_tell_asks_its_author(reader, asked, session):
    answer(reader, asked)
    values = {"state": OutgoingState.UNKNOWN, "due_at": None, "doubted_at": clock.now()}
    session.execute(update(Outgoing).values(**values))
    session.commit()

    page = reader.get(f"/inbox/{asked.thread_id}")
    assert "We cannot tell whether this left." in said(page)
    assert "It arrived" in said(page)
    assert "Send again" in said(page)
    reader.post(f"/outgoing/{row(session).id}/arrived")

    assert row(session).state == OutgoingState.SENT


def test_what_is_in_doubt_can_be_left_at_that(reader, asked, session):
    answer(reader, asked)
    values = {"state": OutgoingState.UNKNOWN, "due_at": None, "doubted_at": clock.now()}
    session.execute(update(Outgoing).values(**values))
    session.commit()
    assert "Leave it at that" in said(reader.get(f"/inbox/{asked.thread_id}"))

    page = reader.get(reader.post(f"/outgoing/{row(session).id}/drop").location)

    assert (row(session).state, row(session).due_at) == (OutgoingState.DROPPED, None)
    assert "It is not sent again." in said(page)
    assert "Send again" not in said(page)
    assert "We cannot tell" not in said(reader.get("/inbox?view=all"))
    again = reader.get(reader.post(f"/outgoing/{row(session).id}/drop").location)
    assert "This message is not in doubt any more." in said(again)


def test_what_began_a_thread_is_decided_of_there(reader, asked, session):
    answer(reader, asked)
    values = {"state": OutgoingState.UNKNOWN, "due_at": None, "doubted_at": clock.now()}
    where = {"message_id": asked.id, "in_reply_to_id": None}
    session.execute(update(Outgoing).values(**values, **where))
    session.commit()

    page = reader.get(f"/inbox/{asked.thread_id}")

    assert f"/outgoing/{row(session).id}/again" in page.text


def test_what_failed_says_why_and_can_be_tried_again(reader, asked, session):
    answer(reader, asked)
    values = {"state": "failed", "due_at": None, "trouble": "login", "said": "535 no"}
    session.execute(update(Outgoing).values(**values))
    session.commit()

    page = said(reader.get(f"/inbox/{asked.thread_id}"))
    assert "Not sent. The server for sending refuses the login." in page
    assert "535 no" in page
    reader.post(f"/outgoing/{row(session).id}/again")

    assert row(session).state == OutgoingState.WAITING


def test_what_failed_is_said_above_the_inbox_and_leads_to_its_thread(reader, asked, session):
    answer(reader, asked)
    assert "Not sent" not in said(reader.get("/inbox"))
    session.execute(update(Outgoing).values(state="failed", due_at=None, trouble="login"))
    session.commit()

    page = reader.get("/inbox?view=all")

    assert "Not sent: “Re: Label printers”" in said(page)
    notice = re.search(r'(?s)<div class="notice warn">.*?</div>', page.text)[0]
    assert f'href="/inbox/{asked.thread_id}"' in notice


def test_what_failed_and_stands_in_no_thread_is_decided_of_above_the_inbox(reader, asked, session):
    answer(reader, asked)
    values = {"state": "failed", "due_at": None, "in_reply_to_id": None}
    session.execute(update(Outgoing).values(**values))
    session.commit()
    page = reader.get("/inbox?view=all").text
    assert f"/outgoing/{row(session).id}/again" in page

    done = reader.post(f"/outgoing/{row(session).id}/undo")

    assert "Taken back. Nothing was sent." in said(reader.get(done.location))
    assert "Not sent" not in said(reader.get("/inbox?view=all"))


def test_what_failed_can_be_written_anew(reader, asked, session):
    answer(reader, asked, to="jana@severka.test, nobody@severka.test")
    session.execute(update(Outgoing).values(state="failed", due_at=None, trouble="recipients"))
    session.commit()
    assert "Change it" in said(reader.get(f"/inbox/{asked.thread_id}"))

    back = reader.post(f"/outgoing/{row(session).id}/undo")

    assert form(reader.get(back.location))["to"] == "jana@severka.test, nobody@severka.test"
    assert row(session).state == OutgoingState.CANCELLED


def test_who_writes_a_message_anew_is_told_that_it_goes_from_elsewhere(
    reader, asked, session, mailbox, ana
):
    answer(reader, asked)
    session.execute(update(Outgoing).values(state="failed", due_at=None, trouble="login"))
    other = make.mailbox(session, ana, "other@halden.test")
    session.commit()
    words = "It was to go from another address, which sends no more."
    back = reader.post(f"/outgoing/{row(session).id}/undo").location
    assert words not in said(reader.get(back))

    mailbox.state = MailboxState.DISCONNECTED
    session.commit()

    page = reader.get(back)
    assert words in said(page)
    assert f'<option value="{other.id}" selected>other@halden.test' in page.text
    assert words not in said(opened(reader, asked))


def test_undoing_a_second_try_says_that_the_first_is_in_doubt(reader, asked, session):
    answer(reader, asked)
    session.execute(update(Outgoing).values(doubted_at=clock.now()))
    session.commit()

    page = reader.get(reader.post(f"/outgoing/{row(session).id}/undo").location)

    assert "We still cannot tell whether it left the first time." in said(page)
    assert row(session).state == OutgoingState.UNKNOWN


@pytest.mark.parametrize(
    ("trouble", "words", "button"),
    [
        ("scope_missing", "The consent for this mailbox is for reading alone.", "Allow sending"),
        ("consent", "Google’s consent for this mailbox has ended.", "Connect again"),
    ],
)
def test_a_consent_in_the_way_is_named_with_the_click_that_mends_it(
    reader, asked, session, mailbox, trouble, words, button
):
    answer(reader, asked)
    mailbox.kind, mailbox.place = "gmail", {"grant": "consent", "scopes": []}
    values = {"state": "failed", "due_at": None, "trouble": trouble}
    session.execute(update(Outgoing).values(**values))
    session.commit()

    page = reader.get(f"/inbox/{asked.thread_id}")

    assert f"Not sent. {words}" in said(page)
    assert button in said(page)
    assert f'href="/mailboxes/gmail/{mailbox.id}"' in page.text
    assert f"/outgoing/{row(session).id}/again" in page.text


def test_what_an_admin_keeps_from_leaving_waits_and_says_what_to_do(reader, asked, session):
    answer(reader, asked)
    values = {"tries": 1, "trouble": "not_admitted", "said": "They allow it in the Admin console."}
    session.execute(update(Outgoing).values(**values, due_at=clock.now() + timedelta(hours=1)))
    session.commit()

    page = said(reader.get(f"/inbox/{asked.thread_id}"))

    assert "an admin’s setting keeps it out. It is tried again by itself:" in page
    assert "They allow it in the Admin console." in page
    assert "does not take" not in page


def test_nobody_decides_about_anothers_message(reader, asked, session, workspace, app):
    answer(reader, asked)
    made = row(session).id
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    other = Visitor(app).be(bo)

    answers = [other.post(f"/outgoing/{made}/{verb}") for verb in DECISIONS]

    assert {one.status_code for one in answers} == {404}
    assert row(session).state == OutgoingState.WAITING


def test_who_may_not_send_sees_no_way_to(session, workspace, app, asked):
    bo = make.user(session, workspace, "bo@halden.test")
    box = make.mailbox(session, bo)
    bo.role = "reader"
    make.filed(session, box, make.raw(to="bo@halden.test", message_id="two@severka.test"))
    session.commit()
    found = session.scalars(select(Message).where(Message.rfc_id == "two@severka.test")).one()
    other = Visitor(app).be(bo)

    assert "reply=" not in other.get(f"/inbox/{found.thread_id}").text
    fields = {"from": str(box.id), "to": "jana@severka.test", "text": "Hello"}
    assert other.post(f"/messages/{found.id}/reply", fields).status_code == 403
    assert session.scalars(select(Outgoing)).all() == []


def test_nobody_sends_from_anothers_mailbox(reader, asked, session, workspace):
    bo = make.user(session, workspace, "bo@halden.test")
    box = make.mailbox(session, bo)
    session.commit()

    assert answer(reader, asked, **{"from": str(box.id)}).status_code == 422
    assert session.scalars(select(Outgoing)).all() == []


def test_a_mailbox_that_was_disconnected_meanwhile_costs_nobody_their_words(
    reader, asked, session, mailbox, ana
):
    page = opened(reader, asked)
    fields = form(page) | {"text": "It took me an hour.", "from": str(mailbox.id)}
    mailbox.state = MailboxState.DISCONNECTED
    other = make.mailbox(session, ana, "other@halden.test")
    session.commit()

    refused = reader.post(f"/messages/{asked.id}/reply", fields)

    assert refused.status_code == 422
    assert "Choose a mailbox to send from. Nothing was sent." in said(refused)
    assert form(refused)["text"] == "It took me an hour."
    again = reader.post(f"/messages/{asked.id}/reply", form(refused) | {"from": str(other.id)})
    assert again.status_code == 303


def test_an_alias_that_was_written_to_answers_and_is_not_answered(
    reader, asked, session, mailbox, take_in
):
    mailbox.place = mailbox.place | {"aliases": ["ana@halden.test", "sales@halden.test"]}
    session.commit()
    [message_id] = take_in(
        make.raw(to="sales@halden.test", subject="Price", message_id="two@severka.test")
    )
    message = session.scalars(select(Message).where(Message.id == message_id)).one()

    page = opened(reader, message, "&everybody=1")
    assert f'value="{mailbox.id} sales@halden.test" selected' in page.text
    assert "sales@halden.test" not in form(page)["to"] + form(page)["cc"]
    chosen = {"from": f"{mailbox.id} sales@halden.test"}
    assert answer(reader, message, **chosen).status_code == 303

    made = row(session)
    assert drafts.of(session, made, mailbox).author.email == "sales@halden.test"
    assert [p["email"] for p in made.recipients if p["role"] == "to"] == ["jana@severka.test"]
    back = reader.post(f"/outgoing/{made.id}/undo")
    assert f'value="{mailbox.id} sales@halden.test" selected' in reader.get(back.location).text


def test_what_was_sent_from_a_mailbox_that_is_disconnected_is_not_answered_to_oneself(
    reader, session, mailbox, ana, take_in
):
    mailbox.place = mailbox.place | {"aliases": ["sales@halden.test"]}
    letter = make.raw("sales@halden.test", "jana@severka.test", message_id="own@halden.test")
    [message_id] = take_in(letter)
    mailbox.state = MailboxState.DISCONNECTED
    make.mailbox(session, ana, "other@halden.test")
    session.commit()
    message = session.scalars(select(Message).where(Message.id == message_id)).one()

    assert form(opened(reader, message))["to"] == "jana@severka.test"


def test_nobody_sends_under_an_address_that_is_not_theirs(reader, asked, session, mailbox):
    for other in ("boss@halden.test", "jana@severka.test"):
        refused = answer(reader, asked, **{"from": f"{mailbox.id} {other}"})
        assert refused.status_code == 422

    assert session.scalars(select(Outgoing)).all() == []


def test_there_is_nothing_behind_an_id_that_is_nobodys(reader, asked):
    assert reader.post(f"/outgoing/{uuid4()}/undo").status_code == 404
    assert reader.get(f"/inbox/{asked.thread_id}?reply={UUID(int=7)}").status_code == 404


@pytest.fixture
def filed(reader, asked, session, mailbox, ana) -> tuple[Outgoing, list[str]]:
    """Answer, with a place in the thread already; and the pages where it stands."""
    answer(reader, asked)
    made = row(session)
    letter = reading.read(compose(drafts.of(session, made, mailbox)))
    made.message_id = own.file(session, mailbox, made.id, letter, at=clock.now())
    jana = contacts.find_by_email(session, ana, "jana@severka.test")
    session.commit()
    return made, [f"/inbox/{asked.thread_id}", f"/contacts/{jana.id}"]


def test_what_is_in_doubt_is_marked_where_it_stands(reader, session, filed):
    made, pages = filed
    made.state, made.due_at = OutgoingState.UNKNOWN, None
    session.commit()

    for page in pages:
        assert "We cannot tell whether this left." in said(reader.get(page))

    reader.post(f"/outgoing/{made.id}/drop")
    for page in pages:
        assert "We cannot tell whether this left." in said(reader.get(page))

    session.execute(update(Outgoing).values(state=OutgoingState.UNKNOWN))
    session.commit()
    reader.post(f"/outgoing/{made.id}/arrived")
    for page in pages:
        assert "We cannot tell" not in said(reader.get(page))


def test_of_what_a_colleague_may_not_read_no_state_is_told(app, session, workspace, filed):
    made, pages = filed
    made.state = OutgoingState.FAILED
    session.execute(update(Message).values(shares=Shares.HAPPENED))
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    colleague = Visitor(app).be(bo)

    assert colleague.get(pages[1]).status_code == 200
    assert not any("Not sent" in colleague.get(page).text for page in pages)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (OutgoingState.WAITING, "Not sent yet."),
        (OutgoingState.FAILED, "Not sent."),
        (OutgoingState.UNKNOWN, "We cannot tell whether this left."),
        (OutgoingState.SENT, ""),
    ],
)
def test_a_colleague_is_told_of_what_has_not_left_and_decides_nothing(
    app, session, workspace, filed, state, words
):
    made, pages = filed
    made.state, made.due_at = state, None
    session.execute(update(Message).values(shares=Shares.EVERYTHING))
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()
    colleague = Visitor(app).be(bo)

    for page in pages:
        seen = said(colleague.get(page))
        assert not words or words in seen
        assert words or not any(one in seen for one in ("Not sent", "cannot tell"))
        assert f"/outgoing/{made.id}" not in colleague.get(page).text
