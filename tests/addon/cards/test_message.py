"""The card beside a message: who, what is open, what was said, why it stands here."""

from __future__ import annotations

import pytest

from crm.base import addresses
from crm.base.money import Money
from crm.filing import linking
from crm.mail import outgoing
from crm.mail.models import Message, OutgoingState, Shares
from crm.sales import deals
from sync import reading
from tests import make
from tests.addon.beside import HOSTS, LINKS, Beside, actions, buttons, html, words
from tests.house.cards import check_answer
from tests.sync.sending import draft


@pytest.mark.parametrize("host", HOSTS)
def test_the_card_tells_who_what_and_why(scene, host):
    said = words(Beside(scene.session, scene.ana, host).ask("message", scene.first))

    assert said.startswith("Jana\nSeverka")
    for part in (
        "jana@severka.test",
        "Brno rollout\n€48,000 · 9 days here",
        "Send the quote\nDue Today · you",
        "Likes blue",
        "Jana\nThe address is theirs\nNot here",
        "Severka\nThrough its contact",
        "Brno rollout\nThe thread is linked to it",
    ):
        assert part.lower() in said.lower()


@pytest.mark.parametrize("host", HOSTS)
def test_a_message_of_which_nobody_can_tell_whether_it_left_says_so(scene, host):
    sent = scene.messages[1]
    made = outgoing.write(scene.session, scene.mailbox, draft(), by=scene.ana, at=make.NOW)
    made.message_id = sent.id
    scene.session.flush()
    beside = Beside(scene.session, scene.ana, host)
    assert words(beside.ask("message", sent)).count("Not sent yet.") == 1

    made.state = OutgoingState.UNKNOWN
    scene.session.flush()

    assert words(beside.ask("message", sent)).count("We cannot tell whether this left.") == 1
    assert words(beside.ask("message", scene.first)).count("We cannot tell") == 1

    made.state = OutgoingState.SENT
    scene.session.flush()

    said = words(beside.ask("message", sent))
    assert "We cannot tell" not in said
    assert "Not sent" not in said


def test_every_message_of_a_thread_has_the_same_deal_and_task(scene):
    beside = Beside(scene.session, scene.ana)

    for message in scene.messages:
        said = words(beside.ask("message", message))
        assert "Brno rollout" in said
        assert "Send the quote" in said


def test_a_stranger_comes_with_a_guess_of_the_company(scene):
    answer = Beside(scene.session, scene.ana).ask("message", scene.stranger)

    said = words(answer)
    assert said.startswith("Petr Novák\nNot a contact yet")
    assert "Perhaps Kovar\nkovar.test" in said
    assert "Not logged: nobody we know, and not written to us directly" in said
    assert buttons(answer)["Create contact"].function == "contact/new"


def test_a_stranger_with_free_mail_comes_without_a_guess(scene):
    raw = make.raw(sender="Petr <petr@gmail.com>", to="undisclosed@lists.test")
    message = filed(scene, raw)

    assert "Perhaps" not in words(Beside(scene.session, scene.ana).ask("message", message))


def test_among_colleagues_there_is_nobody_to_know(scene):
    answer = Beside(scene.session, scene.ana).ask("message", scene.among)

    said = words(answer)
    assert said.startswith("Colleagues only")
    assert "Not logged: among colleagues only" in said
    assert "Logged here because" not in said
    assert "Create contact" not in buttons(answer)


def test_a_machine_of_ours_is_no_colleague(scene):
    raw = make.raw(sender="Mail Delivery System <mailer-daemon@halden.test>", subject="Undelivered")

    said = words(Beside(scene.session, scene.ana).ask("message", filed(scene, raw)))

    assert said.startswith("Mail Delivery System\nNobody reads this address")


def test_who_signs_with_the_address_of_somebody_else_is_named(scene):
    raw = make.raw(sender='"Sam <sam@halden.test>" <sam@halden-mail.test>', subject="A favour")

    said = words(Beside(scene.session, scene.ana).ask("message", filed(scene, raw)))

    assert said.startswith("sam@halden-mail.test\nNot a contact yet")
    assert "shows sam@halden.test, but this message came from sam@halden-mail.test." in said


def test_who_sends_for_another_is_told_with_both(scene):
    raw = make.raw(sender="Sam <sam@kovar.test>", Sender="Eva Malá <eva@kovar.test>")
    said = words(Beside(scene.session, scene.ana).ask("message", filed(scene, raw)))

    assert "Eva Malá on behalf of Sam" in said


@pytest.mark.parametrize("host", HOSTS)
def test_where_answers_to_a_contact_would_go_elsewhere_it_is_told(scene, host):
    raw = make.raw("Jana <jana@severka.test>", Reply_To="jana@severka-pay.test")
    (id_,) = make.filed(scene.session, scene.mailbox, raw).new
    message = scene.session.get_one(Message, (scene.workspace.id, id_))

    said = words(Beside(scene.session, scene.ana, host).ask("message", message))

    assert "Answers to this message go to jana@severka-pay.test" in said


def test_nobody_of_ours_is_offered(scene):
    raw = make.raw(to="ana@halden.test, sam@halden.test, Petr <petr@kovar.test>", subject="All")

    shown = buttons(Beside(scene.session, scene.ana).ask("message", filed(scene, raw)))

    assert "Petr" in shown
    assert not {"ana@halden.test", "sam@halden.test"} & shown.keys()


def test_somebody_else_in_the_message_can_be_chosen(scene):
    raw = make.raw(to="ana@halden.test, Petr <petr@kovar.test>", subject="Both")
    beside = Beside(scene.session, scene.ana)
    chip = buttons(beside.ask("message", filed(scene, raw)))["Petr"]

    answer = beside.ask(chip.function, None, {}, **chip.parameters)

    assert words(answer).startswith("Petr\nNot a contact yet")


def test_in_a_message_to_many_everybody_can_be_chosen(scene):
    """As ui.md has it: chips for five, a list for more."""
    to = ", ".join(f"P{n} <p{n}@kovar.test>" for n in range(9))

    said = words(Beside(scene.session, scene.ana).ask("message", filed(scene, make.raw(to=to))))

    assert [n for n in range(9) if f"P{n}" not in said] == []


def test_a_machine_is_named_with_what_gave_it_away(scene):
    raw = make.raw(sender="News <news@kovar.test>", List_Unsubscribe="<https://kovar.test/u>")

    said = words(Beside(scene.session, scene.ana).ask("message", filed(scene, raw)))

    assert "Not logged: newsletter (List-Unsubscribe)" in said


def test_who_writes_by_machine_is_offered_quietly_and_a_machine_is_not(scene):
    letter = make.raw(sender="News <news@kovar.test>", List_Unsubscribe="<https://kovar.test/u>")
    machine = make.raw(sender="Shop <no-reply@kovar.test>", Auto_Submitted="auto-generated")
    beside = Beside(scene.session, scene.ana)

    news, shop = (beside.ask("message", filed(scene, raw)) for raw in (letter, machine))

    assert "Create contact" in buttons(news)
    assert "btn-1" not in html(news)
    assert "Create contact" not in buttons(shop)
    assert "Nobody reads this address" in words(shop)


def test_who_may_not_be_who_they_seem_is_offered_quietly(scene):
    raw = make.raw(sender='"ana@halden.test" <pay@kovar.test>')

    answer = Beside(scene.session, scene.ana).ask("message", filed(scene, raw))

    assert "Create contact" in buttons(answer)
    assert "btn-1" not in html(answer)


def test_of_a_message_whose_owner_shares_little_little_is_said(scene):
    for message in scene.messages:
        message.shares = Shares.HAPPENED
    scene.session.flush()
    colleague = scene.beside("rep")

    answer = colleague.ask("message", scene.first)

    assert "Label printers" not in html(answer)
    assert "A message; its owner shows people and time only" in words(answer)
    assert "Keep private" not in buttons(answer)


HOSTILE = {
    "script": "<script>window.__evil=1</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "template": "{{7*7}}{% raw %}",
    "bidi": "invoice\u202egpj.exe\u2066\u2067\u2068\u2069\u2069",
    "long": "W" * 5000,
    "wide": "💩👩‍👩‍👧‍👦" * 700,
    "persian": "سلام دنیا، قیمت چاپگر چند است؟",
    "zalgo": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘" * 40,
    "control": "a\x07b\x1b[31mc\x0bd\x7fe\u2028f",
    "entities": "&lt;b&gt; &amp; <b>bold</b> %s %(name)s {name}",
    "empty": "\u200b\u200e",
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_texts_give_a_card_and_stay_words(scene, kind, host):
    text = HOSTILE[kind]
    beside = Beside(scene.session, scene.ana, host, tags_are_words=True)
    author = addresses.clean_name(text) or "Jana"
    scene.contact.name = scene.contact.title = scene.contact.phone = author
    scene.deal.name = scene.task.title = text[:200]
    letter = reading.read(make.raw(subject=" ".join(text.split())))
    for message in scene.messages:
        message.subject, message.from_name = letter.subject, author
    scene.session.flush()

    shown = [
        beside.ask("message", scene.first),
        beside.ask("deal", scene.first, deal=str(scene.deal.id)),
        beside.ask("homepage"),
        beside.ask("task/new", scene.first),
        beside.ask("deal/new", scene.first),
        beside.ask("note/new", scene.first),
        beside.ask("note/save", scene.first, {"text": text[:2000]}),
    ]

    for answer in shown:
        drawn = html(answer)
        assert "<script" not in drawn
        assert "<img" not in drawn
        assert "\u202e" not in drawn


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_letter_from_a_stranger_gives_a_card(scene, kind):
    text = " ".join(HOSTILE[kind].split())
    raw = make.raw(
        sender=f'"{text[:400].replace(chr(34), "")}" <petr@kovar.test>', subject=text, text=text
    )
    beside = Beside(scene.session, scene.ana, tags_are_words=True)

    message = filed(scene, raw)
    shown = [beside.ask("message", message), beside.ask("contact/new", message, {}, person="0")]

    for answer in shown:
        assert "<script" not in html(answer)
        assert "\u202e" not in html(answer)


def test_a_card_full_to_the_brim_is_still_one_that_gmail_takes(scene):
    beside = Beside(scene.session, scene.ana)
    for n in range(12):
        deal = deals.make(scene.session, "💩" * 200, Money(n, "EUR"), by=scene.ana, at=make.NOW)
        deals.add_contact(scene.session, deal, scene.contact.id, by=scene.ana)
        deals.link_thread(scene.session, deal, scene.first.thread_id, by=scene.ana, at=make.NOW)
        beside.ask("task/save", scene.first, {"title": "💩" * 200})
    linking.link_threads(scene.session, scene.workspace.id, [scene.first.thread_id], since=make.NOW)

    answer = beside.ask("message", scene.first)

    assert check_answer(answer.to_json(LINKS)) == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_message_to_sixty_contacts_has_a_card_that_gmail_takes(scene, host):
    """Each contact and each company is a reason; Gmail drops the section that passes 100."""
    to = ", ".join(f"P{n} <p{n}@firm{n}.test>" for n in range(60))
    raw = make.raw("Ana <ana@halden.test>", to, "To all")

    beside = Beside(scene.session, scene.ana, host)
    answer = beside.ask("message", filed(scene, raw))

    assert words(answer).count("The address is theirs") == 20
    assert words(answer).endswith("… and 100 more")


def test_what_was_taken_off_a_message_to_many_can_be_put_back(scene):
    to = ", ".join(f"P{n} <p{n}@firm{n}.test>" for n in range(60))
    message = filed(scene, make.raw("Ana <ana@halden.test>", to, "To all"))
    beside = Beside(scene.session, scene.ana)
    for _ in range(11):
        off = next(a for a in actions(beside.ask("message", message)) if a.function == "link/off")
        answer = beside.ask(off.function, message, {}, **off.parameters)

    pressed = [action.function for action in actions(answer)]
    assert (pressed.count("link/back"), pressed.count("link/off")) == (10, 10 * 2)
    assert "… and 89 more" in words(answer)  # With a contact goes its company.


def filed(scene, raw):
    (message_id,) = make.filed(scene.session, scene.mailbox, raw).new
    return scene.session.get_one(Message, (scene.workspace.id, message_id))
