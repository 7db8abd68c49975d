"""Mailboxes, the account of what they hold, and the messages themselves."""

from crm.mail.models.mailbox import (
    HELD,
    Copy,
    CopyState,
    Folder,
    Mailbox,
    MailboxKind,
    MailboxState,
    Meets,
    RawLetter,
    Shares,
    StretchRow,
)
from crm.mail.models.message import (
    Attachment,
    Direction,
    InboxThread,
    Mention,
    Message,
    MessageBody,
    Participant,
    Thread,
    Turn,
)

__all__ = [
    "HELD",
    "Attachment",
    "Copy",
    "CopyState",
    "Direction",
    "Folder",
    "InboxThread",
    "Mailbox",
    "MailboxKind",
    "MailboxState",
    "Meets",
    "Mention",
    "Message",
    "MessageBody",
    "Participant",
    "RawLetter",
    "Shares",
    "StretchRow",
    "Thread",
    "Turn",
]
