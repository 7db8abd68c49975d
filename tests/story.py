"""A thread with Jana of Severka, a deal on it, a task; and another workspace with the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from crm.base import db, ids
from crm.base.addresses import Address
from crm.base.money import Money
from crm.filing import linking
from crm.mail import messages, outgoing, visibility
from crm.mail.draft import Draft
from crm.mail.models import Mailbox, Message, Outgoing, Shares
from crm.people import contacts
from crm.people.models import Contact
from crm.sales import deals, pipelines
from crm.sales.models import Deal, DealMove
from crm.segments import listing, views
from crm.segments.listing import Asked
from crm.segments.models import SavedView
from crm.work import notes, objects, tasks
from crm.work.models import ObjectRecord, Record, Task
from crm.workspace.changing import How
from crm.workspace.models import ObjectType, User, Workspace
from tests import make
from tests.addon.beside import Beside

#: Ana sends her own mail into the same thread.
FIRST, ANSWER, LATER = "first@severka.test", "answer@halden.test", "later@severka.test"


@dataclass
class Scene:
    """What stands beside Ana's mail."""

    session: db.Session
    workspace: Workspace
    ana: User
    mailbox: Mailbox
    messages: tuple[Message, ...]
    stranger: Message
    among: Message
    contact: Contact
    deal: Deal
    task: Task
    stages: tuple[UUID, ...]
    #: Ana's answer, which waits to be sent.
    outgoing: Outgoing
    #: The deal was made: the first row of its history.
    made: UUID
    #: A record of a sort of the workspace's own, a saved view, and an act that can be undone.
    press: ObjectRecord
    view: SavedView
    act: UUID

    @property
    def first(self) -> Message:
        """Return Jana's first message."""
        return self.messages[0]

    @property
    def later(self) -> Message:
        """Return the last message of the same thread."""
        return self.messages[2]

    def user(self, role: str) -> User:
        """Add a colleague in a role; the admin is Ana."""
        if role == "admin":
            return self.ana
        return make.user(self.session, self.workspace, f"{role}@halden.test", role=role, name=role)

    def beside(self, role: str = "admin", host: str = "panel") -> Beside:
        """Let somebody in a role sit beside the mail."""
        return Beside(self.session, self.user(role), host)


def tell(session: db.Session, workspace: Workspace, ana: User) -> Scene:
    """Take in Ana's mail, and let work begin on it."""
    mailbox = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    hour = timedelta(hours=1)
    filed = make.filed(
        session,
        mailbox,
        make.raw(subject="Label printers", text="Can you quote?", message_id=FIRST, at=make.NOW),
        make.raw(
            sender="Ana <ana@halden.test>",
            to="Jana <jana@severka.test>",
            subject="Re: Label printers",
            message_id=ANSWER,
            at=make.NOW + hour,
            In_Reply_To=f"<{FIRST}>",
        ),
        make.raw(
            subject="Re: Label printers",
            message_id=LATER,
            at=make.NOW + 2 * hour,
            In_Reply_To=f"<{ANSWER}>",
        ),
        make.raw(
            sender="Petr Novák <petr@kovar.test>",
            to="undisclosed@lists.test",
            subject="Who sells labels?",
            at=make.NOW,
        ),
        make.raw(
            sender="Sam <sam@halden.test>",
            subject="Lunch",
            at=make.NOW - hour,
        ),
    )
    *thread, stranger, among = [session.get_one(Message, (workspace.id, id_)) for id_ in filed.new]
    contact = contacts.find_by_email(session, ana, "jana@severka.test")
    assert contact is not None
    deal = deals.make(
        session,
        "Brno rollout",
        Money(4_800_000, "EUR"),
        by=ana,
        at=make.NOW - timedelta(days=9),
        company_id=contact.company_id,
    )
    deals.add_contact(session, deal, contact.id, by=ana, role="decides")
    deals.link_thread(session, deal, thread[0].thread_id, by=ana, at=make.NOW)
    linking.link_threads(session, workspace.id, [thread[0].thread_id], since=make.NOW)
    about = tasks.About(contact.id, deal.id, thread[0].thread_id, thread[0].id)
    task = tasks.make(
        session, "Send the quote", by=ana, at=make.NOW, about=about, due_on=make.NOW.date()
    )
    notes.write(session, "Likes blue", by=ana, at=make.NOW, on=[(Record.CONTACT, contact.id)])
    seen = messages.get(session, visibility.viewer(session, ana), thread[2].id)
    jana = Address("jana@severka.test")
    draft = Draft("", Address(mailbox.address), (jana,), "Re", "Y", make.NOW)
    later = make.NOW + timedelta(days=300)
    waits = outgoing.write(session, mailbox, draft, answers=seen, by=ana, at=make.NOW, due_at=later)
    stages = tuple(stage.id for stage in pipelines.stages(session, workspace.id))
    machines = ObjectType(
        workspace_id=workspace.id,
        id=ids.new(),
        key="machine",
        one="Machine",
        many="Machines",
        made_at=make.NOW,
    )
    session.add(machines)
    session.flush()
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)
    session.flush()
    act = objects.change(session, machines, press, {"name": ["Big press"]}, How(ana, make.NOW)).id
    assert act is not None
    sort = listing.sort_of(session, ana, "contact", at=make.NOW)
    view = views.save(session, sort, "Mine", Asked("owner = me"), by=ana, at=make.NOW)
    return Scene(
        session,
        workspace,
        ana,
        mailbox,
        tuple(thread),
        stranger,
        among,
        contact,
        deal,
        task,
        stages,
        waits,
        session.scalars(select(DealMove.id).where(DealMove.deal_id == deal.id)).one(),
        press,
        view,
        act,
    )
