"""A form is known by what it has written, so that nothing is sent twice from it."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from crm.mail import forms, outgoing
from crm.mail.models import Mailbox
from tests import make
from tests.sync.sending import draft


@pytest.fixture
def box(session, ana) -> Mailbox:
    return make.mailbox(session, ana)


@pytest.fixture
def once(session, box, ana):
    return partial(outgoing.write_once, session, box, by=ana, at=make.NOW)


def test_a_form_that_was_written_is_known_whatever_it_said(session, ana, once):
    form, other = forms.of(ana, uuid4()), forms.of(ana, uuid4())
    assert forms.find_written(session, ana, form) is None

    made = once(draft("120 each."), form=form)

    assert forms.find_written(session, ana, form) is made
    assert forms.find_written(session, ana, other) is None


def test_what_was_taken_back_is_not_written_until_it_is_written_anew(session, ana, once):
    form = forms.of(ana, uuid4())
    first = once(draft("120 each."), form=form)
    outgoing.cancel(session, first, by=ana, at=make.NOW)
    assert forms.find_written(session, ana, form) is None

    second = once(draft("130 each."), form=forms.of(ana, first.id))

    assert forms.find_written(session, ana, form) is second


def test_nobody_has_the_form_of_another(session, workspace, ana, once):
    nonce = uuid4()
    bo = make.user(session, workspace, "bo@halden.test")
    once(draft(), form=forms.of(ana, nonce))

    assert forms.find_written(session, bo, forms.of(bo, nonce)) is None
    assert forms.find_written(session, bo, forms.of(ana, nonce)) is None


def test_two_forms_that_say_the_same_are_two_messages(ana):
    one, two = forms.of(ana, uuid4()), forms.of(ana, uuid4())

    assert forms.message_id(one, "a") == forms.message_id(one, "a")
    assert len({forms.message_id(form, said) for form in (one, two) for said in "ab"}) == 4
    assert forms.message_id(one, "a").version == 5
