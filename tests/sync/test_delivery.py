"""Whoever has a message in hand knows what it says now, and who may send it."""

from __future__ import annotations

import json

import pytest

from crm.base.addresses import Address
from crm.base.settings import Settings
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import Smtp
from tests.sync import sending
from tests.sync.sending import Post

SALES = Address("sales@halden.test")


@pytest.fixture
def post(town: Settings, dovecot: Dovecot, smtp: Smtp) -> Post:
    return sending.connect(town, dovecot, smtp)


def verified(post: Post, *emails: str) -> None:
    """Let the mailbox's server know of these addresses."""
    place = "update mailbox set place = jsonb_set(place, '{aliases}', %s::jsonb) where id = %s"
    post.box.ask(place, json.dumps(emails), post.box.id)


def test_a_message_leaves_under_an_address_that_is_still_its_mailboxs(post, smtp):
    verified(post, SALES.email)
    sent = post.write(author=SALES)

    post.work(sent)

    assert (post.state(sent), smtp.received[0].sender) == ("sent", SALES.email)


def test_nothing_leaves_under_an_address_that_is_its_mailboxs_no_more(post, smtp):
    verified(post, SALES.email)
    sent = post.write(author=SALES)
    verified(post)

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble) == ("failed", "not_allowed")
    assert smtp.commands == []
