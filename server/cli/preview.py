"""What connecting a mailbox would take in, as the command line tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base.i18n import gettext as _
from server.cli import output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.mail.importing import Over
    from sync.connecting.previewing import Preview


def absent(found: Preview, excluded: Sequence[str]) -> list[str]:
    """Return the folders that are not to be read, and that nobody could read anyway."""
    listed = {*found.folders, *found.left_out, *found.unavailable}
    return [name for name in dict.fromkeys(excluded) if name not in listed]


def show(
    found: Preview, absent: Sequence[str], *, lasts: Mapping[Over, float] | None, as_json: bool
) -> None:
    """Print what a scan has found, and which of the excluded folders it has not.

    `lasts` says how many seconds it takes to come in, by the way that it may go.
    """
    shape = {
        "folders": found.folders,
        "skipped": found.skipped,
        "unavailable": found.unavailable,
        "messages": found.messages,
        "automatic": found.automatic,
        "internal": found.internal,
        "contacts": len(found.contacts),
        "absent": absent,
        **({"seconds": {way: round(time) for way, time in lasts.items()}} if lasts else {}),
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
    if lasts:
        minutes = {way: f"{max(1, round(time / 60)):,}" for way, time in lasts.items()}
        words = _("That takes about {api} min over Gmail’s API, or {imap} min over IMAP.")
        output.say(words, **minutes)
    for rule, count in found.skipped.items():
        output.say(_("{count} would be skipped: {rule}"), count=count, rule=rule)
    for name, why in found.unavailable.items():
        output.say(_("{name} would be left out: {why}"), name=name, why=why)
    for name in absent:
        words = _("{name} is excluded, and there is no such folder that can be read.")
        output.say(words, name=name)
    output.line(_("Nothing was stored."))
