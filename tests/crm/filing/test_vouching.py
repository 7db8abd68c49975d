"""Whose word is believed about an author: the server's own, where nobody else can have put it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.filing import vouching
from crm.mail.meaning import Meaning, Suspicion, Voucher
from tests import make


@pytest.fixture
def letter():
    def told(voucher, **values):
        found = make.arrival(make.raw(), meaning=Meaning(voucher=voucher, **values))
        return found.letter

    return told


@pytest.fixture
def box(session, ana):
    def of(kind, host="imap.halden.test"):
        made = make.mailbox(session, ana, f"{kind}-{host}@halden.test", kind=kind)
        made.place = {"host": host}
        return made

    return of


GOOGLE, OTHER = Voucher("mx.google.com", last=False), Voucher("mx.halden.test", last=False)


def test_google_is_believed_in_the_mailboxes_that_it_keeps(box, letter):
    for mailbox in (box("gmail"), box("imap", "imap.gmail.com")):
        assert vouching.vouches(mailbox, letter(GOOGLE))
        assert not vouching.vouches(mailbox, letter(OTHER))


def test_elsewhere_anybody_can_have_written_google_s_word(box, letter):
    for mailbox in (box("imap"), box("files", "imap.gmail.com")):
        assert not vouching.vouches(mailbox, letter(GOOGLE))


def test_whoever_had_a_letter_last_is_believed_everywhere(box, letter):
    assert vouching.vouches(box("imap"), letter(replace(OTHER, last=True)))


def test_nobody_vouches_for_a_letter_without_a_word_or_under_suspicion(box, letter):
    mailbox = box("gmail")

    assert not vouching.vouches(mailbox, letter(None))
    for suspicion in Suspicion:
        assert not vouching.vouches(mailbox, letter(GOOGLE, suspicions=(suspicion,)))
