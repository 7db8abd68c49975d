"""Beside a message that is being written: who it goes to, and what can be done from there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from addon.widgets import isolate
from crm.mail.models import Shares
from crm.people import contacts
from crm.sales import deals
from crm.work import tasks
from tests import make
from tests.addon.beside import Beside, actions, buttons, html, words
from tests.house.cards import PERSONAL
from tests.rows import changed, checksums

JANA, PETR = "jana@severka.test", "Petr Novák <Petr@kovar.test>"


@pytest.fixture
def draft(scene):
    """Return what writes a draft to somebody, as somebody in a role."""

    def to(*emails, role="admin"):
        return replace(scene.beside(role, "gmail"), to=emails)

    return to


def test_without_recipients_the_card_says_what_to_do(draft):
    said = words(draft().ask("compose"))

    assert said.startswith("Recipients\nAdd somebody to To, Cc or Bcc")


def test_of_one_contact_everything_that_is_open_stands_there(draft):
    said = words(draft(JANA).ask("compose"))

    assert said.startswith("Jana\n1 recipient\n")
    assert "Severka" in said
    assert "Brno rollout" in said
    assert "Send the quote" in said
    assert "Likes blue" in said


def test_of_several_contacts_each_has_a_line_that_opens_their_card(scene, draft):
    eva = contact_of(scene, "eva@nova.test", "Eva")
    beside = draft(JANA, "eva@nova.test")

    shown = beside.ask("compose")

    said = words(shown)
    assert said.startswith("Recipients\n2 recipients\nContacts\nSeverka\nJana\n")
    assert "1 open deal · 1 open task · Last activity: " in said
    opened = buttons(shown)["Eva"]
    assert opened.parameters == {"contact": str(eva.id)}
    assert words(draft().ask(opened.function, None, {}, **opened.parameters)).startswith("Eva\n")


def test_a_task_of_the_contact_and_of_the_deal_is_counted_once(scene, draft):
    about = tasks.About(deal_id=scene.deal.id)
    tasks.make(scene.session, "Ask for the date", by=scene.ana, at=make.NOW, about=about)
    contact_of(scene, "eva@nova.test", "Eva")

    said = words(draft(JANA, "eva@nova.test").ask("compose"))

    assert "1 open deal · 2 open tasks" in said


def test_deals_that_are_over_are_not_shown(scene, draft):
    beside = Beside(scene.session, scene.ana)
    beside.ask("deal/move", None, {}, deal=str(scene.deal.id), stage=str(scene.stages[5]))

    assert "Brno rollout\n" not in words(draft(JANA).ask("compose")).partition("Last activ")[0]


def test_strangers_colleagues_and_machines_are_told_apart(draft):
    shown = draft(JANA, PETR, "sam@halden.test", "ana@halden.test", "noreply@shop.test").ask(
        "compose"
    )

    said = words(shown)
    assert "Not contacts yet\npetr@kovar.test\nPerhaps Kovar\nCreate contact\n" in said
    assert "noreply@shop.test\nNobody reads this address\n" in said
    assert "Colleagues\nsam@halden.test\nAna Kovač\nana@halden.test" in said
    assert said.count("Create contact") == 1


def test_an_address_that_looks_like_another_is_warned_of(draft):
    said = words(draft("jana@ѕеvеrkа.test").ask("compose"))

    assert "has letters that look like others" in said


def test_what_is_no_address_is_passed_over_and_each_stands_once(draft):
    said = words(draft("", "nobody", "a@b@", PETR, "petr@KOVAR.test", JANA.upper()).ask("compose"))

    assert "2 recipients" in said


def test_the_card_stays_small_whatever_it_is_sent_to(scene, draft):
    many = [f"p{i}@place{i}.test" for i in range(500)]

    answer = draft(JANA, *many).ask("compose")

    assert "501 recipients" in words(answer)
    assert "… and 490 more" in words(answer)


def test_of_hidden_mail_colleagues_see_nothing_but_the_contact(scene, draft):
    for message in (*scene.messages, scene.stranger, scene.among):
        message.shares = Shares.NOTHING
    scene.mailbox.shares = Shares.NOTHING
    scene.session.flush()
    contact_of(scene, "eva@nova.test", "Eva")

    alone = words(draft(JANA, role="rep").ask("compose"))
    both = words(draft(JANA, "eva@nova.test", role="manager").ask("compose"))

    assert "Label printers" not in alone + both
    assert "Brno rollout" in alone


def test_no_button_carries_an_address(draft):
    found = actions(draft(JANA, PETR, "sam@halden.test").ask("compose"))

    values = [value for action in found for value in action.parameters.values()]
    assert values
    assert [value for value in values if PERSONAL.search(value) or len(value) > 40] == []


@pytest.mark.parametrize("role", ["admin", "manager", "rep", "support", "reader"])
@pytest.mark.parametrize("again", [True, False])
def test_every_button_works_whether_or_not_gmail_says_the_recipients_again(
    scene, draft, role, again
):
    first = draft(JANA, PETR, role=role)
    beside = first if again else replace(first, to=())
    shown = first.ask("compose")

    refused = []
    for action in actions(shown):
        with scene.session.begin_nested() as savepoint:
            answer = beside.ask(action.function, None, {}, **action.parameters)
            savepoint.rollback()
        scene.session.expire_all()
        if answer.card is None or answer.card.name == "notice":
            refused.append(f"{action.function}: {answer.notice or words(answer)}")

    assert refused == []
    assert ("recipient/new" in {a.function for a in actions(shown)}) is (role != "reader")


def test_a_task_is_done_and_undone_on_the_contacts_card(scene, draft):
    done = buttons(draft(JANA).ask("compose"))["done"]

    after = draft().ask(done.function, None, {}, **done.parameters)

    assert scene.task.done_at == make.NOW
    assert "Done just now" in words(after)
    undo = buttons(after)["Undo"]
    back = draft().ask(undo.function, None, {}, **undo.parameters)
    assert scene.task.done_at is None
    assert back.card.name == "contact"


def test_a_stranger_becomes_a_contact(scene, draft):
    beside = draft(JANA, PETR)
    new = buttons(beside.ask("compose"))["Create contact"]
    form = beside.ask(new.function, None, {}, **new.parameters)
    assert 'value="petr@kovar.test"' in html(form)
    assert 'value="Petr Novák"' in html(form)

    typed = {"email": "petr@kovar.test", "name": "Petr Novák", "company": "Kovář a syn"}
    save = buttons(form)["Save"]
    answer = draft().ask(save.function, None, typed, **save.parameters)

    made = contacts.find_by_email(scene.session, scene.ana, "petr@kovar.test")
    assert (made.name, made.company.name, made.owner_id) == (
        "Petr Novák",
        "Kovář a syn",
        scene.ana.id,
    )
    assert answer.notice == f"{isolate('Petr Novák')} is a contact now."
    assert words(answer).startswith("Petr Novák\nKovář a syn")
    assert "Who sells labels?" in words(answer)


def test_where_gmail_does_not_say_the_recipients_again_the_form_asks_for_the_address(draft):
    new = buttons(draft(PETR).ask("compose"))["Create contact"]

    form = draft().ask(new.function, None, {}, **new.parameters)

    assert "petr" not in html(form).lower()
    assert buttons(form)["Save"].required == ("email", "name")


def test_a_recipient_who_was_exchanged_meanwhile_is_not_taken_for_the_other(draft):
    new = buttons(draft(PETR).ask("compose"))["Create contact"]

    form = draft("eva@nova.test").ask(new.function, None, {}, **new.parameters)

    assert "eva@nova.test" not in html(form)


def test_saving_twice_makes_one_contact(scene, draft):
    typed = {"email": "petr@kovar.test", "name": "Petr"}
    draft().ask("recipient/save", None, typed)
    before = checksums(scene.session, scene.workspace.id)

    draft().ask("recipient/save", None, {**typed, "name": "Somebody else"})

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


@pytest.mark.parametrize("email", ["sam@halden.test", "nobody", "", "a b@c.test"])
def test_who_cannot_be_a_contact_is_refused_beside_the_address(scene, draft, email):
    answer = draft().ask("recipient/save", None, {"email": email, "name": "x"})

    assert answer.card is None
    assert answer.wrong == "email"


def test_the_card_reads_and_costs_the_same_for_one_and_for_many(scene, draft, statements):
    for i in range(8):
        contact_of(scene, f"c{i}@firm{i}.test", f"C{i}")
    beside = draft(JANA, "c0@firm0.test", PETR, "sam@halden.test")
    more = replace(beside, to=(*beside.to, *[f"c{i}@firm{i}.test" for i in range(1, 8)]))
    counts = []
    for one in (beside, more):
        scene.session.flush()
        statements.clear()
        one.ask("compose")
        assert {statement.split()[0].lower() for statement in statements} <= {"select", "with"}
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 9


def test_a_contact_with_an_old_deal_of_a_colleague_is_counted(scene, draft):
    eva = contact_of(scene, "eva@nova.test", "Eva")
    deals.add_contact(scene.session, scene.deal, eva.id, by=scene.ana)

    said = words(draft(JANA, "eva@nova.test").ask("compose", at=make.NOW + dt.timedelta(days=40)))

    assert said.count("1 open deal") == 2


def contact_of(scene, email, name):
    """Let somebody be a contact."""
    typed = {"email": email, "name": name}
    Beside(scene.session, scene.ana, "gmail").ask("recipient/save", None, typed)
    return contacts.find_by_email(scene.session, scene.ana, email)
