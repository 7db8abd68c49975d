"""Prepare the demo: found a workspace, take in the sample mailbox, and let work begin on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from crm.base import clock
from crm.base.db import transaction
from crm.base.money import Money
from crm.filing import by_hand
from crm.mail import mailboxes, messages, visibility
from crm.mail.models import MailboxKind, Message
from crm.people import contacts
from crm.people.models import Contact
from crm.sales import deals, pipelines
from crm.sales.models import Deal
from crm.work import notes, tasks
from crm.work.models import Record
from crm.workspace import users, workspaces
from crm.workspace.models import UserRole
from server import database
from server.demo import consenting, stand_in
from server.demo.gmail import post_office
from sync import running

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.visibility import Viewer
    from crm.workspace.models import User
    from server.database import House

HERE = Path(__file__).parent
EMAIL = stand_in.ANA
#: The demo listens on this machine alone and holds nobody's mail.
PASSWORD = "label-printer"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo holds, and how to get in."""

    messages: int
    contacts: int
    deals: int
    post_office: str
    beside: str
    email: str = EMAIL
    password: str = PASSWORD


def tell(house: House) -> Told:
    """Prepare the demo where there is none yet; return what it holds. Safe to repeat."""
    with database.scheduler(house.settings) as session:
        found = [w for w in workspaces.everywhere(session) if w.name == "Halden"]
    workspace_id = found[0].id if found else _prepare(house)
    with transaction(workspace_id) as session:
        return Told(
            _count(session, Message),
            _count(session, Contact),
            _count(session, Deal),
            post_office=f"{house.settings.google_api_url}{post_office.PATH}",
            beside=stand_in.BESIDE,
        )


def _prepare(house: House) -> UUID:
    now = clock.now()
    grant = consenting.consent(house.settings, EMAIL)
    with transaction() as session:
        workspace = workspaces.found(session, "Halden", at=now, sandbox=True)
        pipelines.add_first(session, workspace.id)
        ana = _add_people(session, workspace.id, now)
        box = mailboxes.connect(
            session,
            ana,
            EMAIL,
            kind=MailboxKind.GMAIL,
            place=grant.place,
            secret=house.vault.seal(grant.refresh_token),
            by=ana,
            at=now,
        )
    running.bring_up_to_date(workspace.id, box.id, house.settings, house.vault)
    with transaction(workspace.id) as session:
        records = json.loads((HERE / "records.json").read_text())
        viewer = visibility.viewer(session, users.get(session, workspace.id, ana.id))
        for told in records["deals"]:
            _deal(session, viewer, told, now)
        for told in records["tasks"]:
            _task(session, viewer, told, now)
        for told in records["notes"]:
            _note(session, viewer, told, now)
    return workspace.id


def _add_people(session: Session, workspace_id: UUID, now: datetime) -> User:
    people = (
        (EMAIL, "Ana Kovač", UserRole.ADMIN, PASSWORD),
        ("sam@halden.example", "Sam Okafor", UserRole.REP, PASSWORD),
        ("piotr@halden.example", "Piotr Zieliński", UserRole.SUPPORT, PASSWORD),
    )
    added = [
        users.add(
            session,
            workspace_id,
            email,
            name=name,
            role=role,
            password=password,
            time_zone="Europe/Prague",
            at=now,
        )
        for email, name, role, password in people
    ]
    return added[0]


def _deal(session: Session, viewer: Viewer, told: dict[str, Any], now: datetime) -> None:
    user = viewer.user
    stages = {s.name: s for s in pipelines.stages(session, user.workspace_id)}
    people = [
        (contacts.find_by_email(session, user, person["email"]), person["role"])
        for person in told["contacts"]
    ]
    known = [(contact, role) for contact, role in people if contact is not None]
    thread = messages.named(session, viewer, told["thread_message_id"])[0].message
    made = deals.make(
        session,
        told["name"],
        Money(told["amount_minor"], told["currency"]),
        by=user,
        at=min(now, thread.at + timedelta(hours=1)),
        company_id=known[0][0].company_id if known else None,
        closes_on=date.fromisoformat(told["closes_on"]) if told["closes_on"] else None,
    )
    for contact, role in known:
        deals.add_contact(session, made, contact.id, by=user, role=role)
    by_hand.link_thread(session, made, thread.thread_id, by=user, at=now)
    moved = min(now, thread.at + timedelta(days=2))
    deals.move(session, made, to=stages[told["stage"]], by=user, at=moved)


def _task(session: Session, viewer: Viewer, told: dict[str, Any], now: datetime) -> None:
    user = viewer.user
    contact = contacts.find_by_email(session, user, told["contact_email"])
    thread_id = None
    if told.get("thread_message_id"):
        found = messages.named(session, viewer, told["thread_message_id"])
        thread_id = found[0].message.thread_id
    linked = deals.of_thread(session, user, thread_id) if thread_id else []
    task = tasks.make(
        session,
        told["title"],
        by=user,
        at=now - timedelta(days=3),
        about=tasks.About(
            contact_id=contact.id if contact else None,
            deal_id=linked[0].id if linked else None,
            thread_id=thread_id,
        ),
        due_on=now.date() + timedelta(days=told["due_in_days"]),
    )
    if told["done"]:
        tasks.finish(session, task, by=user, at=now - timedelta(days=1))


def _note(session: Session, viewer: Viewer, told: dict[str, Any], now: datetime) -> None:
    user = viewer.user
    contact = contacts.find_by_email(session, user, told["contact_email"])
    if contact is None:
        return
    at = now - timedelta(days=told["days_ago"])
    on = [(Record.CONTACT, contact.id)]
    if contact.company_id is not None:
        on.append((Record.COMPANY, contact.company_id))
    notes.write(session, told["text"], by=user, at=at, on=on)


def _count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
