"""A password is tried at the server before it takes another's place."""

from __future__ import annotations

import pytest

from crm.base.vault import Vault, make_key
from sync.connecting import entering
from sync.errors import AuthorizationRevokedError, OutOfReachError
from tests import make


@pytest.fixture
def box(session, ana, shared, dovecot):
    place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "login": "enter"}
    secret = Vault(shared.vault_keys).seal("old")
    return make.mailbox(session, ana, kind="imap", place=place, secret=secret)


def test_the_new_password_is_tried_and_not_the_old_one(box, shared, dovecot):
    vault = Vault(shared.vault_keys)

    entering.enter(box, dovecot.password, shared, vault)

    with pytest.raises(AuthorizationRevokedError):
        entering.enter(box, "wrong", shared, vault)


def test_it_is_tried_where_the_mailbox_may_be_read_alone(box, shared, dovecot):
    box.place = {**box.place, "reach": "public"}

    with pytest.raises(OutOfReachError):
        entering.enter(box, dovecot.password, shared, Vault(shared.vault_keys))


def test_a_secret_that_no_key_opens_any_more_is_not_in_the_way(box, shared, dovecot):
    box.secret = lost = Vault((make_key(),)).seal("lost")

    entering.enter(box, dovecot.password, shared, Vault(shared.vault_keys))

    assert box.secret == lost  # It was tried, and nothing is kept of it.
