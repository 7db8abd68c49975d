"""What a record's page shows beside its past: its fields, where they come from, what is related."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, url_for

from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.segments import listing
from crm.work import relations
from crm.work.models import Record
from crm.workspace import audit
from crm.workspace.models import Source
from server.web import shelves
from server.web.facts import Fact, Related, Section
from server.web.listing import Tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.workspace.models import AuditEntry
    from server.web.lists import Shown

_ICONS = {
    Record.CONTACT: "user",
    Record.COMPANY: "building-2",
    Record.DEAL: "handshake",
    Record.OBJECT: "archive",
}
_SAID = {
    Source.MANUAL: lazy("{name}, {day}"),
    Source.MAIL: lazy("From a message, {day}"),
    Source.SIGNATURE: lazy("From a signature, {day}"),
    Source.VCARD: lazy("From a vCard, {day}"),
    Source.IMPORT: lazy("Imported, {day}"),
    Source.RULE: lazy("By a rule, {day}"),
}


def facts(shown: Shown, record: Any, keys: Sequence[str]) -> tuple[Fact, ...]:
    """Write what fields say of a record, each with where it comes from."""
    known = [key for key in keys if key in shown.sort.terms]
    [row] = listing.rows(g.session, shown.user, shown.sort, [record.id], known)
    told = audit.newest_of_fields(g.session, record.workspace_id, [record.id])
    return tuple(
        shelves.fact(
            shown, record, key, row.texts.get(key, ""), _source(shown, told.get((record.id, key)))
        )
        for key in known
    )


def added(shown: Shown) -> list[str]:
    """Return the keys of the fields that the workspace added."""
    return [key for key, term in shown.sort.terms.items() if term.field.id is not None]


def worn(shown: Shown, record: Any) -> tuple[Tag, ...]:
    """Return the tags of a record."""
    [row] = listing.rows(g.session, shown.user, shown.sort, [record.id], ["tags"])
    field = shown.sort.terms["tags"].field
    return tuple(Tag(field.option(key)) for key in row.texts["tags"].split("\n") if key)


def related(shown: Shown, record_id: UUID) -> Section:
    """Write what a record has to do with."""
    found = relations.of_record(g.session, shown.user, record_id)
    lines = tuple(
        Related(one.name, _href(one), one.role or _("Related"), _ICONS[one.record]) for one in found
    )
    return Section("related", _("Related"), related=lines, none=_("Nothing is related."))


def _href(one: relations.Related) -> str:
    match one.record:
        case Record.CONTACT:
            return url_for("contacts.one", contact_id=one.id)
        case Record.COMPANY:
            return url_for("companies.one", company_id=one.id)
        case Record.DEAL:
            return url_for("pipeline.listed")
        case _:
            return url_for("objects.one", kind=one.subject, record_id=one.id)


def _source(shown: Shown, entry: AuditEntry | None) -> str:
    """Say where a value comes from; what a record was made with says nothing of itself."""
    if entry is None or not entry.after:
        return ""
    zone = showing.zone(shown.user.time_zone)
    who = shown.names.get(entry.user_id, _("A former colleague")) if entry.user_id else ""
    day = showing.moment(entry.at, shown.at, zone)
    return _(_SAID[Source(entry.source)]).format(name=who, day=day)
