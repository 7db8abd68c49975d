"""Several processes bring in one mailbox, and no letter twice."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from crm.base.db import transaction
from crm.base.vault import Vault
from crm.mail import mailboxes
from crm.mail.models import MailboxKind, Message
from server import crew
from server.database import House
from sync import leases
from tests import make
from tests.servers.proxy import Fault, Proxy
from tests.sync import rig


@pytest.mark.parametrize("workers", [1, 2])
def test_a_mailbox_comes_in_whole_whoever_helps(house, tmp_path, workers):
    mail = tmp_path / "mail"
    mail.mkdir()
    for n in range(60):
        (mail / f"{n}.eml").write_bytes(make.raw(subject=f"Matter {n}"))
    with transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, role="admin")
        box = mailboxes.connect(
            session,
            ana,
            ana.email,
            kind=MailboxKind.FILES,
            place={"path": str(mail)},
            secret=None,
            by=ana,
            at=make.NOW,
        )
    seen = []

    brought = crew.bring_up_to_date(
        House(house, Vault(house.vault_keys)), box, workers, progress=seen.append
    )

    with transaction(workspace.id) as session:
        count = session.scalar(select(func.count()).select_from(Message))
    assert (brought.stored, brought.failed, brought.trouble, count) == (60, 0, "", 60)
    assert workers > 1 or seen[-1] == 60


def test_no_worker_begins_to_look_while_a_command_does(house, dovecot):
    rig.deliver(dovecot, "leased", rig.letters(2))
    box = rig.connect(house, dovecot.port, "leased")
    others = []

    def look(_count: int) -> None:
        with leases.held(box.workspace_id, box.id) as held:
            others.append(held)

    crew.bring_up_to_date(House(house, box.vault), box.row(), 1, progress=look)

    assert others == [False]
    assert box.row().leased_until is None


def test_a_helper_whom_the_server_refuses_is_told_aside_and_nothing_is_missing(house, dovecot):
    rig.deliver(dovecot, "crew", rig.letters(5))
    with Proxy(dovecot.port) as liar:
        liar.plan(Fault("auth_unavailable", nth=2))
        box = rig.connect(house, liar.port, "crew")

        brought = crew.bring_up_to_date(House(house, box.vault), box.row(), 2)

    assert (brought.stored, brought.trouble, box.row().state) == (5, "", "live")
    (words,) = brought.aside
    assert words.startswith("unreachable: ")
