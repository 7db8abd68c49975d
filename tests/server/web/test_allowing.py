"""A consent that does not reach as far as sending: said, and mended by one click."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.base import ids
from crm.mail.models import Mailbox, OutgoingTrouble
from server.web import allowing
from sync.google import READING, SENDING


def box(kind: str = "gmail", **place: object) -> Mailbox:
    return Mailbox(id=ids.new(), kind=kind, place=place)


@pytest.mark.parametrize(
    ("given", "said", "clicks"),
    [
        (box(grant="consent", scopes=list(READING)), True, 1),
        (box(grant="consent", scopes=[*READING, *SENDING]), False, 0),
        (box(grant="consent", scopes=["https://mail.google.com/"]), False, 0),
        (box(grant="consent"), False, 0),  # It was connected by a script, which does not say.
        (box(grant="delegation"), False, 0),
        (box("imap", host="imap.halden.test"), False, 0),
    ],
    ids=["reading", "sending", "everything", "unsaid", "delegation", "imap"],
)
def test_it_is_said_of_a_consent_for_reading_alone(
    app: Flask, given: Mailbox, said: bool, clicks: int
) -> None:
    with app.test_request_context():
        assert bool(allowing.missing(given)) is said
        assert len(allowing.actions(given)) == clicks


def test_what_an_admin_allows_no_click_of_the_user_s_mends(app: Flask) -> None:
    with app.test_request_context():
        for trouble in (OutgoingTrouble.CONSENT, OutgoingTrouble.SCOPE_MISSING):
            assert allowing.mending(box(grant="delegation"), trouble) == ()
            [action] = allowing.mending(box(grant="consent"), trouble)
            assert "/mailboxes/gmail/" in action.href
        assert allowing.mending(box(grant="consent"), OutgoingTrouble.LOGIN) == ()
