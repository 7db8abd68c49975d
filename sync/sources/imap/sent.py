"""Look for a letter of ours in a mailbox by its Message-ID, and put one into the Sent folder.

The one place that writes into a mailbox: what its owner has sent, where they look for it. An
APPEND whose answer is lost may have been carried out; so whoever appends looks first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.source import FolderRole
from sync.sources.imap.folders import with_role
from sync.sources.imap.wire import RefusedError

if TYPE_CHECKING:
    from sync.sources.imap.wire import Wire

_INBOX = b'"INBOX"'


def lies_in_sent(wire: Wire, message_id: str) -> bool:
    """Tell whether the Sent folder has a letter with this Message-ID."""
    folder = with_role(wire, FolderRole.SENT)
    return folder is not None and _has(wire, folder, message_id)


def lies_in_sent_renamed(wire: Wire, moment: str, recipient: str) -> bool:
    """Tell whether the Sent folder has a letter of this Date to somebody.

    So looks what a server keeps by itself that puts a Message-ID of its own into what it sends.
    """
    folder = with_role(wire, FolderRole.SENT)
    criteria = ("HEADER", "Date", _quoted(moment), "HEADER", "To", _quoted(recipient))
    return folder is not None and _finds(wire, folder, *criteria)


def lies_in_inbox(wire: Wire, message_id: str) -> bool:
    """Tell whether the inbox has a letter with this Message-ID."""
    return _has(wire, _INBOX, message_id)


def append_to_sent(wire: Wire, raw: bytes) -> bool:
    """Put a letter into the Sent folder, as read. False where there is no such folder."""
    folder = with_role(wire, FolderRole.SENT)
    if folder is None:
        return False
    wire.give_with(raw)
    wire.demand("APPEND", folder, r"(\Seen)")
    return True


def _has(wire: Wire, folder: bytes, message_id: str) -> bool:
    return _finds(wire, folder, "HEADER", "Message-ID", _quoted(f"<{message_id}>"))


def _finds(wire: Wire, folder: bytes, *criteria: str) -> bool:
    kind, text = wire.ask("EXAMINE", folder)
    if kind != "OK":
        wire.state = "AUTH"
        raise RefusedError("EXAMINE", text)
    wire.state = "SELECTED"
    return bool(wire.list_uids(*criteria))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
