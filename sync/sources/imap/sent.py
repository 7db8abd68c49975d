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


def lies_in_sent(wire: Wire, message_id: str, mark: str = "") -> bool:
    """Tell whether the Sent folder has a letter with this Message-ID, or with a mark of ours."""
    folder = with_role(wire, FolderRole.SENT)
    return folder is not None and _has(wire, folder, message_id, mark)


def lies_in_inbox(wire: Wire, message_id: str, mark: str = "") -> bool:
    """Tell whether the inbox has a letter with this Message-ID, or with a mark of ours."""
    return _has(wire, _INBOX, message_id, mark)


def append_to_sent(wire: Wire, raw: bytes) -> bool:
    """Put a letter into the Sent folder, as read. False where there is no such folder."""
    folder = with_role(wire, FolderRole.SENT)
    if folder is None:
        return False
    wire.give_with(raw)
    wire.demand("APPEND", folder, r"(\Seen)")
    return True


def _has(wire: Wire, folder: bytes, message_id: str, mark: str) -> bool:
    kind, text = wire.ask("EXAMINE", folder)
    if kind != "OK":
        wire.state = "AUTH"
        raise RefusedError("EXAMINE", text)
    wire.state = "SELECTED"
    criteria = ["HEADER", "Message-ID", _quoted(f"<{message_id}>")]
    if mark:  # It stands in the Content-Type, which a server that puts in an id of its own keeps.
        criteria = ["OR", *criteria, "HEADER", "Content-Type", _quoted(mark)]
    return bool(wire.list_uids(*criteria))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
