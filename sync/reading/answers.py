"""Letters that a program writes in somebody's absence, or before it lets a stranger through.

A header of such a program is enough. A subject such as "Automatic reply" is enough where
something else shows that the letter answers another. A subject that people give to their own
letters, such as "Out of office", and a text are never enough: whoever asks for a holiday thanks
for a letter too. They need another sign of a machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading import answer_words, machines

if TYPE_CHECKING:
    from sync.reading.clues import Clues

#: How much of a text is looked at: an automatic answer comes to the point.
_BEGINNING = 1500
#: Nobody writes more into an automatic answer.
_LONGEST = 6000
#: What stands before a subject in some programs: "[Auto-Reply] ...", "*** Out of office ***".
_ORNAMENTS = "[(*<\"'-– "
#: What stands behind the words of a program in such a subject.
_BEHIND_MADE = frozenset(["", ":", "：", "]", ")", "*", "-", "–", "!", "."])
_NO = frozenset(["", "no", "off", "none", "false", "0", "mirror"])  # smail mirrors what bounced
_REPLIES = frozenset(["auto_reply", "auto-reply", "autoreply"])
#: Without any of these there is nothing to look at, as in most letters of people.
_TELLING = frozenset(machines.ANSWERING) | {
    "auto-submitted", "precedence", "x-precedence", "preference", "x-post-messageclass",
    "x-mailer", "delivered-to",
}  # fmt: skip
#: Beside a subject that nobody writes by hand these are enough. On people's letters they stand as
#: well: of Exchange's, the second where a group is written to, the third where a rule forwards.
_BESIDE = frozenset(["in-reply-to", "x-auto-response-suppress", "x-ms-exchange-inbox-rules-loop"])
_SUBJECT = "subject of an automatic answer"


def by_header(clues: Clues) -> str:
    """Name the header of a program that answers by itself, or return the empty string."""
    if _TELLING.isdisjoint(clues.fields.values):
        return ""
    first = clues.fields.first
    if "auto-replied" in first("auto-submitted").lower():
        return "Auto-Submitted"  # RFC 3834, section 5.1
    for spelled in ("Precedence", "X-Precedence", "Preference"):
        if first(spelled.lower()).lower() in _REPLIES:
            return spelled
    named = clues.first_of(machines.ANSWERING)
    if named and first(named.lower()).lower() not in _NO:
        return named
    if "autoresponder" in first("x-post-messageclass").lower():
        return "X-POST-MessageClass"
    if first("x-mailer").lower().startswith(machines.ANSWERING_PROGRAMS):
        return "X-Mailer"
    if any(value.strip().lower() == "autoresponder" for value in clues.fields.all("delivered-to")):
        return "Delivered-To"
    return ""


def by_subject(clues: Clues) -> str:
    """Tell by the subject, and by what goes with it, that a program or a rule answers."""
    subject = clues.subject[:200].lower().lstrip(_ORNAMENTS)
    suspect = _is_suspect(clues)
    if subject.startswith(answer_words.MADE_SUBJECTS):
        if suspect or not _BESIDE.isdisjoint(clues.fields.values):
            return _SUBJECT
        if (
            _is_made(subject)
            and not _asks(clues)
            and _says(clues, answer_words.AWAY + answer_words.ANSWERS)
        ):
            return _SUBJECT
    lotus = subject.startswith(answer_words.LOTUS_NOTES)
    if lotus and (suspect or _is_of_lotus_notes(subject)):
        return _SUBJECT
    if suspect and subject.startswith(answer_words.AWAY_SUBJECTS):
        return _SUBJECT
    if suspect and subject.startswith(answer_words.THANKS_SUBJECTS):
        return "" if _is_for_many(clues) else _SUBJECT
    return ""


def by_text(clues: Clues) -> str:
    """Tell by its words what was sent so that nobody answers, and by no list."""
    if _is_of_domino(clues):
        return "text of an automatic answer"
    if not _is_suspect(clues) or len(clues.text) > _LONGEST:
        return ""
    if _is_for_many(clues):
        return ""
    answers = "in-reply-to" in clues.fields.values or _says(clues, answer_words.ANSWERS)
    return "text of an automatic answer" if answers and _says(clues, answer_words.AWAY) else ""


def by_challenge(clues: Clues) -> str:
    """Tell that a program asks a stranger to prove that they are a person."""
    if clues.author and clues.author.domain in machines.CHALLENGERS:
        return "request to confirm a letter"
    subject = clues.subject[:80].lower().lstrip("* ")
    if not subject.startswith(answer_words.CHALLENGES):
        return ""
    # A person may ask for it as well: a program answers, or it names the page to go to.
    sure = _is_suspect(clues) or "in-reply-to" in clues.fields.values or "://" in clues.text
    return "request to confirm a letter" if sure else ""


def _is_suspect(clues: Clues) -> bool:
    """Tell whether a sign of a machine stands there that does not tell of which."""
    return (
        clues.cannot_bounce
        or clues.fields.first("x-auto-response-suppress").lower() == "all"
        or clues.by_itself
        or clues.fields.first("precedence").lower() in ("bulk", "junk")
    )


def _is_for_many(clues: Clues) -> bool:
    return bool(clues.first_of(machines.LISTS) or clues.first_of(machines.BULK))


def _is_made(subject: str) -> bool:
    """Tell "Automatic reply: Offer" from "Automatic reply on support", which a person writes."""
    longest = max(filter(subject.startswith, answer_words.MADE_SUBJECTS), key=len, default="")
    return subject[len(longest) :].lstrip()[:1] in _BEHIND_MADE


def _is_of_lotus_notes(subject: str) -> bool:
    """Tell the answer of somebody who is away from the offer of a car."""
    away = any(word in subject for word in answer_words.AWAY)
    return away and any(word in subject for word in answer_words.RETURNING)


def _is_of_domino(clues: Clues) -> bool:
    """Tell the answer that Domino makes of two days, under the name of who is away."""
    subject = clues.subject[:200].lower()
    if not subject.rstrip(".").endswith(answer_words.DOMINO_SUBJECTS) or "re:" in subject:
        return False
    text = " ".join(clues.text[:200].lower().split())
    for begins, goes_on in answer_words.DOMINO:
        rest = text.removeprefix(begins)
        if rest is not text and rest[:1].isdigit() and f" {goes_on} " in rest:
            return "in-reply-to" not in clues.fields.values
    return False


def _asks(clues: Clues) -> bool:
    """Tell whether something is asked at the beginning, as no program does that answers."""
    return any(mark in clues.text[:_BEGINNING] for mark in "?？؟")


def _says(clues: Clues, words: tuple[str, ...]) -> bool:
    beginning = " ".join(clues.text[:_BEGINNING].lower().split())
    return any(word in beginning for word in words)
