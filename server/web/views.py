"""What the templates are given: plain rows, with every word chosen already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from server.web.letter_html import Extent
    from server.web.meant import MeetingView, Told
    from server.web.pieces import Piece
    from server.web.segments import Segment


@dataclass(frozen=True, slots=True)
class NavItem:
    """A room of the web app."""

    href: str
    icon: str
    label: str
    current: bool = False
    key: str = ""
    count: str = ""  # of what waits there; with `urgent` it is words that somebody must not miss
    urgent: bool = False
    group: str = ""  # the heading above it, where it begins one


@dataclass(frozen=True, slots=True)
class Action:
    """Something to press on a page."""

    label: str
    href: str
    icon: str = ""
    method: str = "get"
    key: str = ""
    dialog: bool = False  # it leads to a form, which opens over this page


@dataclass(frozen=True, slots=True)
class Toast:
    """What just happened."""

    text: str
    icon: str = ""
    undo_href: str = ""  # posted to, it takes it back


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a list is empty, and what to do next."""

    kind: str
    title: str
    text: str = ""
    actions: tuple[Action, ...] = ()
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What happened, what is safe, what next."""

    kind: str
    title: str
    what: str
    safe: str = ""
    reference: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at a list."""

    href: str
    label: str
    count: int | None
    current: bool
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """The search field, and what it found."""

    action: str
    q: str
    view: str = ""
    found: str = ""
    clear_href: str = ""


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as the list shows it."""

    id: str
    href: str
    who: str
    count: int
    when_text: str
    when_iso: str
    when_full: str
    subject: str
    snippet: str
    third_line: str
    end_text: str
    unread: bool
    selected: bool
    private: bool
    mark: str  # the sign before the third line, as newspaper for a machine


@dataclass(frozen=True, slots=True)
class File:
    """An attachment to download."""

    name: str
    size_text: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A mailbox that an answer may go from."""

    id: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An attachment of an answer that was taken back: it need not be chosen again."""

    position: int
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The form of an answer, as it is to be filled in or was."""

    message_id: str
    action: str
    cancel_href: str
    nonce: str
    senders: tuple[Sender, ...]
    sender_gone: bool  # it was to go from another, which sends no more
    to: str
    cc: str
    bcc: str
    subject: str
    text: str
    later: str
    quoted: str
    quotes: bool
    draft: str  # what was taken back, whose files may be kept
    kept: tuple[Kept, ...]
    warning: str  # where it would go elsewhere than its reader thinks
    most_bytes: int  # of attachments
    too_large: str  # what is said where they have more
    error: str = ""
    wrong: str = ""  # the field that it is about: to, cc or bcc
    files_lost: bool = False  # what was chosen is not kept by a form that was refused


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """An answer that has not left, or of which nobody can tell."""

    id: str
    text: str
    kind: str
    icon: str
    snippet: str
    to: str
    files: tuple[str, ...]
    said: str
    refused: tuple[tuple[str, str], ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as the thread shows it."""

    id: str
    open: bool
    level: str  # of Shares: how far it may be read; with "n" and "r" where more is said of it
    author_name: str
    author_email: str
    initials: str
    to_text: str
    when_text: str
    when_iso: str
    when_full: str
    when_long: str
    snippet: str
    state_notes: tuple[str, ...] = ()
    empty_text: str = ""  # said in the place of a text where there is none
    warning: str = ""
    told: tuple[Told, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    attachments: tuple[File, ...] = ()
    kind_text: str = ""  # what sort of machine mail it is, and by which sign; "" of a person's
    segments: tuple[Segment, ...] = ()
    frame_src: str = ""
    frame_extent: Extent | None = None
    remote_images_blocked: int = 0
    card_href: str = ""
    alone_href: str = ""
    reply_href: str = ""
    reply_all_href: str = ""
    reply: ReplyView | None = None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread with its messages."""

    id: str
    href: str
    list_href: str
    subject: str
    messages: tuple[MessageView, ...]
    held: str  # every message that may be read, and how far: "id:level id:level"
    earlier_hidden: int = 0
    earlier_at: int = 0
    earlier_href: str = ""
    private: bool = False
    outgoing: tuple[OutgoingView, ...] = ()


@dataclass(frozen=True, slots=True)
class Peek:
    """The card in one line, for narrow screens."""

    href: str
    initials: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands beside the list: a thread, and the card of who is in it."""

    thread: ThreadView | None = None
    card_html: Markup | None = None
    peek: Peek | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that somebody must not miss, and how to go on."""

    text: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class InboxView:
    """The whole inbox."""

    rows: tuple[ThreadRow, ...]
    tabs: tuple[Tab, ...]
    search: Search
    list_key: str
    more_href: str = ""
    empty_list: Empty | None = None
    empty_thread: Empty | None = None
    pane: str = "list"
    live_href: str = ""
    unread: str = ""
    undecided: tuple[Notice, ...] = ()
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """What happened, on a record's page: with the reason why it stands there."""

    id: str
    icon: str
    text: str
    who: str
    href: str
    reason: str
    when_text: str
    when_iso: str
    when_full: str
    automatic: bool = False
    snippet: str = ""
    note: bool = False  # the snippet is what a colleague wrote down for the others
    pieces: tuple[Piece, ...] = ()  # the text, where some of it is strong or leads elsewhere
    undo: Action | None = None  # takes it off, takes it back, or asks whoever hides it


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    name: str
    rows: tuple[TimelineRow, ...]


def initials(name: str) -> str:
    """Return at most two letters of a name."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    ends = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in ends).upper()
