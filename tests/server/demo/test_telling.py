"""The demo tells a whole working life, once."""

from __future__ import annotations

from sqlalchemy import func, select

from crm.base import db
from crm.base.db import transaction
from crm.base.vault import Vault
from crm.mail import mailboxes
from crm.workspace import users, workspaces
from crm.workspace.models import Workspace
from server import database
from server.database import House
from server.demo import stand_in, telling


def test_the_demo_is_told_once_and_stands(house, tmp_path):
    with stand_in.opened(tmp_path / "google") as google:
        opened = House(
            stand_in.instead_of_google(house, google.url, google.imap_url), Vault(house.vault_keys)
        )

        told = telling.tell(opened)
        again = telling.tell(opened)

    assert told == again
    # Whoever writes in a colleague's name from elsewhere is no contact.
    assert (told.messages, told.contacts, told.deals) == (305, 46, 10)
    with database.scheduler(house) as session:
        (workspace,) = workspaces.everywhere(session)
    with transaction(workspace.id) as session:
        ana = users.find_by_email(session, workspace.id, told.email)
        assert users.fits(ana, told.password)
        (box,) = mailboxes.everyone(session, workspace.id)
        assert (box.kind, box.state, box.trouble) == ("gmail", "live", "none")
        assert session.scalar(select(func.count()).select_from(Workspace)) == 1
    assert db.sessions.kw["bind"] is not None
