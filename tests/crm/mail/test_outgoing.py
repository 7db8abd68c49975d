"""What is to be sent is a row that its author may undo, and of which the author alone decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from crm.base.addresses import Address
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.mail import drafts, messages, outbox, outgoing, visibility
from crm.mail.draft import File
from crm.mail.models import Mailbox, OutgoingState
from tests import make
from tests.sync.sending import draft


@pytest.fixture
def box(session, ana) -> Mailbox:
    return make.mailbox(session, ana)


def write(session, box, ana, **more):
    return outgoing.write(session, box, draft(), by=ana, at=make.NOW, **more)


def test_what_is_written_waits_with_an_id_of_its_own(session, box, ana):
    one, two = write(session, box, ana), write(session, box, ana)

    assert (one.state, one.due_at, one.dated_at) == ("waiting", make.NOW, make.NOW)
    assert one.rfc_id.endswith("@halden.test")
    assert one.rfc_id != two.rfc_id


def test_everybody_is_named_once_however_often_they_were_written(session, box, ana):
    jana, petr = Address("jana@severka.test", "Jana"), Address("petr@severka.test")
    said = draft(to=(jana, jana), cc=(Address("jana@severka.test"), petr), bcc=(petr,))

    made = outgoing.write(session, box, said, by=ana, at=make.NOW)

    assert [(p["role"], p["email"], p["name"]) for p in made.recipients] == [
        ("to", "jana@severka.test", "Jana"),
        ("cc", "petr@severka.test", ""),
    ]


def test_no_file_looks_like_one_of_another_kind(session, box, ana):
    said = draft(files=(File("offer\u202efdp.exe", "application/pdf", b"x"),))

    made = outgoing.write(session, box, said, by=ana, at=make.NOW)

    assert [one.filename for one in drafts.files(session, made)] == ["offerfdp.exe"]


def test_an_answer_names_its_thread(session, box, ana):
    first = make.raw(message_id="first@severka.test")
    second = make.raw(
        message_id="second@severka.test",
        at=make.NOW + timedelta(hours=1),
        In_Reply_To="<first@severka.test>",
    )
    make.filed(session, box, first, second)
    viewer = visibility.viewer(session, ana)
    [seen] = messages.named(session, viewer, "second@severka.test")

    made = write(session, box, ana, answers=seen)

    assert made.references == ["first@severka.test", "second@severka.test"]


def test_what_nobody_could_send_is_not_written(session, box, ana):
    with pytest.raises(InvalidError):
        outgoing.write(session, box, replace(draft(), to=()), by=ana, at=make.NOW)


def test_what_is_to_be_sent_at_a_time_that_is_over_is_sent_now(session, box, ana):
    made = write(session, box, ana, due_at=make.NOW - timedelta(hours=2))

    assert made.due_at == make.NOW
    held = outbox.claim(session, made.workspace_id, made.id, at=make.NOW)
    assert held.state == OutgoingState.WAITING


def test_nothing_is_written_for_the_year_after_next(session, box, ana):
    with pytest.raises(InvalidError, match=r"within a year\. Nothing was sent\."):
        write(session, box, ana, due_at=make.NOW + timedelta(days=400))


def test_a_form_that_comes_twice_is_one_message(session, box, ana):
    once = partial(outgoing.write_once, session, box, form=uuid4(), by=ana, at=make.NOW)

    assert once(draft()) is once(draft())


def test_a_form_that_comes_again_with_other_words_is_another_message(session, box, ana):
    once = partial(outgoing.write_once, session, box, form=uuid4(), by=ana, at=make.NOW)

    made = {
        once(draft("120 each.")).id,
        once(draft("130 each.")).id,
        once(draft("130 each.", cc=(Address("petr@severka.test"),))).id,
        once(draft("130 each.", files=(File("a", "b/c", b"1"),))).id,
        once(draft("130 each.", files=(File("a", "b/c", b"2"),))).id,
        once(draft("130 each."), due_at=make.NOW + timedelta(days=1)).id,
    }

    assert len(made) == 6


def test_a_form_that_comes_again_after_undo_is_written_again_once(session, box, ana):
    once = partial(outgoing.write_once, session, box, form=uuid4(), by=ana, at=make.NOW)
    first = once(draft())
    outgoing.cancel(session, first, by=ana, at=make.NOW)

    second = once(draft())

    assert second is not first
    assert second.state == "waiting"
    assert once(draft()) is second


def test_what_waits_can_be_undone_and_nothing_else(session, box, ana):
    made = write(session, box, ana)

    outgoing.cancel(session, made, by=ana, at=make.NOW)

    assert (made.state, made.due_at) == ("cancelled", None)
    with pytest.raises(ConflictError):
        outgoing.cancel(session, made, by=ana, at=make.NOW)


def test_what_failed_can_be_taken_back(session, box, ana):
    made = write(session, box, ana)
    made.state, made.due_at = OutgoingState.FAILED, None
    session.flush()

    outgoing.cancel(session, made, by=ana, at=make.NOW)

    assert made.state == "cancelled"


@pytest.mark.parametrize("state", [OutgoingState.WAITING, OutgoingState.FAILED])
def test_what_was_begun_of_it_is_to_be_taken_away_once_it_is_taken_back(session, box, ana, state):
    made = write(session, box, ana)
    made.state, made.due_at, made.remote, made.tries = state, None, {"draft": "r-1"}, 27
    session.flush()

    outgoing.cancel(session, made, by=ana, at=make.NOW)

    assert (made.state, made.due_at, made.tries) == ("cancelled", make.NOW, 0)


def test_what_was_begun_in_a_doubt_is_in_doubt_when_it_is_taken_back(session, box, ana):
    made = write(session, box, ana)
    made.remote = {"draft": "r-1", "doubted": True}
    session.flush()

    outgoing.cancel(session, made, by=ana, at=make.NOW)
    assert (made.state, made.due_at) == ("unknown", None)

    outgoing.drop(session, made, by=ana, at=make.NOW)
    assert (made.state, made.due_at) == ("dropped", make.NOW)


def test_undoing_a_second_try_makes_nothing_certain_of_the_first(session, box, ana):
    made = write(session, box, ana)
    made.state, made.due_at, made.doubted_at = OutgoingState.UNKNOWN, None, make.NOW
    session.flush()
    outgoing.send_again(session, made, by=ana, at=make.NOW)

    outgoing.cancel(session, made, by=ana, at=make.NOW)

    assert (made.state, made.due_at) == ("unknown", None)


def test_what_was_left_at_a_doubt_is_written_anew_by_the_same_form(session, box, ana):
    once = partial(outgoing.write_once, session, box, form=uuid4(), by=ana, at=make.NOW)
    first = once(draft())
    first.state, first.due_at = OutgoingState.UNKNOWN, None
    session.flush()
    outgoing.drop(session, first, by=ana, at=make.NOW)

    assert once(draft()).state == "waiting"


@pytest.mark.parametrize("state", [OutgoingState.SENDING, OutgoingState.SENT])
def test_nobody_sends_again_what_is_on_its_way_or_has_left(session, box, ana, state):
    made = write(session, box, ana)
    made.state = state
    session.flush()

    with pytest.raises(ConflictError):
        outgoing.send_again(session, made, by=ana, at=make.NOW)
    with pytest.raises(ConflictError):
        outgoing.arrived(session, made, by=ana, at=make.NOW)
    with pytest.raises(ConflictError):
        outgoing.drop(session, made, by=ana, at=make.NOW)
    assert made.state == state


@pytest.mark.parametrize(
    ("verb", "state"), [(outgoing.arrived, "sent"), (outgoing.send_again, "waiting")]
)
def test_its_author_decides_what_nobody_can_tell(session, box, ana, verb, state):
    made = write(session, box, ana)
    made.state, made.due_at = OutgoingState.UNKNOWN, None
    session.flush()

    verb(session, made, by=ana, at=make.NOW)

    assert (made.state, made.due_at, made.epoch) == (state, make.NOW, 1)


def test_nobody_else_decides(session, box, ana, workspace):
    made = write(session, box, ana)
    bo = make.user(session, workspace, "bo@halden.test", role="admin")

    with pytest.raises(NotFoundError):
        outgoing.get(session, bo, made.id)
    with pytest.raises(ForbiddenError):
        outgoing.cancel(session, made, by=bo, at=make.NOW)
    with pytest.raises(ForbiddenError):
        outgoing.drop(session, made, by=bo, at=make.NOW)
