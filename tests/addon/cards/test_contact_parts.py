"""What a card shows of a contact beside what its letters tell."""

from __future__ import annotations

from crm.filing import by_hand, suggestions
from crm.mail import visibility
from crm.mail.meaning import Details
from crm.mail.models import Message, Shares
from crm.people.models import DetailKind
from tests import make
from tests.addon.beside import Beside, html, words
from tests.crm.filing.telling import told

ADDRESS = "Nábřežní 4, 602 00 Brno"


def test_what_has_no_field_of_its_own_stands_below_with_its_kind(scene):
    told(scene.session, scene.mailbox, Details(address=ADDRESS))
    key = suggestions.key_of(DetailKind.ADDRESS, ADDRESS)
    viewer = visibility.viewer(scene.session, scene.ana)
    suggestions.use(scene.session, viewer, scene.contact, key, at=make.NOW)

    shown = words(Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id)))

    assert f"Postal address\n{ADDRESS}" in shown


def test_only_the_first_suggestions_are_shown_and_the_rest_counted(scene):
    phones = tuple(f"+42077712345{n}" for n in range(3))
    links = tuple(f"https://{n}.severka.test" for n in "abcd")
    told(scene.session, scene.mailbox, Details(title="Buyer", phones=phones, links=links))

    shown = words(Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id)))

    assert "… and 3 more" in shown
    assert shown.count("From a signature") == 4


def test_a_suggestion_says_what_is_known_in_its_place(scene):
    scene.contact.title = "Sales rep"
    told(scene.session, scene.mailbox, Details(title="Head of Sales"))

    shown = words(Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id)))

    assert "Head of Sales\nnow Sales rep · From a signature · since today" in shown


def test_a_suggestion_of_a_private_letter_says_that_using_it_shows_it(scene):
    filed = told(scene.session, scene.mailbox, Details(title="Head of Sales"))
    letter = scene.session.get_one(Message, (scene.workspace.id, filed.new[0]))
    viewer = visibility.viewer(scene.session, scene.ana)
    chosen = Shares.NOTHING
    by_hand.choose_shares(scene.session, viewer, letter.thread_id, chosen, at=make.NOW)

    shown = words(Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id)))

    assert "From a signature · since today · private until you use it" in shown


def test_a_phone_number_stands_from_left_to_right_wherever_it_is_written(scene):
    scene.ana.language, scene.contact.phone = "fa", "021 5555"
    told(scene.session, scene.mailbox, Details(phones=("+98 21 1234 داخلی 5",)))

    shown = html(Beside(scene.session, scene.ana).ask("contact", contact=str(scene.contact.id)))

    new, known = "\u2066+98 21 1234 داخلی 5\u2069", "\u2066021 5555\u2069"
    assert shown.count(new) == shown.count("+98 21 1234")
    assert shown.count(known) == shown.count("021 5555") == 2
