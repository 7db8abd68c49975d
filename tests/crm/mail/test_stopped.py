"""Which mailboxes wait for somebody: their owner is told, and nobody of what mends itself."""

from __future__ import annotations

import pytest

from crm.mail import stopped
from tests import make


@pytest.mark.parametrize(
    ("state", "trouble", "waits"),
    [
        ("live", "none", False),
        ("connecting", "none", False),
        ("paused", "login_refused", False),
        ("failing", "unreachable", False),
        ("failing", "quota", False),
        ("failing", "not_admitted", True),
        ("failing", "key_missing", True),
        ("failing", "login_refused", False),
        ("failing", "consent_revoked", True),
        ("failing", "consent_expired", True),
        ("failing", "scope_missing", True),
        ("needs_login", "consent_revoked", True),
        ("needs_login", "login_refused", True),
    ],
)
def test_a_mailbox_waits_where_nothing_but_somebody_mends_it(session, ana, state, trouble, waits):
    box = make.mailbox(session, ana)
    box.state, box.trouble = state, trouble
    session.flush()

    assert stopped.of_owner(session, ana) == ([box] if waits else [])


def test_a_colleague_is_not_told(session, workspace, ana):
    colleague = make.user(session, workspace, "eve@halden.test", role="admin")
    make.mailbox(session, ana).state = "needs_login"
    session.flush()

    assert stopped.of_owner(session, colleague) == []
