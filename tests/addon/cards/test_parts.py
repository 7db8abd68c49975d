"""Lines that several cards share."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from addon.cards import parts
from addon.widgets import isolate
from crm.mail.models import Shares
from crm.sales.models import Outcome
from crm.work import timeline
from crm.work.models import ActivityKind
from tests import make
from tests.addon.test_facts import context_of


def test_a_deal_says_how_much_when_and_for_how_long(scene):
    scene.deal.closes_on = dt.date(2026, 12, 12)

    line = parts.deal_line(scene.deal, context_of(scene), {"message": "7"})

    facts = ("€48,000", "closes 12 Dec", "9 days here")
    assert line.below == " · ".join(isolate(fact) for fact in facts)
    assert line.on_click.parameters == {"message": "7", "deal": str(scene.deal.id)}


def test_a_deal_that_is_late_says_so_and_one_that_is_won_waits_for_nothing(scene):
    scene.deal.closes_on = dt.date(2026, 10, 6)
    late = parts.deal_line(scene.deal, context_of(scene), {}).below
    scene.deal.outcome = Outcome.WON

    won = parts.deal_line(scene.deal, context_of(scene), {}).below

    assert isolate("should have closed 6 Oct") in late
    assert won.startswith(isolate("€48,000") + " · \u2068since ")
    assert not any(word in won for word in ("close", "here"))


@pytest.mark.parametrize(
    ("days", "said"),
    [(-3, "Late: Tue"), (0, "Due Today"), (1, "Due Tomorrow"), (30, "Due 20 Dec")],
)
def test_a_task_says_when_it_is_due(scene, days, said):
    scene.task.due_on = make.NOW.date() + dt.timedelta(days=days)

    line = parts.task_line(scene.task, context_of(scene), {}, {}, may_write=True)

    assert line.below.lower().startswith(isolate(said).lower())


def test_a_task_says_whose_it_is(scene):
    sam = make.user(scene.session, scene.workspace, "sam@halden.test", name="Sam Okafor")
    scene.task.assignee_id = sam.id

    line = parts.task_line(scene.task, context_of(scene), {}, {sam.id: sam.name}, may_write=True)

    assert "Sam Okafor" in line.below


def test_of_a_hidden_message_a_line_says_people_and_time_alone(scene):
    viewer = context_of(scene).viewer
    entry = timeline.page(scene.session, viewer, scene.contact.id).entries[0]

    hidden = replace(entry, summary="", seen=Shares.HAPPENED)
    line = parts.activity_line(hidden, context_of(scene))

    assert line.text == "A message; its owner shows people and time only"
    assert line.on_click is None
    assert parts.unsaid(hidden) == line.text


def test_a_message_opens_in_its_thread_and_a_note_is_told_whole(scene):
    context = context_of(scene)
    entries = timeline.page(scene.session, context.viewer, scene.contact.id).entries
    message = next(entry for entry in entries if entry.message_id == scene.first.id)
    note = next(entry for entry in entries if entry.kind is ActivityKind.NOTE)

    opened, told = parts.activity_line(message, context), parts.activity_line(note, context)

    place = f"/inbox/{scene.first.thread_id}?view=all&message={scene.first.id}"
    assert (opened.on_click.url, opened.wrap) == (place, False)
    assert (told.on_click, told.wrap) == (None, True)
    assert told.below.startswith(isolate("Note"))


def test_an_address_begins_a_message_to_it_and_nothing_else():
    (span,) = parts.write_to("a?bcc=x&b@a.test").spans

    assert span.url == "mailto:a%3Fbcc%3Dx%26b@a.test"


def test_a_message_without_a_subject_is_not_called_hidden(scene):
    make.filed(scene.session, scene.mailbox, make.raw(subject=""))
    viewer = context_of(scene).viewer
    entries = timeline.page(scene.session, viewer, scene.contact.id).entries
    entry = next(e for e in entries if e.message_id and not e.summary)

    line = parts.activity_line(entry, context_of(scene))

    assert line.text == "No subject"


def test_an_amount_is_written_in_the_words_of_the_reader(scene):
    assert parts.amount(scene.deal) == "€48,000"


def test_a_fact_alone_needs_no_isolate():
    assert parts.beside("10:42", "") == "10:42"
    assert parts.beside("10:42", "Ana") == "\u206810:42\u2069 · \u2068Ana\u2069"
