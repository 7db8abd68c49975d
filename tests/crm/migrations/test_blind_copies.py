"""Blind copies that older code filed for everyone are brought to what is filed now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from crm.base import db, ids
from crm.base.db import Session
from crm.base.settings import Settings
from crm.mail.models import Message, Shares
from crm.migrations import upgrading
from crm.work.models import ActivityLink, LinkRule, Record
from tests import make


def test_what_was_filed_before_is_brought_to_the_same(house: Settings) -> None:
    with db.transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, "ana@halden.test")
        box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
        raw = make.raw("ana@halden.test", "jana@severka.test", "Offer", Bcc="secret@zinc.test")
        make.filed(session, box, raw, folder_name="Sent")
        now = state(session)
        workspace_id = workspace.id
        as_older_code_wrote_it(session, workspace_id)
        assert state(session) != now

    upgrading.downgrade(house.database_owner_url, "0008")
    upgrading.upgrade(house.database_owner_url)

    with db.transaction(workspace_id) as session:
        assert state(session) == now


def state(session: Session) -> tuple[object, ...]:
    session.expire_all()
    rows = session.execute(select(*ActivityLink.__table__.columns))
    return {tuple(row) for row in rows}, session.scalars(select(Message.search)).one()


def as_older_code_wrote_it(session: Session, workspace_id: UUID) -> None:
    """Put the lines of blind copies before everyone, and their addresses into what is searched."""
    for record, rule in ((Record.CONTACT, LinkRule.ADDRESS), (Record.COMPANY, LinkRule.COMPANY)):
        session.execute(
            update(ActivityLink)
            .where(ActivityLink.rule == LinkRule.BLIND, ActivityLink.record == record)
            .values(audience=ids.EVERYONE, rule=rule)
        )
    told = func.to_tsvector("public.inlay", "Offer Jana jana@severka.test Secret secret@zinc.test")
    session.execute(update(Message).where(Message.workspace_id == workspace_id).values(search=told))
