"""What we have sent stands in its thread at once, and its copy is the same message."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from crm.base.addresses import Address
from crm.filing import own
from crm.mail import copies, drafts, messages, outgoing, visibility
from crm.mail.models import Copy, Message, OutgoingState
from crm.people import contacts
from crm.work import timeline
from sync import reading
from sync.writing import compose
from tests import make
from tests.sync.sending import draft


def file(session, box, written, outgoing_id=None):
    letter = own.told(reading.read(compose(written)), written)
    return own.file(session, box, outgoing_id or uuid4(), letter, at=make.NOW)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_it_stands_in_its_thread_before_its_copy_and_counts_nowhere(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    make.filed(session, box, make.raw(message_id="first@severka.test"))

    message_id = file(session, box, draft(references=("first@severka.test",)))

    viewer = visibility.viewer(session, ana)
    seen = messages.get(session, viewer, message_id)
    [first] = messages.named(session, viewer, "first@severka.test")
    assert seen.message.thread_id == first.message.thread_id
    sent = next(line for line in copies.ledger(session, box) if line.folder.name == "Sent")
    assert (sent.stored, sent.failed, sent.skipped) == (0, 0, {})
    assert messages.stored_copy(session, viewer, message_id) is None


def test_its_copy_is_the_same_message_and_nothing_stands_in_any_more(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    written = draft("Žádost", subject="Nabídka č. 5")
    message_id = file(session, box, written)

    filed = make.filed(session, box, compose(written), folder_name="Sent")

    assert filed.new == []
    assert count(session, Message) == 1
    [copy] = session.scalars(select(Copy)).all()
    assert (copy.message_id, copy.differs, copy.uidvalidity) == (message_id, False, 1)


def test_where_the_copy_was_quicker_nothing_stands_in(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    [message_id] = make.filed(session, box, compose(draft()), folder_name="Sent").new

    assert file(session, box, draft()) == message_id
    assert count(session, Copy) == 1


def test_filing_it_twice_is_filing_it_once(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box)

    assert file(session, box, draft()) == file(session, box, draft())
    assert count(session, Message) == count(session, Copy) == 1


def test_it_makes_contacts_and_stands_on_their_timeline(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box)

    file(session, box, draft(bcc=(Address("boss@kovar.test"),)))

    viewer = visibility.viewer(session, ana)
    for email in ("jana@severka.test", "boss@kovar.test"):
        contact = contacts.find_by_email(session, ana, email)
        assert len(timeline.page(session, viewer, contact.id).entries) == 1


def test_without_a_folder_it_waits_for_its_copy(session, ana):
    box = make.mailbox(session, ana)

    assert file(session, box, draft()) is None
    assert count(session, Message) == 0


def renamed(written, message_id="server@mta.test"):
    return compose(written).replace(written.rfc_id.encode(), message_id.encode())


def test_a_copy_under_the_servers_own_id_is_the_same_message(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    message_id = file(session, box, written)
    made.message_id = message_id
    session.flush()

    filed = make.filed(session, box, renamed(written), folder_name="Sent")

    assert (filed.new, count(session, Message), count(session, Copy)) == ([], 1, 1)
    session.expire_all()
    assert made.sent_rfc_id == "server@mta.test"
    viewer = visibility.viewer(session, ana)
    [seen] = messages.named(session, viewer, "server@mta.test")
    assert seen.message.id == message_id
    for n, named in enumerate((written.rfc_id, "server@mta.test")):
        [answer] = make.filed(session, box, make.raw(In_Reply_To=f"<{named}>", text=f"{n}")).new
        found = messages.get(session, viewer, answer)
        assert found.message.thread_id == seen.message.thread_id


@pytest.mark.parametrize("renames", [True, False])
def test_a_copy_that_is_quicker_than_we_are_is_the_same_message(session, ana, renames):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    made.state = "unknown"
    session.flush()

    raw = renamed(written) if renames else compose(written)
    [message_id] = make.filed(session, box, raw, folder_name="Sent").new
    letter = own.told(reading.read(compose(written)), written)

    assert own.file(session, box, made.id, letter, at=make.NOW) == message_id
    session.expire_all()
    assert (made.state, made.message_id) == ("sent", message_id)
    assert made.sent_rfc_id == ("server@mta.test" if renames else "")
    assert (count(session, Message), count(session, Copy)) == (1, 1)


@pytest.mark.parametrize("changed", [b"Good evening.", b"Subject: Other"])
def test_another_letter_is_not_taken_for_what_is_being_sent(session, ana, changed):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    was = b"Good morning." if changed.startswith(b"Good") else b"Subject: Hello"

    make.filed(session, box, renamed(written).replace(was, changed), folder_name="Sent")

    session.expire_all()
    assert (made.message_id, made.sent_rfc_id) == (None, "")


def test_a_long_text_that_was_cut_is_recognised_under_the_servers_own_id_too(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana, draft("漢字" * 200_000))
    made.message_id = file(session, box, written)
    session.flush()

    filed = make.filed(session, box, renamed(written), folder_name="Sent")

    assert (filed.new, count(session, Message)) == ([], 1)


def test_what_lies_twice_under_the_servers_own_id_is_the_same_message(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    made.message_id = file(session, box, written)
    session.flush()

    filed = make.filed(session, box, renamed(written), renamed(written), folder_name="Sent")

    assert (filed.stored, filed.new, count(session, Message)) == (2, [], 1)
    assert set(session.scalars(select(Copy.message_id))) == {made.message_id}


def test_a_colleagues_copy_that_is_quicker_than_ours_is_the_same_message(session, ana, workspace):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    made.message_id = file(session, box, written)
    session.flush()
    user = make.user(session, workspace, "bo@halden.test")
    bo = make.mailbox(session, user)

    theirs = make.filed(session, bo, renamed(written))
    answers = make.filed(session, bo, make.raw(In_Reply_To="<server@mta.test>")).new
    ours = make.filed(session, box, renamed(written), folder_name="Sent")

    assert (theirs.new, ours.new, count(session, Message)) == ([], [], 2)
    session.expire_all()
    assert made.sent_rfc_id == "server@mta.test"
    for owner, of in ((ana, [made.message_id]), (user, [made.message_id, *answers])):
        viewer = visibility.viewer(session, owner)
        seen = {messages.get(session, viewer, one).message.thread_id for one in of}
        assert len(seen) == 1


def test_a_colleagues_copy_that_comes_before_ours_is_filed_is_the_same_message(
    session, ana, workspace
):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    user = make.user(session, workspace, "bo@halden.test")
    bo = make.mailbox(session, user)

    [theirs] = make.filed(session, bo, renamed(written)).new
    made.message_id = file(session, box, written)
    session.flush()
    copy = make.filed(session, box, renamed(written), folder_name="Sent")
    [answer] = make.filed(session, box, make.raw(In_Reply_To=f"<{written.rfc_id}>")).new

    assert (made.message_id, copy.new, count(session, Message)) == (theirs, [], 2)
    for owner in (ana, user):
        assert messages.get(session, visibility.viewer(session, owner), theirs)
    viewer = visibility.viewer(session, ana)
    threads = {messages.get(session, viewer, one).message.thread_id for one in (theirs, answer)}
    assert len(threads) == 1


def test_whom_it_went_to_blindly_is_known_where_a_colleagues_copy_was_quicker(
    session, ana, workspace
):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    user = make.user(session, workspace, "bo@halden.test")
    bo = make.mailbox(session, user)
    blind = draft(bcc=(Address("boss@kovar.test", "Boss"),))
    made, written = sent(session, box, ana, blind)

    make.filed(session, bo, renamed(written))
    for _ in range(2):  # A worker that was killed does it once more.
        made.message_id = file(session, box, written, made.id)
        session.flush()

    assert session.get_one(Message, (box.workspace_id, made.message_id)).unfiled == ""
    boss = contacts.find_by_email(session, ana, "boss@kovar.test")
    for owner, told in ((ana, 1), (user, 0)):
        viewer = visibility.viewer(session, owner)
        seen = messages.get(session, viewer, made.message_id)
        people = [p.email for p in messages.participants_of(session, viewer, seen)]
        assert people.count("boss@kovar.test") == told
        assert len(timeline.page(session, viewer, boss.id).entries) == told


@pytest.mark.parametrize("renames", [True, False])
def test_the_same_words_to_two_people_in_one_second_are_two_messages(session, ana, renames):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    to = ("jana@severka.test", "eva@kovář.test")
    both = [sent(session, box, ana, draft(to=(Address(one),))) for one in to]

    for n, (made, written) in enumerate(both):
        given = f"server{n}@mta.test" if renames else written.rfc_id
        made.message_id = file(session, box, dataclasses.replace(written, rfc_id=given))
        session.flush()
    copies_ = [renamed(written, f"server{n}@mta.test") for n, (_made, written) in enumerate(both)]
    filed = make.filed(session, box, *copies_, folder_name="Sent")

    assert (filed.new, count(session, Message)) == ([], 2)
    assert len({made.message_id for made, _written in both}) == 2


def test_what_is_being_sent_to_one_is_not_the_same_words_that_went_to_another(session, ana):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    to = ("jana@severka.test", "eva@kovář.test")
    (lost, _words), (went, written) = (
        sent(session, box, ana, draft(to=(Address(one),))) for one in to
    )
    lost.state = OutgoingState.UNKNOWN
    session.flush()

    make.filed(session, box, renamed(written), folder_name="Sent")

    session.expire_all()
    assert (lost.message_id, lost.state) == (None, OutgoingState.UNKNOWN)
    assert went.message_id is not None


def test_a_colleagues_letter_of_the_same_second_is_not_taken_for_ours(session, ana, workspace):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    bo = make.mailbox(session, make.user(session, workspace, "bo@halden.test"))

    make.filed(session, bo, renamed(written).replace(b"Good morning.", b"Good evening."))
    made.message_id = file(session, box, written)

    assert count(session, Message) == 2


@pytest.mark.parametrize("changed", [b"Good evening.", b"Subject: Other", b"<bo@"])
def test_a_colleagues_letter_that_says_something_else_is_another_one(
    session, ana, workspace, changed
):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    made.message_id = file(session, box, written)
    session.flush()
    bo = make.mailbox(session, make.user(session, workspace, "bo@halden.test"))
    raw = renamed(written)
    raw = {
        b"Good evening.": raw.replace(b"Good morning.", changed),
        b"Subject: Other": raw.replace(b"Subject: Hello", changed),
        b"<bo@": raw.replace(b"<ana@", changed),
    }[changed]
    assert raw != renamed(written)

    assert len(make.filed(session, bo, raw).new) == 1


def test_nobody_elses_letter_gives_what_we_sent_another_id(session, ana, workspace):
    box = make.mailbox(session, ana)
    make.folder(session, box, "Sent", "sent")
    made, written = sent(session, box, ana)
    made.message_id = file(session, box, written)
    session.flush()
    bo = make.mailbox(session, make.user(session, workspace, "bo@halden.test"))

    make.filed(session, bo, renamed(written))
    changed = renamed(written, "other@mta.test").replace(b"Good morning.", b"Good evening.")
    make.filed(session, box, changed, folder_name="Sent")

    session.expire_all()
    assert made.sent_rfc_id == ""
    assert count(session, Message) == 2


def sent(session, box, ana, written=None):
    made = outgoing.write(session, box, written or draft(), by=ana, at=make.NOW)
    made.state = "sent"
    session.flush()
    return made, drafts.of(session, made, box)
