"""What connecting a mailbox would take in: a scan of headers, of which nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from crm.base.i18n import gettext as _
from crm.filing.who import direction, to_meet
from crm.mail.models import Meets
from server.cli import output
from sync import backfill, reading
from sync.credentials import open_source
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.filing.who import Circle
    from crm.mail.models import Mailbox
    from server.database import House
    from sync.source import FolderState, MailSource, Place

_AT_ONCE = 500


@dataclass(slots=True)
class Preview:
    """What a mailbox holds, and what of it would be taken in."""

    folders: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    messages: int = 0
    automatic: int = 0
    internal: int = 0
    contacts: set[str] = field(default_factory=set)


def scan(mailbox: Mailbox, circle: Circle, house: House) -> Preview:
    """Read every header, and decide as filing would. Nothing is written anywhere."""
    found = Preview()
    with open_source(mailbox, house.settings, house.vault) as source:
        for state in source.folders():
            rule = backfill.rule_for(mailbox, state)
            if rule and state.count:
                found.skipped[rule] = found.skipped.get(rule, 0) + state.count
            elif not rule:
                found.folders[state.name] = state.count
                _scan_folder(found, source, state, circle, Meets(mailbox.meets))
        found.unavailable.update(source.unavailable)
    return found


def show(found: Preview, *, as_json: bool) -> None:
    """Print what a scan has found."""
    shape = {
        "folders": found.folders,
        "skipped": found.skipped,
        "unavailable": found.unavailable,
        "messages": found.messages,
        "automatic": found.automatic,
        "internal": found.internal,
        "contacts": len(found.contacts),
    }
    if as_json:
        output.document(shape)
        return
    output.table([_("folder"), _("messages")], [[n, f"{c:,}"] for n, c in found.folders.items()])
    output.say(
        _(
            "{messages} messages would be taken in: {automatic} sent by machines, {internal} among"
            " colleagues. {contacts} contacts would be made."
        ),
        **shape,
    )
    for rule, count in found.skipped.items():
        output.say(_("{count} would be skipped: {rule}"), count=count, rule=rule)
    for name, why in found.unavailable.items():
        output.say(_("{name} would be left out: {why}"), name=name, why=why)
    output.line(_("Nothing was stored."))


def _scan_folder(
    found: Preview, source: MailSource, state: FolderState, circle: Circle, meets: Meets
) -> None:
    for places in _chunks(source.listing(state)):
        for head in source.headers(places):
            found.messages += 1
            try:
                letter = reading.read(head.raw)
            except UnreadableMessageError:
                continue
            way = direction(letter, circle)
            found.automatic += letter.automatic
            found.internal += way.word == "internal"
            found.contacts |= {a.email for a in to_meet(letter, way, circle, meets)}


def _chunks(places: Iterator[Place]) -> Iterator[list[Place]]:
    while chunk := list(islice(places, _AT_ONCE)):
        yield chunk
