"""Mailboxes, the account of what they hold, the messages themselves, and what is to be sent."""

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
from crm.mail.models.outgoing import Outgoing, OutgoingFile, OutgoingState, OutgoingTrouble

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
    "Outgoing",
    "OutgoingFile",
    "OutgoingState",
    "OutgoingTrouble",
    "Participant",
    "RawLetter",
    "Shares",
    "StretchRow",
    "Thread",
    "Turn",
]
