"""Objects as JSON: the shapes that scripts and other programs rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm.work.models import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from addon.response import Response
    from addon.widgets import Links
    from crm.mail.copies import FolderLedger
    from crm.mail.letter import Letter
    from crm.mail.meaning import Details, Meaning, Meeting, Named
    from crm.mail.messages import CopyPlace, Seen
    from crm.mail.models import Copy, Mailbox, Outgoing
    from crm.people.models import Contact
    from crm.work.links import Link
    from crm.work.timeline import Entry


def answer(shown: Response, links: Links) -> bytes:
    """Write the add-on's answer: what Gmail gets, and what `inlay card` prints."""
    written = json.dumps(shown.to_json(links), ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "replace") + b"\n"


def mailbox(box: Mailbox, at: datetime) -> dict[str, Any]:
    """Shape a mailbox and how it is doing."""
    lag = int((at - box.synced_at).total_seconds()) if box.synced_at else None
    return {
        "id": str(box.id),
        "address": box.address,
        "kind": box.kind,
        "state": box.state,
        "trouble": box.trouble,
        "lag_seconds": lag,
        "last_error": box.last_error,
    }


def outgoing(made: Outgoing, box: Mailbox) -> dict[str, Any]:
    """Shape a message to be sent, and what became of it."""
    return {
        "id": str(made.id),
        "mailbox": box.address,
        "message_id": made.sent_rfc_id or made.rfc_id,
        "state": made.state,
        "due_at": time(made.due_at) if made.due_at and made.state == "waiting" else None,
        "tries": made.tries,
        "trouble": made.trouble,
        "said": made.said,
        "refused": made.refused,
    }


def ledger(box: Mailbox, folders: Sequence[FolderLedger]) -> dict[str, Any]:
    """Shape a mailbox's ledger."""
    compared = [a.folder.compared_at for a in folders if a.folder.compared_at]
    return {
        "mailbox": box.address,
        "balanced": bool(folders) and all(a.balanced for a in folders),
        "as_of": time(min(compared)) if compared else None,
        "folders": [
            {
                "name": a.folder.name,
                "server": a.folder.server,
                "stored": a.stored,
                "skipped": a.skipped,
                "failed": a.failed,
                "pending": a.folder.pending,
                "stray": a.folder.stray,
                "gone": a.gone,
                "balanced": a.balanced,
                **({"trouble": a.folder.trouble} if a.folder.trouble else {}),
            }
            for a in folders
        ],
    }


def contact(person: Contact, owner: str | None) -> dict[str, Any]:
    """Shape a contact."""
    return {
        "id": str(person.id),
        "name": person.name,
        "addresses": [a.email for a in person.addresses],
        "company": person.company.name if person.company else None,
        "lifecycle": person.lifecycle,
        "owner": owner,
    }


def activity(entry: Entry, reason: str) -> dict[str, Any]:
    """Shape a line of a timeline."""
    return {
        "kind": entry.kind.word,
        "at": time(entry.at),
        "summary": entry.summary,
        "message_id": entry.rfc_id or None,
        "reason": reason,
    }


def message(seen: Seen, copies: Sequence[CopyPlace], links: Sequence[Link]) -> dict[str, Any]:
    """Shape a message with where it is and why it is on which records."""
    m = seen.message
    return {
        "id": str(m.id),
        "message_id": m.rfc_id or None,
        "thread": str(m.thread_id),
        "direction": seen.direction.word,
        "kind": seen.kind.word,
        "subject": seen.subject,
        "from": {"name": m.from_name, "address": m.from_email},
        "copies": [{"mailbox": c.mailbox, "folder": c.folder} for c in copies],
        "links": [
            {
                "record": Record(link.record).word,
                "id": str(link.id),
                "name": link.name,
                "reason": link.reason,
                "since": time(link.since),
            }
            for link in links
        ],
        "unfiled": m.unfiled or None,
    }


def quarantined(copy: Copy, mailbox_address: str, folder: str) -> dict[str, Any]:
    """Shape a letter that could not be read."""
    return {
        "id": f"{copy.folder_id}:{copy.uidvalidity}:{copy.uid}",
        "mailbox": mailbox_address,
        "folder": folder,
        "error": copy.error,
        "size": copy.size,
        "attempts": copy.attempts,
    }


def letter(read: Letter) -> dict[str, Any]:
    """Shape what reading makes of a letter."""
    from crm.mail.letter import Role
    from sync.reading import doubts

    def people(role: Role) -> list[dict[str, str]]:
        found = [p.address for p in read.parties if p.role is role]
        here = [{"name": a.name, "address": a.email} for a in found]
        return here + [
            {"name": n.name, "address": n.email} for r, n in read.without_domain if r is role
        ]

    return {
        "message_id": read.message_id or None,
        "subject": read.subject,
        "from": next(iter(people(Role.FROM)), None),
        "to": people(Role.TO),
        "cc": people(Role.CC),
        "sent_at": time(read.sent_at) if read.sent_at else None,
        "kind": read.kind.word,
        "automatic": read.automatic,
        "reason": read.kind_reason,
        "text": read.text,
        "reply_text": read.new_text,
        "signature": read.signature or None,
        "quoted_text": read.quoted or None,
        **_meaning(read.meaning),
        "attachments": [
            {"name": p.filename, "type": p.content_type, "size": p.size} for p in read.parts
        ],
        "reader": read.reader,
        "doubts": [{"reader": by, "doubt": doubt} for by, doubt in doubts.of(read.notes)],
        "notes": list(read.notes),
    }


def _meaning(told: Meaning) -> dict[str, Any]:
    from crm.mail.meaning import Suspicion

    forward, bounce = told.forward, told.bounce
    return {
        "forward": {
            "message": forward.message,
            "from": _named(forward.author),
            "to": [_named(one) for one in forward.to],
            "cc": [_named(one) for one in forward.cc],
            "subject": forward.subject,
            "date": forward.date_text,
            "body": forward.body,
        }
        if forward
        else None,
        "bounce": {
            "recipients": list(bounce.recipients),
            "status": bounce.status or None,
            "permanent": bounce.permanent,
            "diagnostic": bounce.diagnostic or None,
            "returned": bounce.returned_id or None,
        }
        if bounce
        else None,
        "meetings": [_meeting(one) for one in told.meetings],
        "returns_on": told.returns_on.isoformat() if told.returns_on else None,
        "fields": details(told.details) if told.details else None,
        "cards": [details(card) for card in told.cards],
        "spoof": any(one is not Suspicion.DISOWNED for one in told.suspicions),
        "suspicions": [str(one) for one in told.suspicions],
        "writer": {
            **(_named(told.writer.who) or {}),
            "list": told.writer.list_name,
            "reason": told.writer.reason,
        }
        if told.writer
        else None,
        "passed_on_by": _named(told.passed_on_by),
    }


def details(told: Details) -> dict[str, Any]:
    """Shape what a signature or a vCard says of a person."""
    return {
        "name": told.name,
        "title": told.title,
        "company": told.company,
        "phones": list(told.phones),
        "emails": list(told.emails),
        "links": list(told.links),
        "address": told.address,
        "profiles": list(told.profiles),
    }


def _named(one: Named | None) -> dict[str, str] | None:
    return {"name": one.name, "address": one.email} if one else None


def _meeting(one: Meeting) -> dict[str, Any]:
    return {
        "method": one.method.word,
        "uid": one.uid,
        "sequence": one.sequence,
        "summary": one.summary,
        "place": one.place,
        "starts_at": time(one.starts_at) if one.starts_at else None,
        "ends_at": time(one.ends_at) if one.ends_at else None,
        "whole_day": one.whole_day,
        "repeats": one.repeats,
        "organizer": _named(one.organizer),
        "attendees": [
            {"name": a.who.name, "address": a.who.email, "answer": a.answer.word}
            for a in one.attendees
        ],
    }


def time(at: datetime) -> str:
    """Shape a moment: ISO 8601, in UTC."""
    return at.isoformat().replace("+00:00", "Z")
