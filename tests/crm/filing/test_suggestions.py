"""What is suggested of a contact is used or ignored by a person, and knows since when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.errors import ConflictError, ForbiddenError
from crm.filing import by_hand, suggestions
from crm.mail import visibility
from crm.mail.meaning import Details
from crm.mail.models import Message, Shares
from crm.people import contacts
from crm.people.models import ContactDetail, DetailKind, DetailState
from tests import make
from tests.crm.filing.telling import HEAD, JANA, told

DAY = timedelta(days=1)
TITLE = suggestions.key_of(DetailKind.TITLE, "Head of Sales")


@pytest.fixture
def mailbox(session, ana):
    return make.mailbox(session, ana, shares=Shares.EVERYTHING, meets="direct")


@pytest.fixture
def jana(session, ana, mailbox):
    """Jana, who has written to Ana, and to whom Ana has answered."""
    make.filed(session, mailbox, make.raw(sender="Ana <ana@halden.test>", to=f"Jana <{JANA}>"))
    found = contacts.find_by_email(session, ana, JANA)
    assert found is not None
    return found


@pytest.fixture
def viewer(session, ana, jana):
    return visibility.viewer(session, ana)


def offered(session, viewer, contact):
    found = suggestions.about(session, viewer, contact)
    return {(one.kind, one.value): one for one in found}


def states(session, contact):
    rows = session.scalars(select(ContactDetail).where(ContactDetail.contact_id == contact.id))
    return {(DetailKind(row.kind), row.value): DetailState(row.state) for row in rows}


def test_what_a_letter_tells_is_offered_with_the_letter_and_what_is_known(
    session, mailbox, jana, viewer
):
    jana.title = "Sales rep"
    filed = told(session, mailbox, HEAD, at=make.NOW - DAY)

    one = offered(session, viewer, jana)[DetailKind.TITLE, "Head of Sales"]

    assert (one.known, one.message_id, one.since) == ("Sales rep", filed.new[0], make.NOW - DAY)
    assert jana.title == "Sales rep"


def test_what_is_known_already_is_not_offered(session, mailbox, jana, viewer):
    jana.title, jana.phone = "head of sales", "00420 777 123 456"
    told(session, mailbox, HEAD)

    assert offered(session, viewer, jana).keys() == {(DetailKind.LINK, "https://severka.test")}


def test_what_is_used_stands_in_the_contact_and_is_offered_no_more(session, mailbox, jana, viewer):
    jana.title = "Sales rep"
    told(session, mailbox, HEAD, at=make.NOW - DAY)

    used = suggestions.use(session, viewer, jana, TITLE, at=make.NOW)

    assert (used.value, jana.title) == ("Head of Sales", "Head of Sales")
    assert (DetailKind.TITLE, "Head of Sales") not in offered(session, viewer, jana)
    assert states(session, jana) == {
        (DetailKind.TITLE, "Head of Sales"): DetailState.CURRENT,
        (DetailKind.TITLE, "Sales rep"): DetailState.FORMER,
    }
    kept = session.get(ContactDetail, (jana.workspace_id, jana.id, 2, "Head of Sales"))
    assert (kept.since, kept.user_id) == (make.NOW - DAY, viewer.user.id)


def test_what_is_ignored_is_offered_no_more_and_changes_nothing(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)

    suggestions.ignore(session, viewer, jana, TITLE, at=make.NOW)
    told(session, mailbox, HEAD, at=make.NOW + DAY)

    assert jana.title == ""
    assert (DetailKind.TITLE, "Head of Sales") not in offered(session, viewer, jana)


def test_both_can_be_taken_back(session, mailbox, jana, viewer):
    jana.title = "Sales rep"
    told(session, mailbox, HEAD)

    for decide in (suggestions.use, suggestions.ignore):
        decide(session, viewer, jana, TITLE, at=make.NOW)
        suggestions.undo(session, viewer, jana, TITLE)

        assert jana.title == "Sales rep"
        assert (DetailKind.TITLE, "Head of Sales") in offered(session, viewer, jana)


def test_after_an_undo_no_letter_seems_to_have_told_what_was_typed(session, mailbox, jana, viewer):
    jana.title = "Sales rep"
    told(session, mailbox, HEAD)

    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)
    suggestions.undo(session, viewer, jana, TITLE)

    assert states(session, jana) == {}
    assert jana.details == []


def test_what_is_shown_beside_an_old_letter_can_be_used(session, mailbox, jana, viewer):
    letters = [
        told(session, mailbox, Details(title=f"Head {n}"), at=make.NOW + n * DAY).new[0]
        for n in range(5)
    ]
    shown = suggestions.about(session, viewer, jana, beside=letters[0])
    assert shown[0].value == "Head 0"

    for one in shown[:2]:
        suggestions.ignore(session, viewer, jana, one.key, at=make.NOW)

    left = {one.value for one in suggestions.about(session, viewer, jana)}
    assert left == {"Head 3", "Head 2", "Head 1"}


def test_after_an_undo_what_a_letter_told_before_is_so_again(session, mailbox, jana, viewer):
    rep = suggestions.key_of(DetailKind.TITLE, "Sales rep")
    told(session, mailbox, Details(title="Sales rep"), at=make.NOW - DAY)
    suggestions.use(session, viewer, jana, rep, at=make.NOW)
    told(session, mailbox, HEAD)
    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)

    suggestions.undo(session, viewer, jana, TITLE)

    assert states(session, jana) == {(DetailKind.TITLE, "Sales rep"): DetailState.CURRENT}
    assert jana.details[0].until is None


def test_what_was_ignored_can_be_suggested_again(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)
    suggestions.ignore(session, viewer, jana, TITLE, at=make.NOW)

    [one] = suggestions.ignored(session, viewer, jana)
    assert one.value == "Head of Sales"
    for _twice in range(2):
        suggestions.suggest_again(session, viewer, jana, TITLE)

        assert suggestions.ignored(session, viewer, jana) == ()
        assert (DetailKind.TITLE, "Head of Sales") in offered(session, viewer, jana)


def test_suggesting_again_takes_back_nothing_that_is_used(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)
    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)

    suggestions.suggest_again(session, viewer, jana, TITLE)

    assert jana.title == "Head of Sales"
    assert states(session, jana) == {(DetailKind.TITLE, "Head of Sales"): DetailState.CURRENT}


def test_what_was_ignored_is_shown_to_who_may_read_it_and_who_ignored_it(
    session, workspace, ana, mailbox, jana, viewer
):
    bo = visibility.viewer(session, make.user(session, workspace, "bo@halden.test"))
    cy = visibility.viewer(session, make.user(session, workspace, "cy@halden.test"))
    [message_id] = told(session, mailbox, HEAD).new
    suggestions.ignore(session, bo, jana, TITLE, at=make.NOW)
    thread_id = session.get_one(Message, (workspace.id, message_id)).thread_id
    by_hand.choose_shares(session, viewer, thread_id, Shares.NOTHING, at=make.NOW)

    seen = [len(suggestions.ignored(session, who, jana)) for who in (viewer, bo, cy)]

    assert seen == [1, 1, 0]
    suggestions.suggest_again(session, cy, jana, TITLE)
    assert len(suggestions.ignored(session, bo, jana)) == 1


def test_an_undo_leaves_alone_what_somebody_has_written_since(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)
    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)
    jana.title = "Director"

    suggestions.undo(session, viewer, jana, TITLE)

    assert jana.title == "Director"


def test_a_second_click_is_told_that_it_was_decided(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)
    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)

    with pytest.raises(ConflictError):
        suggestions.use(session, viewer, jana, TITLE, at=make.NOW)


def test_what_newer_letters_go_back_to_is_offered_again(session, mailbox, jana, viewer):
    rep = suggestions.key_of(DetailKind.TITLE, "Sales rep")
    told(session, mailbox, Details(title="Sales rep"), at=make.NOW - 3 * DAY)
    suggestions.use(session, viewer, jana, rep, at=make.NOW)
    told(session, mailbox, HEAD, at=make.NOW - 2 * DAY)
    suggestions.use(session, viewer, jana, TITLE, at=make.NOW)
    assert (DetailKind.TITLE, "Sales rep") not in offered(session, viewer, jana)

    told(session, mailbox, Details(title="Sales rep"), at=make.NOW - DAY)

    again = offered(session, viewer, jana)[DetailKind.TITLE, "Sales rep"]
    assert (again.known, again.since) == ("Head of Sales", make.NOW - DAY)
    suggestions.use(session, viewer, jana, rep, at=make.NOW)
    kept = session.get(ContactDetail, (jana.workspace_id, jana.id, 2, "Sales rep"))
    assert (kept.state, kept.until) == (DetailState.CURRENT, None)
    assert (DetailKind.TITLE, "Head of Sales") not in offered(session, viewer, jana)


def test_links_and_postal_addresses_are_kept_as_details(session, mailbox, jana, viewer):
    told(session, mailbox, HEAD)
    key = suggestions.key_of(DetailKind.LINK, "https://severka.test")

    suggestions.use(session, viewer, jana, key, at=make.NOW)

    assert states(session, jana)[DetailKind.LINK, "https://severka.test"] is DetailState.CURRENT


@pytest.mark.parametrize("kind", [DetailKind.ADDRESS, DetailKind.COMPANY])
def test_one_postal_address_and_one_company_stand_at_a_time(session, mailbox, jana, viewer, kind):
    jana.company_id = None
    session.flush()
    session.expire(jana)
    for n, value in enumerate(("Old street 1", "New street 2")):
        details = Details(**{kind.name.lower(): value})
        told(session, mailbox, details, at=make.NOW - (3 - n) * DAY)
        used = suggestions.use(
            session, viewer, jana, suggestions.key_of(kind, value), at=make.NOW + n * DAY
        )

    assert used.known == "Old street 1"
    assert states(session, jana) == {
        (kind, "Old street 1"): DetailState.FORMER,
        (kind, "New street 2"): DetailState.CURRENT,
    }
    suggestions.undo(session, viewer, jana, suggestions.key_of(kind, "New street 2"))
    assert states(session, jana) == {(kind, "Old street 1"): DetailState.CURRENT}


def test_only_a_guessed_name_is_questioned(session, mailbox, jana, viewer):
    told(session, mailbox, Details(name="Jana Dvořáková"))
    assert not offered(session, viewer, jana)

    jana.name = "jana"

    assert offered(session, viewer, jana).keys() == {(DetailKind.NAME, "Jana Dvořáková")}


def test_a_company_that_was_guessed_may_be_called_as_it_calls_itself(
    session, mailbox, jana, viewer
):
    told(session, mailbox, Details(company="SEVERKA a.s."))
    key = suggestions.key_of(DetailKind.COMPANY, "SEVERKA a.s.")

    suggestions.use(session, viewer, jana, key, at=make.NOW)

    assert jana.company.name == "SEVERKA a.s."
    told(session, mailbox, Details(company="Severka Holding"))
    assert not offered(session, viewer, jana)


def test_many_links_push_no_title_out(session, mailbox, jana, viewer):
    told(session, mailbox, Details(title="Head of Sales"), at=make.NOW - DAY)
    for n in range(40):
        links = tuple(f"https://severka.test/{n}/{m}" for m in range(3))
        told(session, mailbox, Details(links=links), at=make.NOW + n * DAY / 100)

    found = [kind for kind, _value in offered(session, viewer, jana)]

    assert found == [*[DetailKind.LINK] * 3, DetailKind.TITLE]


def test_who_may_not_read_the_letter_is_shown_nothing_of_it(
    session, workspace, mailbox, jana, viewer
):
    bo = make.user(session, workspace, "bo@halden.test")
    private = make.mailbox(session, bo, shares=Shares.HEADERS)
    told(session, private, Details(title="Founder"))

    theirs = offered(session, visibility.viewer(session, bo), jana)

    assert (DetailKind.TITLE, "Founder") in theirs
    assert offered(session, viewer, jana) == {}


def test_since_when_and_whether_rest_on_letters_that_the_viewer_may_read(
    session, workspace, ana, mailbox, jana, viewer
):
    bo = visibility.viewer(session, make.user(session, workspace, "bo@halden.test"))
    new = [told(session, mailbox, HEAD, at=make.NOW - n * DAY).new[0] for n in (9, 2, 1)]
    for message_id in (new[0], new[2]):
        thread_id = session.get_one(Message, (workspace.id, message_id)).thread_id
        by_hand.choose_shares(session, viewer, thread_id, Shares.NOTHING, at=make.NOW)

    mine = offered(session, viewer, jana)[DetailKind.TITLE, "Head of Sales"]
    theirs = offered(session, bo, jana)[DetailKind.TITLE, "Head of Sales"]

    assert (mine.since, mine.message_id) == (make.NOW - 9 * DAY, new[2])
    assert (theirs.since, theirs.last_at) == (make.NOW - 2 * DAY, make.NOW - 2 * DAY)
    assert theirs.message_id == new[1]


@pytest.mark.parametrize("shares", [Shares.NOTHING, Shares.HAPPENED, Shares.HEADERS])
def test_what_colleagues_may_not_read_is_known_to_be_private(
    session, mailbox, jana, viewer, shares
):
    first, second = (told(session, mailbox, HEAD, at=make.NOW - n * DAY).new[0] for n in (2, 1))
    private = []
    for message_id in (first, second):
        thread_id = session.get_one(Message, (jana.workspace_id, message_id)).thread_id
        by_hand.choose_shares(session, viewer, thread_id, shares, at=make.NOW)
        private.append(offered(session, viewer, jana)[DetailKind.TITLE, "Head of Sales"].private)

    assert private == [False, True]


def test_a_reader_changes_nothing(session, workspace, mailbox, jana):
    told(session, mailbox, HEAD)
    reader = make.user(session, workspace, "eva@halden.test", role="reader")

    eyes = visibility.viewer(session, reader)
    with pytest.raises(ForbiddenError):
        suggestions.use(session, eyes, jana, TITLE, at=make.NOW)
    with pytest.raises(ForbiddenError):
        suggestions.suggest_again(session, eyes, jana, TITLE)

    assert jana.title == ""
