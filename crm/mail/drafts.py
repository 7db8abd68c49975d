"""Drafts out of rows: what is to be sent, with its attachments, as it is composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import undefer

from crm.base import addresses
from crm.mail.draft import Draft, File
from crm.mail.models import Mailbox, Outgoing, OutgoingFile
from crm.workspace.models import User

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from crm.base.addresses import Address
    from crm.base.db import Session


def of(session: Session, outgoing: Outgoing, mailbox: Mailbox) -> Draft:
    """Return the draft that a row holds. Twice the same row is twice the same draft."""
    people: dict[str, list[Address]] = {"to": [], "cc": [], "bcc": []}
    for one in outgoing.recipients:
        address = addresses.parse(one["email"], one["name"])
        if address is not None:
            people[one["role"]].append(address)
    author = session.get_one(User, (outgoing.workspace_id, outgoing.author_id))
    # Whoever writes for support writes as support, and not by their own name.
    name = author.name if mailbox.user_id == author.id else ""
    return Draft(
        rfc_id=outgoing.rfc_id,
        author=addresses.Address(outgoing.alias or mailbox.address, addresses.clean_name(name)),
        to=tuple(people["to"]),
        cc=tuple(people["cc"]),
        bcc=tuple(people["bcc"]),
        subject=outgoing.subject,
        text=outgoing.text,
        html=outgoing.html,
        files=tuple(
            File(one.filename, one.content_type, one.body)
            for one in _whole_files(session, outgoing)
        ),
        references=tuple(outgoing.references),
        at=outgoing.dated_at,
    )


def files(session: Session, outgoing: Outgoing) -> list[OutgoingFile]:
    """List the attachments of what is to be sent, without their bytes."""
    return list(session.scalars(_files_of(outgoing)))


def files_at(session: Session, outgoing: Outgoing, positions: Collection[int]) -> tuple[File, ...]:
    """Return some of the attachments with their bytes, for another message that has them too."""
    found = session.scalars(
        _files_of(outgoing)
        .where(OutgoingFile.position.in_(positions))
        .options(undefer(OutgoingFile.body))
    )
    return tuple(File(one.filename, one.content_type, one.body) for one in found)


def _whole_files(session: Session, outgoing: Outgoing) -> list[OutgoingFile]:
    return list(session.scalars(_files_of(outgoing).options(undefer(OutgoingFile.body))))


def _files_of(outgoing: Outgoing) -> Select[OutgoingFile]:
    return (
        select(OutgoingFile)
        .where(
            OutgoingFile.workspace_id == outgoing.workspace_id,
            OutgoingFile.outgoing_id == outgoing.id,
        )
        .order_by(OutgoingFile.position)
    )
