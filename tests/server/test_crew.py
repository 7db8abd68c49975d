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
from tests import make


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
