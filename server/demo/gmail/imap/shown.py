"""What an owner of a mailbox has chosen for programs that read it over IMAP."""

from __future__ import annotations

from dataclasses import dataclass, field

#: What the folders of Gmail are called in English; an owner's language has other names.
NAMES = {
    "ALL": "All Mail",
    "DRAFT": "Drafts",
    "IMPORTANT": "Important",
    "SENT": "Sent Mail",
    "SPAM": "Spam",
    "STARRED": "Starred",
    "TRASH": "Bin",
}


@dataclass(slots=True)
class Shown:
    """Whether IMAP is on and the admin allows it, and what of the mailbox it shows.

    A folder shows `most` messages, the newest; `hidden` are ids of labels, or ALL; `names` what the
    folders are called in the owner's language.
    """

    enabled: bool = True
    allowed: bool = True
    most: int | None = None
    hidden: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
