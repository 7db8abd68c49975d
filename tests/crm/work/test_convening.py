"""How a meeting stands after letters about it, in whichever order they are met."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from crm.base import ids
from crm.mail.meaning import Answer, Attendee, Method, Named
from crm.work.convening import HEARD_OF, Said, Unheard, hear, stand, unheard, uninvited
from tests import make

ANA, JANA, SAM = "ana@halden.test", "jana@severka.test", "sam@halden.test"
START = make.NOW + timedelta(days=4)


def said(author, hours=0):
    return Said(author, ids.new(), make.NOW + timedelta(hours=hours))


def answers(standing):
    return {seat.who.email: seat.answer for seat in standing.seats.values()}


def reply(email, answer, **values):
    return make.meeting(
        method=Method.REPLY, attendees=[Attendee(Named("", email), answer)], **values
    )


def told(*letters):
    return stand(letters)


def test_a_request_makes_a_meeting():
    standing = told((make.meeting(), said(JANA)))

    assert (standing.summary, standing.place, standing.at) == ("Offer review", "Room 2", START)
    assert answers(standing) == {ANA: Answer.NONE}


def test_a_higher_sequence_moves_it_and_an_answer_to_the_old_time_holds_no_more():
    later = START + timedelta(days=1)

    standing = told(
        (make.meeting(), said(JANA)),
        (reply(ANA, Answer.ACCEPTED), said(ANA, 1)),
        (make.meeting(sequence=1, starts_at=later), said(JANA, 2)),
    )

    assert (standing.starts_at, standing.moved_from) == (later, START)
    assert answers(standing) == {ANA: Answer.NONE}


def test_an_answer_holds_where_only_the_room_is_another():
    standing = told(
        (make.meeting(), said(JANA)),
        (reply(ANA, Answer.ACCEPTED), said(ANA, 1)),
        (make.meeting(sequence=1, place="Room 3"), said(JANA, 2)),
    )

    assert (standing.place, standing.moved_from) == ("Room 3", None)
    assert answers(standing) == {ANA: Answer.ACCEPTED}


def test_what_is_older_changes_nothing():
    newest = told((make.meeting(sequence=2, place="Room 3"), said(JANA, 2)))

    for sequence, hours in ((1, 3), (2, 1), (2, 2)):
        assert hear(newest, make.meeting(sequence=sequence), said(JANA, hours)) is newest


def test_the_same_sequence_in_a_later_letter_holds():
    standing = told((make.meeting(), said(JANA)), (make.meeting(place="Room 3"), said(JANA, 1)))

    assert standing.place == "Room 3"


@pytest.mark.parametrize("author", ["mallory@evil.test", ANA, ""])
def test_only_whoever_invited_changes_a_meeting(author):
    before = told((make.meeting(), said(JANA)))

    changed = make.meeting(sequence=9, place="Elsewhere", organizer=author or JANA)

    assert hear(before, changed, said(author, 1)) is before


def test_whoever_passes_an_invitation_on_may_not_change_it():
    passed_on = told((make.meeting(), said("assistant@severka.test")))
    changed = make.meeting(sequence=1, place="Room 3")

    assert hear(passed_on, changed, said("assistant@severka.test", 1)) is passed_on
    assert hear(passed_on, changed, said(JANA, 1)).place == "Room 3"


def test_the_organizers_own_word_stands_above_what_was_passed_on():
    rewritten = told((make.meeting(sequence=9, place="Elsewhere"), said("mallory@evil.test", 1)))

    asked = hear(rewritten, make.meeting(), said(JANA))
    off = hear(rewritten, make.meeting(method=Method.CANCEL), said(JANA, 2))

    assert (asked.place, asked.sequence) == ("Room 2", 0)
    assert off.cancelled_at == make.NOW + timedelta(hours=2)
    assert hear(off, make.meeting(), said(JANA)) is off


@pytest.mark.parametrize("organizer", ["", "c_1@group.calendar.google.com"])
def test_where_nobody_stands_behind_the_organizer_whoever_told_of_it_changes_it(organizer):
    asked = told((make.meeting(organizer=organizer), said(JANA)))
    moved = make.meeting(organizer=organizer, sequence=1, place="Room 3")

    assert hear(asked, moved, said(JANA, 1)).place == "Room 3"
    assert hear(asked, moved, said("mallory@evil.test", 1)) is asked


@pytest.mark.parametrize("author", [SAM, ""])
def test_whose_answers_an_invitation_tells_is_believed_of_its_organizer_alone(author):
    """A stranger in their name, and who passes it on, has not heard anybody accept."""
    seats = [Attendee(Named("", email), Answer.ACCEPTED) for email in (ANA, SAM)]
    invitation = make.meeting(attendees=seats)

    by_the_organizer = told((invitation, said(JANA)))
    by_another = told((invitation, said(author)))

    assert answers(by_the_organizer) == {ANA: Answer.ACCEPTED, SAM: Answer.ACCEPTED}
    own = Answer.ACCEPTED if author else Answer.NONE
    assert answers(by_another) == {ANA: Answer.NONE, SAM: own}


@pytest.mark.parametrize("organizer", [None, Named("", "x@group.calendar.google.com")])
def test_who_invites_in_nobodys_name_tells_no_answers_and_changes_none(organizer):
    own = (reply(ANA, Answer.DECLINED), said(ANA))
    seats = [Attendee(Named("", email), Answer.ACCEPTED) for email in (ANA, SAM)]
    invitation = replace(make.meeting(attendees=seats), organizer=organizer)
    forged = (invitation, said("mallory@evil.test", 1))

    assert answers(told(forged)) == {ANA: Answer.NONE, SAM: Answer.NONE}
    assert answers(told(own, forged)) == {ANA: Answer.DECLINED, SAM: Answer.NONE}


def test_an_answer_is_its_authors_alone():
    before = told((make.meeting(), said(JANA)))

    assert hear(before, reply(ANA, Answer.ACCEPTED), said("mallory@evil.test", 1)) is before
    assert hear(before, reply(ANA, Answer.ACCEPTED), said("", 1)) is before
    crasher = reply("mallory@evil.test", Answer.ACCEPTED)
    assert hear(before, crasher, said("mallory@evil.test", 1)) is before


def test_the_newest_answer_holds():
    invited = (make.meeting(), said(JANA))
    first = (reply(ANA, Answer.TENTATIVE), said(ANA, 1))
    second = (reply(ANA, Answer.ACCEPTED), said(ANA, 2))

    for order in permutations([invited, first, second]):
        assert answers(told(*order)) == {ANA: Answer.ACCEPTED}


def test_an_answer_alone_makes_a_meeting_that_its_invitation_completes():
    heard = told((reply(ANA, Answer.ACCEPTED, summary="Re"), said(ANA, 1)))

    assert heard.sequence == HEARD_OF
    assert answers(hear(heard, make.meeting(), said(JANA))) == {ANA: Answer.ACCEPTED}
    assert hear(heard, make.meeting(), said(JANA)).summary == "Offer review"


def test_answers_to_what_nobody_has_seen_are_kept_to_as_many_as_an_invitation_names():
    crowd = [f"{i}@halden.test" for i in range(205)]

    standing = told(*((reply(one, Answer.ACCEPTED), said(one)) for one in crowd))

    assert len(standing.seats) == 200
    changed = hear(standing, reply(crowd[0], Answer.DECLINED), said(crowd[0], 1))
    assert answers(changed)[crowd[0]] == Answer.DECLINED


@pytest.mark.parametrize("first", [True, False])
def test_the_organizer_calls_it_off_in_whichever_order(first):
    asked = (make.meeting(), said(JANA))
    off = (make.meeting(method=Method.CANCEL, sequence=1), said(JANA, 1))

    standing = told(*([off, asked] if first else [asked, off]))

    assert standing.cancelled_at == make.NOW + timedelta(hours=1)


@pytest.mark.parametrize("author", ["mallory@evil.test", ANA, ""])
def test_nobody_else_calls_it_off(author):
    before = told((make.meeting(), said(JANA)))
    off = make.meeting(method=Method.CANCEL, sequence=9, organizer="mallory@evil.test")

    assert hear(before, off, said(author, 1)) is before


def test_a_meeting_that_nobody_knows_is_called_off_by_its_organizer_alone():
    off = make.meeting(method=Method.CANCEL)

    assert hear(None, off, said("mallory@evil.test")) is None
    assert hear(None, off, said(JANA)).cancelled_at == make.NOW


BOTH = (Attendee(Named("", ANA)), Attendee(Named("", SAM)), Attendee(Named("", JANA)))


@pytest.mark.parametrize("first", [True, False])
def test_who_is_no_more_invited_goes_and_the_meeting_stays(first):
    asked = (make.meeting(attendees=BOTH), said(JANA))
    goes = make.meeting(method=Method.CANCEL, sequence=1, attendees=BOTH[1:2])

    standing = told(*([(goes, said(JANA, 1)), asked] if first else [asked, (goes, said(JANA, 1))]))

    assert standing.cancelled_at is None
    assert set(answers(standing)) == {ANA, JANA}


@pytest.mark.parametrize("left", [(), BOTH, BOTH[:2], BOTH[2:]])
@pytest.mark.parametrize("cancelled", [True, False])
def test_it_is_off_when_everybody_is_told_so_or_nobody_is_named(left, cancelled):
    off = make.meeting(method=Method.CANCEL, sequence=1, attendees=left, cancelled=cancelled)

    standing = told((make.meeting(attendees=BOTH), said(JANA)), (off, said(JANA, 1)))

    assert standing.cancelled_at == make.NOW + timedelta(hours=1)


@pytest.mark.parametrize("gone", [BOTH[:1], (BOTH[0], BOTH[2]), (Attendee(Named("", "x@y.test")),)])
def test_a_status_calls_it_off_for_nobody_but_those_who_are_named(gone):
    off = make.meeting(method=Method.CANCEL, sequence=1, attendees=gone, cancelled=True)

    standing = told((make.meeting(attendees=BOTH), said(JANA)), (off, said(JANA, 1)))

    assert standing.cancelled_at is None
    assert SAM in answers(standing)
    assert (ANA in answers(standing)) is (gone[0].who.email != ANA)


def test_who_hears_first_that_they_are_no_more_invited_learns_that_the_others_are():
    off = make.meeting(method=Method.CANCEL, sequence=1, attendees=BOTH[:1], cancelled=True)
    again = make.meeting(sequence=1, attendees=BOTH[1:])

    standing = told((off, said(JANA, 1)), (again, said(JANA, 1)))

    assert (standing.cancelled_at, set(answers(standing))) == (None, {SAM, JANA})


def test_whoever_else_is_invited_later_is_told_of_what_is_on():
    goes = make.meeting(method=Method.CANCEL, attendees=BOTH[1:2])
    unknown = told((goes, said(JANA)))
    assert unknown.cancelled_at == make.NOW
    assert hear(unknown, reply(ANA, Answer.ACCEPTED), said(ANA, 1)) == unknown

    again = hear(unknown, make.meeting(attendees=BOTH), said(JANA, 1))

    assert (again.cancelled_at, set(answers(again))) == (None, {ANA, SAM, JANA})


def test_an_invitation_after_that_brings_it_back():
    standing = told(
        (make.meeting(), said(JANA)),
        (make.meeting(method=Method.CANCEL, sequence=1), said(JANA, 1)),
        (make.meeting(sequence=2), said(JANA, 2)),
    )

    assert standing.cancelled_at is None


def test_a_counter_proposal_changes_nothing():
    before = told((make.meeting(), said(JANA)))
    counter = make.meeting(method=Method.COUNTER, sequence=9, starts_at=START + timedelta(days=9))

    assert hear(before, counter, said(ANA, 1)) is before
    assert hear(None, counter, said(ANA, 1)) is None


def test_whoever_is_told_so_is_named_while_they_are_not_invited_again():
    asked = (make.meeting(attendees=BOTH), said(JANA))
    goes, by = make.meeting(method=Method.CANCEL, sequence=1, attendees=BOTH[1:]), said(JANA, 1)
    again = (make.meeting(sequence=2, attendees=BOTH), said(JANA, 2))
    off = (make.meeting(method=Method.CANCEL, sequence=3, attendees=()), said(JANA, 3))

    assert uninvited(told(asked, (goes, by)), goes, by) == (Named("", SAM),)
    assert uninvited(told(asked, (goes, by), again), goes, by) == ()
    assert uninvited(told(asked, (goes, by), off), goes, by) == ()
    forged = said("mallory@evil.test", 1)
    assert uninvited(told(asked, (goes, forged)), goes, forged) == ()
    assert uninvited(told(asked), asked[0], asked[1]) == ()


OFF = make.meeting(method=Method.CANCEL, sequence=9)


@pytest.mark.parametrize(
    ("author", "why"),
    [("mallory@evil.test", Unheard.ANOTHERS), ("", Unheard.IN_DOUBT), (JANA, None)],
)
def test_what_calls_a_meeting_off_and_is_not_believed_has_a_reason(author, why):
    by = said(author, 1)
    standing = told((make.meeting(), said(JANA)), (OFF, by))

    assert unheard(standing, OFF, by) is why
    assert unheard(None, OFF, by) is why


@pytest.mark.parametrize(
    ("author", "why"),
    [("mallory@evil.test", Unheard.ANOTHERS), ("", Unheard.IN_DOUBT), (JANA, None)],
)
def test_what_tells_of_another_time_and_is_not_believed_has_a_reason(author, why):
    by, moved = said(author, 1), make.meeting(sequence=9, starts_at=START + timedelta(days=1))

    assert unheard(told((make.meeting(), said(JANA)), (moved, by)), moved, by) is why


def test_an_invitation_that_is_passed_on_or_outdated_is_nothing_to_be_warned_of():
    standing = told(
        (make.meeting(), said(JANA)), (make.meeting(sequence=1, place="Room 3"), said(JANA, 2))
    )

    for meeting, by in (
        (make.meeting(summary="FW: Review", place="Room 3"), said("mallory@evil.test", 3)),
        (make.meeting(), said("mallory@evil.test", 1)),
        (make.meeting(), said(JANA)),
        (reply(ANA, Answer.ACCEPTED), said("")),
    ):
        assert unheard(standing, meeting, by) is None


def test_of_a_letter_whose_head_alone_is_read_nobody_is_shown_the_answers():
    attendees = [Attendee(Named("", ANA), Answer.ACCEPTED)]
    head = replace(said(JANA), whole=False)

    assert answers(told((make.meeting(attendees=attendees), head))) == {ANA: Answer.NONE}


@pytest.mark.parametrize("starts_at", [None, make.NOW + timedelta(days=40_000)])
def test_a_time_that_cannot_be_true_is_that_of_the_letter(starts_at):
    assert told((make.meeting(starts_at=starts_at), said(JANA))).at == make.NOW


def test_addresses_are_compared_whatever_their_case():
    asked = make.meeting(attendees=[Attendee(Named("Ana", "Ana@Halden.TEST"))])

    standing = told((asked, said(JANA)), (reply(ANA, Answer.DECLINED), said(ANA, 1)))

    assert answers(standing) == {ANA: Answer.DECLINED}


@pytest.mark.parametrize("sequence", [-7, 10**30])
def test_a_number_that_nobody_reaches_stays_within_bounds(sequence):
    standing = told((make.meeting(sequence=sequence), said(JANA)))

    assert 0 <= standing.sequence < 2**31
    assert hear(standing, make.meeting(sequence=sequence), said(JANA, -1)) is standing


def test_an_answer_of_which_the_head_alone_may_be_read_tells_nothing():
    head = replace(said(ANA, 1), whole=False)
    no = reply(ANA, Answer.DECLINED)

    assert told((no, head)) is None
    assert answers(told((make.meeting(), said(JANA)), (no, head))) == {ANA: Answer.NONE}
    assert answers(told((reply(SAM, Answer.ACCEPTED), said(SAM)), (no, head))) == {
        SAM: Answer.ACCEPTED
    }


def test_an_invitation_of_which_the_head_alone_may_be_read_tells_no_answer_in_it():
    guests = [Attendee(Named("", ANA), Answer.ACCEPTED), Attendee(Named("", SAM))]
    head = replace(said(JANA), whole=False)

    standing = told((make.meeting(attendees=guests), head))

    assert answers(standing) == {ANA: Answer.NONE, SAM: Answer.NONE}
    assert not standing.said.whole


def test_a_letter_of_which_the_head_alone_may_be_read_uninvites_nobody():
    guests = [Attendee(Named("", ANA)), Attendee(Named("", SAM))]
    gone = make.meeting(method=Method.CANCEL, sequence=1, attendees=guests[:1])

    standing = told(
        (make.meeting(attendees=guests), said(JANA)),
        (gone, replace(said(JANA, 1), whole=False)),
    )

    assert answers(standing) == {ANA: Answer.NONE, SAM: Answer.NONE}
    assert standing.cancelled_at is None


def test_whoever_has_no_address_is_uninvited_by_name():
    guests = [Attendee(Named("Eva", "")), Attendee(Named("Room 2", "")), Attendee(Named("", ANA))]
    gone = make.meeting(method=Method.CANCEL, sequence=1, attendees=guests[:1]), said(JANA, 1)

    standing = told((make.meeting(attendees=guests), said(JANA)), gone)

    assert [seat.who for seat in standing.seats.values()] == [guests[1].who, guests[2].who]
    assert uninvited(standing, *gone) == (guests[0].who,)
