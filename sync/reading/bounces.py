"""Letters that a mail server gives back: to whom they did not go, and whether they ever will.

    report (RFC 3464) ─┐
    the server's words ├─▶ what is told of each recipient ─▶ Bounce
    X-Failed-Recipients┘

An ordinary letter is let go by its header alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.mail import subjects
from crm.mail.meaning import Bounce
from sync.reading import (
    answer_words,
    bounce_events,
    bounce_reports,
    bounce_returned,
    bounce_status,
    bounce_texts,
    ids,
    machines,
)
from sync.reading.bounce_addresses import addresses, verp
from sync.reading.bounce_words import (
    CERTAIN_SUBJECTS,
    CHALLENGES,
    DELAYED_SUBJECTS,
    GIVEN_UP,
    GOOD_NEWS,
    SUBJECT_STEMS,
    SUBJECTS,
)
from sync.reading.headers import parameter
from sync.reading.mime import ReaderError
from sync.reading.storable import one_line, storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.reading.bounce_reports import Told
    from sync.reading.bounce_texts import Notice
    from sync.reading.clues import Clues

LONGEST_DIAGNOSTIC = 500
MOST_RECIPIENTS = 200

OTHER_REPORTS = frozenset(
    ("message/disposition-notification", "message/feedback-report", "message/tracking-status")
)

_BEYOND_ASCII = tuple(word for word in SUBJECTS if not word.isascii())


class Found(NamedTuple):
    """A bounce with the sign that told it."""

    bounce: Bounce
    reason: str


class _Suspect(NamedTuple):
    """A letter that may be a bounce, with what was looked up once."""

    clues: Clues
    subject: str  # lower case
    by_server: bool  # a mail server is its author
    by_subject: bool  # its subject is one of bounces
    told: tuple[Told, ...]  # of each recipient, by its reports
    notice: Notice
    words: str


def find(clues: Clues) -> Found | None:
    """Return what a bounce tells, or None where the letter is none."""
    subject = clues.subject.lower()
    by_server = clues.by_server
    by_subject = _is_of_a_bounce(subject)
    if not (
        by_server
        or by_subject
        or clues.author is None
        or clues.cannot_bounce
        or clues.type_field.startswith("multipart/report")
        or "x-failed-recipients" in clues.fields.values
        or any(leaf.content_type in bounce_reports.TYPES for leaf in clues.leaves)
    ):
        return _by_event(clues) if clues.text.startswith("{") else None
    notice = bounce_texts.parted(clues.text)
    told = tuple(_reported(clues))
    suspect = _Suspect(clues, subject, by_server, by_subject, told, notice, notice.words)
    reason = _reason(suspect)
    return Found(_bounce(suspect), reason) if reason else None


def _is_of_a_bounce(subject: str) -> bool:
    words: Sequence[str] = SUBJECTS
    if not any(stem in subject for stem in SUBJECT_STEMS):
        if subject.isascii():
            return False
        words = _BEYOND_ASCII
    # People who pass a server's letter on, or ask about it, have a prefix before its subject.
    return any(word in subject for word in words) and not subjects.parted(subject)[0]


def _by_event(clues: Clues) -> Found | None:
    if clues.author is None or not f".{clues.author.domain}".endswith(f".{bounce_events.DOMAIN}"):
        return None
    event = bounce_events.find(clues.text)
    if event is None or not event.told:
        return None
    first = event.told[0]
    bounce = Bounce(
        tuple(dict.fromkeys(storable(each.recipient) for each in event.told))[:MOST_RECIPIENTS],
        first.status,
        permanent=first.action == "failed",
        diagnostic=one_line(first.diagnostic, LONGEST_DIAGNOSTIC),
        returned_id=event.returned_id,
    )
    return Found(bounce, "Amazon SES")


def _reported(clues: Clues) -> Iterator[Told]:
    for leaf in clues.leaves:
        is_report = leaf.content_type in bounce_reports.TYPES
        # Gateways make a file of the report, such as ATT00001.txt.
        if (is_report or leaf.content_type == "text/plain") and not leaf.enclosed:
            try:
                raw = leaf.content()[: bounce_reports.LONGEST]
            except ReaderError:
                continue
            if is_report or b"inal-recipient:" in raw[:4096].lower():
                yield from bounce_reports.read(raw.decode("utf-8", "replace"))


def _reason(suspect: _Suspect) -> str:
    """Return which sign tells that this is a bounce, or the empty string."""
    clues = suspect.clues
    failed = bounce_texts.failed(suspect.words)
    if _is_other_report(clues) or _asks_something_else(suspect, failed=failed):
        return ""
    said = failed or bounce_texts.delayed(suspect.words)
    if any(each.action in ("failed", "delayed") for each in suspect.told) and (
        _is_by_machine(suspect) or (suspect.by_subject and said)
    ):
        return "multipart/report"
    if suspect.told and all(each.action == "good" for each in suspect.told):
        return ""
    if "x-failed-recipients" in clues.fields.values:  # Exim, Gmail
        return "X-Failed-Recipients"
    if any(word in suspect.subject for word in GOOD_NEWS):
        return ""
    if parameter(clues.type_field, "report-type").lower() == "delivery-status":
        good = any(word in suspect.words for word in GOOD_NEWS)
        return "" if good and not said else "multipart/report"
    return "returned mail" if _is_returned(suspect, said=said) else ""


def _is_by_machine(suspect: _Suspect) -> bool:
    """Tell a server's report from one that a person hangs on a letter of their own."""
    clues = suspect.clues
    return (
        clues.type_field.startswith("multipart/report")
        or suspect.by_server
        or clues.author is None
        or clues.cannot_bounce
    )


def _is_returned(suspect: _Suspect, *, said: bool) -> bool:
    clues = suspect.clues
    plain = bounce_texts.unmistakable(suspect.words)
    if "auto-replied" in clues.fields.first("auto-submitted").lower() and not plain:
        return False
    if suspect.by_server and (
        suspect.by_subject or bounce_texts.is_technical(suspect.words, said=said)
    ):
        return True
    if suspect.by_subject and said and _is_named_so(clues) and not clues.names_a_person:
        return True
    if clues.author is None and plain:
        return True
    if clues.cannot_bounce and (plain or suspect.subject.startswith(CERTAIN_SUBJECTS)):
        return True
    if not suspect.by_subject:
        return False
    if clues.cannot_bounce:
        enclosed = any(leaf.enclosed for leaf in clues.leaves)
        return bool(suspect.notice.returned) or enclosed or bounce_texts.begins_so(suspect.notice)
    # Under a person's address a server speaks at once, answers nobody and asks nothing; a person
    # who tells of a bounce greets first, or says where the words that they quote are from.
    if "in-reply-to" in clues.fields.values or any(mark in suspect.words for mark in "?？؟"):
        return False
    return bounce_texts.begins_so(suspect.notice)


def _is_named_so(clues: Clues) -> bool:
    """Tell whether the sender calls itself a mail server, as in "MAILER-DAEMON <>"."""
    name = "".join(filter(str.isalpha, clues.fields.first("from")[:500].lower()))
    return any(server in name for server in (*machines.SERVERS, *machines.SERVER_NAMES))


def _is_other_report(clues: Clues) -> bool:
    """RFC 8098 and RFC 5965: that a letter was read, or that somebody calls it abuse."""
    return any(leaf.content_type in OTHER_REPORTS and not leaf.enclosed for leaf in clues.leaves)


def _asks_something_else(suspect: _Suspect, *, failed: bool) -> bool:
    said = " ".join(each.diagnostic.lower() for each in suspect.told[:10])
    if any(word in suspect.words or word in said for word in CHALLENGES):
        return True
    if suspect.told or failed:
        return False
    said = f"{suspect.subject}\n{suspect.words}"
    return any(map(said.__contains__, answer_words.MADE_SUBJECTS + answer_words.AWAY))


def _bounce(suspect: _Suspect) -> Bounce:
    clues, notice = suspect.clues, suspect.notice
    late = _is_late(suspect)
    sort = "delayed" if late else "failed"
    told = tuple(each for each in suspect.told if each.action == sort) or suspect.told
    named = tuple(each.recipient for each in told if each.recipient)
    given = tuple(
        each for value in clues.fields.all("x-failed-recipients") for each in addresses(value)
    )
    returned = bounce_returned.header(clues.leaves, notice.returned)
    to = tuple(each for value in clues.fields.all("to") for each in addresses(value[:10_000]))
    if not told:
        told = _in_text(suspect, to, late=late)
        named = given or tuple(each.recipient for each in told)
        told = tuple(each for each in told if each.recipient in named) or told
    recipients = (
        named or given or tuple(filter(None, map(verp, to))) or bounce_returned.addressees(returned)
    )
    said = told[0].diagnostic if told else ""
    status = _status(told[0].status if told else "", said, notice, late=late)
    # What was in the way may pass, but a server that failed to find a way has long tried.
    gave_up = any(each.status.startswith(bounce_status.NO_WAY) for each in told) or any(
        word in suspect.words for word in GIVEN_UP
    )
    return Bounce(
        tuple(dict.fromkeys(storable(each) for each in recipients))[:MOST_RECIPIENTS],
        status,
        permanent=not late and (gave_up or not status.startswith("4")),
        diagnostic=one_line(said or bounce_texts.spoken(notice.lines), LONGEST_DIAGNOSTIC),
        returned_id=bounce_returned.message_id(returned) or _answered(clues),
    )


def _answered(clues: Clues) -> str:
    """Return what the bounce itself says it answers, as Gmail and Exchange do."""
    return next(reversed(ids.references(clues.fields)), "")


def _in_text(suspect: _Suspect, to: Sequence[str], *, late: bool) -> tuple[Told, ...]:
    """Read a notice; whom it is written to is named in it only where nobody else is."""
    author = suspect.clues.author
    server, domain = ({author.email.lower()}, author.domain) if author else (set(), "")
    return bounce_texts.read(
        suspect.notice, server.union(to), domain, late=late
    ) or bounce_texts.read(suspect.notice, server, domain, late=late)


def _is_late(suspect: _Suspect) -> bool:
    """Tell whether the server goes on trying: then nothing has come back yet."""
    if any(each.action for each in suspect.told):
        return not any(each.action == "failed" for each in suspect.told)
    if any(word in suspect.words for word in GIVEN_UP):
        return False
    late = any(word in suspect.subject for word in DELAYED_SUBJECTS)
    return late or bounce_texts.delayed(suspect.words)


def _status(known: str, said: str, notice: Notice, *, late: bool) -> str:
    """Return the code of a bounce: as it is written, else by what is said in words."""
    if known and not known.endswith(bounce_status.EXPIRED):
        return known
    words = " ".join(notice.lines)
    code = bounce_status.reply_code(said)
    by_words = bounce_status.by_words(said, code, delayed=late)
    if not known and bounce_status.is_telling(by_words):
        return by_words
    return (
        bounce_status.best(known, bounce_status.in_reply(words))
        or bounce_status.anywhere(words)
        or bounce_status.by_words(words, code or bounce_status.reply_code(words), delayed=late)
        or by_words
    )
