"""The workspaces of a stored database: founded by the product, then peopled by the thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from benchmarks.made_mailbox.languages import LANGUAGES, ascii_name
from benchmarks.stored.rows import key
from crm.base.db import transaction
from crm.mail import folders, mailboxes
from crm.mail.models import MailboxKind
from crm.people.models import Lifecycle, Origin
from crm.sales import pipelines
from crm.workspace import users, workspaces
from crm.workspace.models import UserRole

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from benchmarks.stored.rows import Rows

BEGIN: Final = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
SPAN: Final = 600 * 86400


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody's mailbox with its folders."""

    user_id: UUID
    id: UUID
    address: str
    shares: int
    inbox: UUID
    sent: UUID


@dataclass(frozen=True, slots=True)
class Known:
    """A contact, and the deals in which it has a part."""

    id: UUID
    email: str
    name: str
    lang: str
    company_id: UUID
    keeper: int
    deals: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Peopled:
    """A workspace with everybody in it."""

    id: UUID
    boxes: list[Box]
    stages: list[tuple[UUID, UUID, int]]  # of a pipeline, itself, what it means
    contacts: list[Known]

    def likely(self, rnd: Random) -> Known:
        """Choose a contact by Zipf's law: the first is the best known."""
        return self.contacts[int(len(self.contacts) ** rnd.random()) - 1]


def found(number: int, colleagues: int) -> Peopled:
    """Found a workspace with its colleagues and their mailboxes."""
    at = datetime.fromtimestamp(BEGIN, UTC)
    host = f"house{number}.test"
    with transaction() as session:
        workspace = workspaces.found(session, f"House {number}", at=at)
        pipelines.add_first(session, workspace.id)
        boxes = []
        admin = None
        for i in range(colleagues):
            role = UserRole.ADMIN if i == 0 else UserRole.REP
            address = f"rep{i}@{host}"
            user = users.add(session, workspace.id, address, role=role, name=f"Rep {i}", at=at)
            admin = admin or user
            box = mailboxes.connect(
                session,
                user,
                address,
                kind=MailboxKind.FILES,
                place={"path": "/nowhere"},
                secret=None,
                by=admin,
                at=at,
            )
            box.shares = 1 + i % 3
            session.flush()
            place = {
                name: folders.add(session, box, name, role=role, uidvalidity=1, skips="").id
                for name, role in (("INBOX", "inbox"), ("Sent", "sent"))
            }
            boxes.append(Box(user.id, box.id, address, box.shares, place["INBOX"], place["Sent"]))
        stages = [(s.pipeline_id, s.id, s.outcome) for s in pipelines.stages(session, workspace.id)]
        return Peopled(workspace.id, boxes, stages, [])


def people(rows: Rows, rnd: Random, workspace: Peopled, count: int) -> None:
    """Add contacts and their companies."""
    codes = list(LANGUAGES)
    weights = [LANGUAGES[code].weight for code in codes]
    at = datetime.fromtimestamp(BEGIN, UTC)
    companies = []
    for i in range(max(1, count // 4)):
        company_id = key(rnd.getrandbits(74), BEGIN)
        domain = f"company{i}.test"
        companies.append((company_id, domain))
        rows.add("company", workspace.id, company_id, f"Company {i}", domain, Origin.MAIL, at)
    for i in range(count):
        lang = rnd.choices(codes, weights)[0]
        words = LANGUAGES[lang]
        first, last = rnd.choice(words.first_names), rnd.choice(words.last_names)
        company_id, domain = companies[int(len(companies) * rnd.random() ** 2)]
        email = f"{ascii_name(first)}.{ascii_name(last)}{i}@{domain}"
        name = f"{first} {last}"
        keeper = rnd.randrange(len(workspace.boxes))
        contact = Known(key(rnd.getrandbits(74), BEGIN), email, name, lang, company_id, keeper)
        workspace.contacts.append(contact)
        user_id = workspace.boxes[keeper].user_id
        rows.add(
            *("contact", workspace.id, contact.id, name, "", "", company_id, user_id),
            *(Lifecycle.LEAD, Origin.MAIL, at, at, at),
        )
        rows.add("contact_address", workspace.id, email, contact.id, 0)
        rows.add("lifecycle_step", workspace.id, contact.id, at, Lifecycle.LEAD)
