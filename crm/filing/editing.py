"""Edit a contact: its fields, its addresses, and the mail that comes along with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from crm.base import addresses, bulk
from crm.base.errors import ConflictError, InvalidError
from crm.base.i18n import gettext as _
from crm.filing import doubting, known, linking, pulling
from crm.people import contacts
from crm.people.models import Contact, ContactAddress
from crm.workspace import audit, changing, reaching
from crm.workspace.audit import Done
from crm.workspace.permissions import Deed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.changing import Act, How
    from crm.workspace.models import User

#: So many addresses one person has at most.
MOST = 50
_AT_ONCE = 1000


def change_contact(
    session: Session,
    contact: Contact,
    typed: Mapping[str, Sequence[str]],
    how: How,
    *,
    was: Mapping[str, str] | None = None,
) -> Act:
    """Write what was typed into a contact's fields; see `contacts.change`.

    Who had no company brings their mail into the one that they are given. Who moves to another
    leaves the past where it happened: what they write from now on stands with the new one.
    """
    known.lock(session, contact.workspace_id)
    act = contacts.change(session, contact, typed, how, was=was)
    moved = act.of("company")
    if moved is not None and moved.after and not moved.before:
        _bring(session, contact.workspace_id, contact.id, how.at)
    return act


def restore_contact(
    session: Session,
    contact: Contact,
    texts: Mapping[str, str],
    how: How,
    *,
    was: Mapping[str, str],
) -> Act:
    """Write canonical texts that a contact's fields had before; see `changing.restore`."""
    known.lock(session, contact.workspace_id)
    contacts.hold(session, contact)
    fields = contacts.known_fields(session, contact.workspace_id)
    act = changing.restore(session, contact, fields, texts, how, was=was)
    session.flush()
    return act


def add_address(session: Session, contact: Contact, email: str, *, by: User, at: datetime) -> int:
    """Give a contact one more address, and pull in the mail that is there; count the messages.

    Raises InvalidError, and ConflictError where the address is somebody else's.
    """
    address = addresses.parse(email)
    if address is None:
        raise InvalidError(_("“{text}” is not an address.").format(text=email[:100]))
    known.lock(session, contact.workspace_id)
    contacts.hold(session, contact)
    reaching.check(session, by, "contact", contact.owner_id, Deed.EDIT)
    _check_free(session, contact, address.email, by)
    here = (
        ContactAddress.workspace_id == contact.workspace_id,
        ContactAddress.contact_id == contact.id,
    )
    positions = session.scalars(select(ContactAddress.position).where(*here)).all()
    if len(positions) >= MOST:
        raise ConflictError(_("A contact has at most {most} addresses.").format(most=MOST))
    doubting.trust(session, contact.workspace_id, address.email)
    session.add(
        ContactAddress(
            workspace_id=contact.workspace_id,
            email=address.email,
            contact_id=contact.id,
            position=max(positions, default=-1) + 1,
        )
    )
    session.flush()
    _note(session, contact, by, at, after=address.email)
    return pulling.pull_in(session, contact.workspace_id, {address.email: contact.id}, since=at)


def remove_address(
    session: Session, contact: Contact, email: str, *, by: User, at: datetime
) -> None:
    """Take an address from a contact: what comes from it from now on is a stranger's.

    The mail that is there stays where it stands. Raises ConflictError for the only one.
    """
    known.lock(session, contact.workspace_id)
    contacts.hold(session, contact)
    reaching.check(session, by, "contact", contact.owner_id, Deed.EDIT)
    if len(contact.addresses) < 2 and email in {a.email for a in contact.addresses}:
        problem = _("It is the only address of {name}. Add another one first.")
        raise ConflictError(problem.format(name=contact.name))
    gone = session.scalar(
        delete(ContactAddress)
        .where(
            ContactAddress.workspace_id == contact.workspace_id,
            ContactAddress.contact_id == contact.id,
            ContactAddress.email == email,
        )
        .returning(ContactAddress.email)
    )
    if gone is not None:
        _note(session, contact, by, at, before=email)


def prefer_address(
    session: Session, contact: Contact, email: str, *, by: User, at: datetime
) -> None:
    """Write to a contact at this one of their addresses first."""
    contacts.hold(session, contact)
    reaching.check(session, by, "contact", contact.owner_id, Deed.EDIT)
    ordered = sorted(contact.addresses, key=lambda a: (a.email != email, a.position))
    for position, address in enumerate(ordered):
        session.execute(
            update(ContactAddress)
            .where(
                ContactAddress.workspace_id == contact.workspace_id,
                ContactAddress.email == address.email,
            )
            .values(position=position)
        )
    if ordered and ordered[0].email == email and contact.addresses[0].email != email:
        done = [Done("contact", contact.id, field="first_address", after=email)]
        audit.record(session, contact.workspace_id, done, by=by, at=at)
    session.expire(contact, ["addresses"])


def _check_free(session: Session, contact: Contact, email: str, by: User) -> None:
    """Refuse an address that is a colleague's, or another contact's."""
    whose = known.people(session, contact.workspace_id, [email]).get(email)
    if whose is not None and whose.contact_id == contact.id:
        raise ConflictError(_("{email} is there already.").format(email=email))
    if whose is not None:
        other = contacts.find_by_email(session, by, email)
        name = other.name if other is not None else _("a contact that you may not see")
        problem = _("{email} belongs to {name}. Merge the two if they are one person.")
        raise ConflictError(problem.format(email=email, name=name))
    if known.our_circle(session, contact.workspace_id).holds(email):
        problem = _("{email} is a colleague’s address. Contacts are people outside.")
        raise InvalidError(problem.format(email=email))


def _bring(session: Session, workspace_id: UUID, contact_id: UUID, at: datetime) -> None:
    """Put the messages of a contact on the timeline of the company that they have now."""
    rows = bulk.run(
        session,
        "select distinct p.message_id from participant p"
        " where p.workspace_id = %s and p.contact_id = %s",
        (workspace_id, contact_id),
    )
    message_ids = [message_id for (message_id,) in rows]
    for start in range(0, len(message_ids), _AT_ONCE):
        linking.link(session, workspace_id, message_ids[start : start + _AT_ONCE], since=at)


def _note(
    session: Session, contact: Contact, by: User, at: datetime, *, before: str = "", after: str = ""
) -> None:
    done = [Done("contact", contact.id, field="addresses", before=before, after=after)]
    audit.record(session, contact.workspace_id, done, by=by, at=at)
    session.expire(contact, ["addresses"])
