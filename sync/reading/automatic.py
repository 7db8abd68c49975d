"""What sort of message is it, and which header says so: a table, whose first true sign counts.

A message is automatic by RFC 3834 and the customs around it: nobody should be answered, greeted
or counted as a person because of one. What programs write is in `machines`; how their answers
are told from a person's, in `answers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.mail.letter import Kind
from crm.people.machines import is_program
from sync.reading import answer_words, answers, invites, machines

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.reading.clues import Clues


class Verdict(NamedTuple):
    """A kind with the sign that told it."""

    kind: Kind
    reason: str


class Sign(NamedTuple):
    """One way to tell a kind: the header or rule that says so, or the empty string."""

    kind: Kind
    tells: Callable[[Clues], str]


_REPORTS = frozenset(
    [
        "message/disposition-notification",  # RFC 8098
        "message/feedback-report",  # RFC 5965
        "application/tlsrpt+gzip",  # RFC 8460
        "application/tlsrpt+json",
    ]
)
#: Without any of these there is nothing to look at, as in most letters of people.
_OF_LISTS = frozenset(machines.LISTS) | {
    "precedence", "sender", "return-path", "errors-to", "delivered-to",
}  # fmt: skip
_OF_BULK = frozenset(machines.BULK) | {"precedence", "x-precedence", "x-mailer", "user-agent"}
#: ezmlm's return path: the list, the number of the letter, the member.
_EZMLM = re.compile(r"-return-\d{1,9}-")


def judge(clues: Clues) -> Verdict:
    """Return a message's kind with its reason; the reason of a person's letter is empty."""
    for kind, tells in SIGNS:
        if reason := tells(clues):
            return Verdict(kind, reason)
    return Verdict(Kind.PERSON, "")


def _report(clues: Clues) -> str:
    if clues.type_field.startswith("multipart/report"):
        return "multipart/report"
    if "x-ms-journal-report" in clues.fields.values:
        return "X-MS-Journal-Report"
    if clues.fields.first("content-class").lower().endswith((":mdn", ":dsn")):
        return "Content-Class"  # Exchange
    for leaf in clues.leaves:
        if leaf.content_type in _REPORTS and not leaf.enclosed:
            return leaf.content_type
    return "subject of a report" if clues.leaves and _is_subject_of_report(clues.subject) else ""


def _is_subject_of_report(subject: str) -> bool:
    lower = subject[:1000].lower()
    if lower.startswith(answer_words.AGGREGATE_SUBJECTS):
        return "submitter:" in lower
    if lower.startswith(answer_words.COMPLAINT_SUBJECT):
        # It names a server by its number, and a person somebody by their name.
        return lower.removeprefix(answer_words.COMPLAINT_SUBJECT).lstrip()[:1].isdigit()
    return lower.startswith(answer_words.FEEDBACK_SUBJECT)


def _invitation(clues: Clues) -> str:
    """Take it for a person's, whatever program sent it, unless that person is nobody."""
    if not clues.leaves or not any(map(invites.has_method, clues.leaves)):
        return ""
    if _nobody(clues) or _list(clues) or _bulk(clues):
        return ""
    return "text/calendar"


def _notification(clues: Clues) -> str:
    if named := clues.first_of(machines.NOTIFYING):
        return named
    program = clues.fields.first("x-mailer").lower()
    return "X-Mailer" if program.startswith(machines.NOTIFYING_PROGRAMS) else ""


def _campaign(clues: Clues) -> str:
    """Tell a newsletter that calls itself a list: nobody can write to it, its program is known."""
    present = clues.fields.values
    if "list-post" in present or "x-beenthere" in present:
        return ""
    return clues.first_of(machines.CAMPAIGNS) or _bulk_program(clues)


def _list(clues: Clues) -> str:
    if _OF_LISTS.isdisjoint(clues.fields.values):
        return ""
    if named := clues.first_of(machines.LISTS):
        return named
    if clues.fields.first("precedence").lower() == "list":
        return "Precedence"
    for spelled in ("Sender", "Return-Path", "Errors-To"):
        value = clues.fields.first(spelled.lower())
        if value and _is_of_list(value.lower().rpartition("<")[2].partition("@")[0]):
            return spelled
    delivered = clues.fields.all("delivered-to")
    if any(value.strip().lower().startswith("mailing list ") for value in delivered):
        return "Delivered-To"  # ezmlm
    return ""


def _is_of_list(local: str) -> bool:
    """Majordomo, SmartList, Mailman and ezmlm write the list into the envelope."""
    return (
        local.startswith("owner-")
        or local.endswith(("-owner", "-bounces"))
        or "-bounces+" in local
        or _EZMLM.search(local) is not None
    )


def _bulk(clues: Clues) -> str:
    if _OF_BULK.isdisjoint(clues.fields.values):
        return ""
    if named := clues.first_of(machines.BULK):
        return named
    for spelled in ("Precedence", "X-Precedence"):
        if clues.fields.first(spelled.lower()).lower() in ("bulk", "junk"):
            return spelled  # RFC 2076, section 3.9
    return _bulk_program(clues)


def _bulk_program(clues: Clues) -> str:
    for spelled in ("X-Mailer", "User-Agent"):
        if clues.fields.first(spelled.lower()).lower().startswith(machines.BULK_PROGRAMS):
            return spelled
    return ""


def _newsletter(clues: Clues) -> str:
    author = clues.author
    return "newsletter address" if author and author.email.startswith(machines.NEWSLETTERS) else ""


def _generated(clues: Clues) -> str:
    if clues.by_itself:
        return "Auto-Submitted"
    source = clues.fields.first("x-ms-exchange-generated-message-source").lower()
    if source and source != "mailbox rules agent":  # It passes people's letters on as well.
        return "X-MS-Exchange-Generated-Message-Source"
    return ""


def _nobody(clues: Clues) -> str:
    by_domain = clues.author is not None and clues.author.domain in machines.PROGRAM_DOMAINS
    if by_domain or is_program(clues.local):
        return "no-reply address"
    if clues.by_server:
        return "mailer-daemon or postmaster"
    return ""


def _cannot_bounce(clues: Clues) -> str:
    return "empty Return-Path" if clues.cannot_bounce else ""


def _suppresses(clues: Clues) -> str:
    """Exchange writes "DR, OOF, AutoReply" on people's letters too, when a group is written to."""
    value = clues.fields.first("x-auto-response-suppress").lower()
    return "X-Auto-Response-Suppress" if value == "all" else ""


SIGNS = (
    Sign(Kind.REPORT, _report),
    Sign(Kind.INVITATION, _invitation),
    Sign(Kind.AUTO_REPLY, answers.by_header),
    Sign(Kind.AUTO_REPLY, answers.by_subject),
    Sign(Kind.AUTO_REPLY, answers.by_text),
    Sign(Kind.AUTO_REPLY, answers.by_challenge),
    Sign(Kind.NOTIFICATION, _notification),
    Sign(Kind.BULK, _campaign),
    Sign(Kind.LIST, _list),
    Sign(Kind.BULK, _bulk),
    Sign(Kind.BULK, _newsletter),
    Sign(Kind.NOTIFICATION, _generated),
    Sign(Kind.NOTIFICATION, _nobody),
    Sign(Kind.NOTIFICATION, _cannot_bounce),
    Sign(Kind.NOTIFICATION, _suppresses),
)
