"""One worker has a message at a time, and who was believed dead changes nothing any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import bulk, clock
from crm.mail import outbox, outgoing
from crm.mail.models import OutgoingState, OutgoingTrouble
from tests import make
from tests.sync.sending import draft

SOON = make.NOW + timedelta(seconds=1)


@pytest.fixture
def made(session, ana):
    return outgoing.write(session, make.mailbox(session, ana), draft(), by=ana, at=make.NOW)


def claim(session, made, at=SOON):
    session.expire(made)
    return outbox.claim(session, made.workspace_id, made.id, at=at)


def give_up(session, made):
    bulk.run(session, "update outgoing set leased_until = now() - interval '1 second'", ())
    session.expire(made)


def test_one_worker_has_it_at_a_time(session, made):
    assert claim(session, made) is not None
    assert claim(session, made) is None


def test_what_is_not_due_is_left_alone(session, made):
    assert claim(session, made, at=make.NOW - timedelta(seconds=1)) is None


def test_what_is_found_in_sending_is_unknown(session, made):
    first = claim(session, made)
    assert outbox.leave(session, first)
    give_up(session, made)

    second = claim(session, made)

    assert (second.state, second.doubted_at) == (OutgoingState.UNKNOWN, SOON)


def test_who_slept_through_the_lease_sends_nothing(session, made):
    first = claim(session, made)
    give_up(session, made)
    claim(session, made)

    assert not outbox.leave(session, first)
    assert not outbox.renew(session, first)
    assert not outbox.note_failed(session, first, OutgoingTrouble.REFUSED, "no")


def test_a_commit_that_was_not_heard_of_is_said_again_and_nothing_is_in_doubt(session, made):
    held = claim(session, made)

    assert outbox.leave(session, held)
    assert outbox.leave(session, held)

    assert outbox.note_later(
        session, held, OutgoingTrouble.DEFERRED, "later", at=make.NOW, jitter=1.0
    )


def test_who_was_believed_dead_is_believed_where_nobody_can_tell(session, made):
    first = claim(session, made)
    outbox.leave(session, first)
    give_up(session, made)
    claim(session, made)

    assert outbox.note_sent(session, first, at=SOON)
    session.expire(made)
    assert made.state == "sent"


def test_who_was_believed_dead_is_believed_where_its_author_left_it_at_that(session, made, ana):
    first = claim(session, made)
    outbox.leave(session, first)
    give_up(session, made)
    claim(session, made)
    outgoing.drop(session, made, by=ana, at=SOON)

    assert outbox.note_sent(session, first, at=SOON)
    session.expire(made)
    assert made.state == "sent"


def test_who_was_believed_dead_does_not_overrule_its_author(session, made, ana):
    first = claim(session, made)
    outbox.leave(session, first)
    give_up(session, made)
    claim(session, made)
    outgoing.send_again(session, made, by=ana, at=SOON)

    assert not outbox.note_sent(session, first, at=SOON)
    session.expire(made)
    assert made.state == "waiting"


def test_it_is_tried_later_and_later_and_at_last_no_more(session, made):
    waits = []
    for _ in range(outbox.MOST_TRIES):
        held = claim(session, made, at=made.due_at + timedelta(seconds=1))
        words = (OutgoingTrouble.DEFERRED, "later")
        assert outbox.note_later(session, held, *words, at=make.NOW, jitter=1.0)
        session.expire(made)
        waits.append(made.due_at and made.due_at - make.NOW)

    assert waits[0] == timedelta(minutes=1)
    assert waits[1] == timedelta(minutes=2)
    assert max(filter(None, waits)) == timedelta(hours=1)
    assert (made.state, made.due_at) == ("failed", None)


def test_waits_are_spread():
    assert outbox.wait_after(0, 0.0) == timedelta(seconds=30)
    assert outbox.wait_after(0, 1.0) == timedelta(seconds=60)


def test_what_is_not_found_in_ten_minutes_is_asked_about(session, made):
    outbox.leave(session, claim(session, made))
    give_up(session, made)
    held = claim(session, made)
    outbox.note_looked(session, held, at=SOON + timedelta(seconds=5))
    session.expire(made)
    assert made.due_at == SOON + timedelta(seconds=5) + outbox.LOOKS

    held = claim(session, made, at=SOON + timedelta(minutes=11))
    outbox.note_looked(session, held, at=SOON + timedelta(minutes=11))

    session.expire(made)
    assert (made.state, made.due_at) == ("unknown", None)


def test_what_is_remembered_stays(session, made):
    held = claim(session, made)

    assert outbox.remember(session, held, {"draft": "r-7"})

    session.expire(made)
    assert made.remote == {"draft": "r-7"}


def test_what_never_left_waits_a_moment_and_its_doubt_lasts_until_its_author_decides(
    session, made, ana
):
    held = claim(session, made)
    outbox.remember(session, held, {"draft": "r-7"})
    outbox.leave(session, held)
    outbox.note_doubt(session, held, "lost", at=SOON)

    assert outbox.note_never_left(session, held, doubts=0, at=SOON, jitter=0.0)

    session.expire(made)
    assert (made.state, made.due_at) == ("waiting", SOON + outbox.LOOKS)
    assert made.remote == {"draft": "r-7", "doubted": True, "doubts": 1}
    made.state = OutgoingState.UNKNOWN
    session.flush()
    outgoing.send_again(session, made, by=ana, at=SOON)
    assert made.remote == {"draft": "r-7"}


def test_who_is_always_doubted_about_is_tried_more_rarely_and_in_the_end_its_author_is_told(
    session, made
):
    waits = []
    for doubts in range(outbox.MOST_TRIES):
        held = claim(session, made, at=SOON)
        outbox.leave(session, held)
        outbox.note_doubt(session, held, "lost", at=SOON)
        outbox.note_never_left(session, held, doubts=doubts, at=SOON, jitter=1.0)
        session.expire(made)
        waits.append(made.due_at - SOON if made.due_at else None)
        made.due_at = made.due_at and SOON
        session.flush()

    assert waits[:4] == [outbox.LOOKS, *(timedelta(minutes=2**n) for n in range(3))]
    assert waits[-3:] == [outbox.LONGEST_WAIT, outbox.LONGEST_WAIT, None]
    assert (made.state, made.trouble, made.said) == ("failed", "deferred", "lost")


def test_a_server_that_says_when_is_not_asked_before(session, made):
    held = claim(session, made)
    hours = timedelta(hours=5)

    outbox.note_later(session, held, OutgoingTrouble.QUOTA, "", at=SOON, jitter=0.0, least=hours)

    session.expire(made)
    assert made.due_at == SOON + hours


def test_an_id_that_its_copy_has_told_is_not_forgotten(session, made):
    held = claim(session, made)
    outbox.leave(session, held)
    made.sent_rfc_id = "given@mta.test"
    session.flush()

    outbox.note_sent(session, held, at=SOON)

    session.expire(made)
    assert (made.state, made.sent_rfc_id) == ("sent", "given@mta.test")


def test_what_should_have_left_long_ago_may_have_left_before_a_restore(session, made):
    assert claim(session, made, at=make.NOW + timedelta(minutes=59)).state == "waiting"
    give_up(session, made)

    assert claim(session, made, at=make.NOW + timedelta(minutes=61)).state == "unknown"


def test_who_does_not_come_back_is_counted_and_not_followed_for_ever(session, made):
    waits = []
    for _ in range(outbox.MOST_TRIES):
        at = made.due_at + timedelta(seconds=1)
        held = claim(session, made, at=at)
        assert held.state == OutgoingState.WAITING
        give_up(session, made)
        waits.append(made.due_at - at)

    assert waits[1:4] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert max(waits) == timedelta(hours=1)
    last = claim(session, made, at=made.due_at + timedelta(seconds=1))
    session.expire(made)
    assert (last.state, made.state, made.trouble, made.due_at) == (*["failed"] * 2, "fault", None)


def test_what_fell_once_and_dies_on_its_way_is_looked_for_at_once(session, made):
    now = made.due_at = clock.now()
    session.flush()
    claim(session, made, at=now)
    give_up(session, made)
    assert outbox.leave(session, claim(session, made, at=now))
    give_up(session, made)

    assert claim(session, made, at=clock.now()).state == OutgoingState.UNKNOWN


def test_what_is_unknown_is_not_looked_for_for_ever_by_who_breaks_down(session, made):
    outbox.leave(session, claim(session, made))
    give_up(session, made)
    claim(session, made)
    give_up(session, made)

    claim(session, made, at=SOON + timedelta(minutes=11))

    session.expire(made)
    assert (made.state, made.due_at) == ("unknown", None)
