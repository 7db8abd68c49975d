"""Who sees how a mailbox is doing: whoever it belongs to, and who looks after everyone's."""

from __future__ import annotations

import pytest

from crm.base.errors import NotFoundError
from crm.mail import overseen
from tests import make


@pytest.mark.parametrize(
    ("role", "own", "seen"),
    [
        ("rep", True, True),
        ("rep", False, False),
        ("support", False, False),
        ("reader", True, True),
        ("reader", False, False),
        ("manager", False, True),
        ("admin", False, True),
    ],
)
def test_who_sees_a_mailbox(session, workspace, ana, role, own, seen):
    bo = make.user(session, workspace, "bo@halden.test")
    box = make.mailbox(session, bo if own else ana, "box@halden.test")
    bo.role = role

    assert (overseen.everyone(session, bo) == [box]) is seen
    if seen:
        assert overseen.get(session, bo, box.id) is box
    else:
        with pytest.raises(NotFoundError):
            overseen.get(session, bo, box.id)


def test_nobody_sees_one_of_another_workspace(session, ana):
    other = make.workspace(session, "Elsewhere")
    eva = make.user(session, other, "eva@elsewhere.test", role="admin")
    theirs = make.mailbox(session, eva)

    assert overseen.everyone(session, ana) == []
    with pytest.raises(NotFoundError):
        overseen.get(session, ana, theirs.id)
