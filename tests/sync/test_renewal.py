"""A claim lasts as long as somebody is at it, and no longer."""

from __future__ import annotations

from crm.base import clock
from crm.base.db import transaction
from crm.mail import outbox
from sync import renewal
from tests.sync import rig, sending


def test_a_claim_is_renewed_beside_the_work_until_another_has_it(town, dovecot, smtp, monkeypatch):
    monkeypatch.setattr(renewal, "EVERY", 0.01)
    post = sending.connect(town, dovecot, smtp)
    sent = post.write()
    with transaction(post.box.workspace_id) as session:
        held = outbox.claim(session, post.box.workspace_id, sent, at=clock.now())
    assert held is not None

    def lease():
        return post.row(sent).leased_until

    with renewal.kept_up(held):
        first = lease()
        rig.until(lambda: lease() > first)
        post.box.ask("update outgoing set epoch = epoch + 1, leased_until = null")
    assert lease() is None
