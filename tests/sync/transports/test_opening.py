"""A mailbox sends as its owner said, or as it is proposed; by its own password."""

from __future__ import annotations

from uuid import uuid4

import pytest

from crm.base.vault import Vault, make_key
from crm.mail.models import Mailbox
from sync.errors import MailboxKeyMissingError
from sync.google import READING, SENDING
from sync.transports import RefusedError
from sync.transports.gmail import GmailTransport
from sync.transports.opening import open_transport, smtp_place
from sync.transports.smtp import SmtpTransport

IMAP = {"host": "imap.gmail.com", "port": 993, "security": "tls", "login": "ana"}


def mailbox(**place) -> Mailbox:
    return Mailbox(kind="imap", address="ana@gmail.com", place=IMAP | place, secret=b"x")


def test_what_its_owner_said_comes_first():
    own = {"host": "smtp.halden.test", "port": 587, "security": "starttls"}

    assert smtp_place(mailbox(smtp=own)) == own


def test_else_it_sends_where_its_provider_says():
    assert smtp_place(mailbox()) == {"host": "smtp.gmail.com", "port": 465, "security": "tls"}


def test_its_password_comes_out_of_the_vault(shared):
    vault = Vault([make_key()])
    box = mailbox()
    box.secret = vault.seal("secret")

    assert isinstance(open_transport(box, shared, vault), SmtpTransport)
    with pytest.raises(MailboxKeyMissingError):
        open_transport(box, shared, Vault([make_key()]))


@pytest.mark.parametrize(
    ("place", "sends"),
    [
        ({"grant": "consent"}, True),
        ({"grant": "consent", "scopes": list(READING)}, False),
        ({"grant": "consent", "scopes": [*READING, *SENDING]}, True),
    ],
    ids=["unsaid", "reading", "sending"],
)
def test_a_mailbox_of_gmail_sends_where_it_is_read_as_far_as_its_consent_reaches(
    shared, place, sends
):
    vault = Vault([make_key()])
    secret = vault.seal("1//a-refresh-token")
    box = Mailbox(id=uuid4(), kind="gmail", address="ana@halden.test", place=place, secret=secret)

    opened = open_transport(box, shared, vault)

    assert isinstance(opened, GmailTransport)
    assert opened.place is None
    assert opened._may_send is sends
    with pytest.raises(MailboxKeyMissingError):
        open_transport(box, shared, Vault([make_key()]))


def test_nothing_is_sent_through_files(shared):
    with pytest.raises(RefusedError):
        open_transport(Mailbox(kind="files", place={}), shared, Vault([make_key()]))
