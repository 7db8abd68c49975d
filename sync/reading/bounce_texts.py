"""What a mail server tells in its own words, where it writes no report or hides it in a text.

A notice names recipients, with what is said of each below or beside; then comes the letter that
came back, or its header, below a line such as "Original message follows".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import bounce_reports, bounce_status
from sync.reading.bounce_addresses import addresses
from sync.reading.bounce_words import (
    DELAYED,
    FAILED,
    HEADER_STARTS,
    RETURNED,
    RETURNED_ALONE,
    UNINDENTED_HEADER_STARTS,
    UNMISTAKABLE,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sync.reading.bounce_reports import Told

LONGEST = 1 << 16
MOST_LINES = 1000
LONGEST_LINE = 1000
MOST_RECIPIENTS = 100
#: So many lines below a recipient are what is said of them, at most.
_MOST_SAID = 12
#: Beside an address and its marks, less than this is nothing.
_LEAST_SAID = 8

#: What may stand around an address that has a line for itself.
_MARKS = " \t<>\"'*•·-–—=|>:;,.()[]«»“”"
#: What may stand before the address in a line that names a recipient, lower case.
_LABELS = re.compile(
    r"(?:failed |final |original |intended )?"
    r"(?:recipients?|rcpt|to|user|address|mailbox|unknown user|invalid user|smtp|an|empfänger"
    r"|destinataire|destinatario|destinatário|кому|příjemce|adresat|受信者|宛先)"
    r"(?: address)?\s{0,9}[:=]\s{0,9}(?:\[?smtp:|rfc822;)?\W{0,9}"
)
#: A reply that names whom it refuses: "550 <ann@acme.test>... User unknown".
_REFUSED = re.compile(
    r"(?:^|[\s(])[45][0-5]\d[ -](?:#?[45]\.\d\.\d{1,3} )?(?:sorry, )?\W{0,3}[^\s@]{1,100}@"
)
_BARE_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
#: Beside these a line "To:" is of a header.
_OF_A_HEAD = ("subject:", "sent:", "date:", "betreff:", "objet:", "asunto:", "oggetto:")
#: What stands somewhere before the address of a recipient in a sentence, and what right before.
_TOLD_TO = (
    "rcpt to", "rcpt:", "deliver your mail to", "delivering your mail to", "undeliverable to",
    "message to", "delivery to", "deliver to", "deliver mail to", "t=[", "addressed to",
    "delivered to", "message for", "you sent mail to", "was addressed",
    "generated from",  # Exim, of an alias
)  # fmt: skip
_RIGHT_BEFORE = (
    " for", " to", " user", " mailbox", " account", " recipient", " address", " attempts",
    " unknown", " an", " für", " à", " aan", " para", " a", " do", " dla", " pro", " za",
)  # fmt: skip
#: Whom a notice names without meaning that they did not get it: a word near, or right before.
_BESIDE = (
    "envelope-from", "contact", "message-id", "message id", "mts-id", "write to", "reply to",
    "reply-to", "assistance", "help", "support", "questions", "identifier", "report to", "notify",
    "queue id", "://",
)  # fmt: skip
_RIGHT_BESIDE = frozenset(("from", "sender", "by", "von", "de", "od", "от"))
#: So ends a line above the letter that came back; a sentence may begin like one.
_ENDS_ABOVE = (
    "follow", "follow.", "follows", "follows.", ":", "below", "message", "message.", "headers",
)  # fmt: skip
#: A person's first line: "Hello Bo,".
_LONGEST_GREETING = 60
_AFTER_GREETING = (",", "!", "，", "！", "،", "、")
_NOBODY = ("postmaster@", "mailer-daemon@", "abuse@")


class Notice(NamedTuple):
    """A server's words, and the letter that came back below them."""

    lines: Sequence[str]
    returned: str

    @property
    def words(self) -> str:
        """Return what is said, in lower case with single spaces."""
        return " ".join(" ".join(self.lines).lower().split())


def parted(text: str) -> Notice:
    """Part a server's words from the letter that came back."""
    lines = text[:LONGEST].split("\n", MOST_LINES)
    said = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    end = next((number for number, line in enumerate(said) if _is_returned(line)), MOST_LINES)
    return Notice(said[:end], "\n".join(lines[end:]))


def failed(words: str) -> bool:
    """Tell whether a server says that a letter did not arrive."""
    return any(each in words for each in FAILED)


def delayed(words: str) -> bool:
    """Tell whether a server says that it goes on trying."""
    return any(each in words for each in DELAYED)


def unmistakable(words: str) -> bool:
    """Tell whether nobody but a server writes so."""
    return any(each in words for each in UNMISTAKABLE)


def begins_so(notice: Notice) -> bool:
    """Tell whether a server speaks in the first paragraph, as nobody does who tells of it."""
    first: list[str] = []
    begun = False
    for line in notice.lines:
        if begun and not line.strip():
            break
        first.append(line)
        # Between rulers the program may name itself above.
        begun = begun or (
            bool(line.strip()) and not line.lstrip().startswith(("***", "---", "==="))
        )
    greeting = next((line.rstrip() for line in first if line.strip()), "")
    if len(greeting) < _LONGEST_GREETING and greeting.endswith(_AFTER_GREETING):
        return False
    words = Notice(first, "").words
    transcript = any("<<<" in line or line.lstrip().startswith(("<", ">>>")) for line in first)
    return unmistakable(words) or (transcript and quotes_a_reply(words))


def is_technical(words: str, *, said: bool) -> bool:
    """Tell whether a server's words are of one letter: they name an address or a code.

    `said` tells whether they say in a language that we know that something failed.
    """
    named, coded = "@" in words, bounce_status.has_code(words)
    return (said and (named or coded or unmistakable(words))) or (named and coded)


def quotes_a_reply(words: str) -> bool:
    """Tell whether another server's refusal of a recipient is quoted (RFC 5321, section 3.3)."""
    return bool(bounce_status.in_reply(words)) and ("rcpt to" in words or "said:" in words)


def read(notice: Notice, others: Collection[str], domain: str, *, late: bool) -> tuple[Told, ...]:
    """Return whom a notice names, with what it says of each; `others` are no recipients.

    `domain` is the server's own, to which bare names belong.
    """
    reported = _reported(notice.lines)
    if reported:
        return reported
    beside = _beside(notice)
    for sort in (_heading, _refused, _mentioned):
        told = tuple(_told(notice, sort(notice), {*others, *beside}, late=late))
        if told:
            return told
    reported = _reported(notice.returned[:LONGEST].split("\n", MOST_LINES))
    if reported:
        return reported
    for found in (_bare_names(notice, domain), _anybody(notice)):
        told = tuple(_told(notice, found, {*others, *beside}, late=late))
        if told:
            return told
    return ()


def spoken(lines: Sequence[str]) -> str:
    """Return what another server said, from its reply's code on; else all of it."""
    text = " ".join(" ".join(lines).split())
    return text[bounce_status.reply_at(text) :]


def _is_returned(line: str) -> bool:
    lower = line.strip(" \t-=*_>+#").lower()
    if not lower:
        return False
    if lower.startswith(HEADER_STARTS) or line[:20].lower().startswith(UNINDENTED_HEADER_STARTS):
        return True
    if not lower.startswith(RETURNED):
        return lower in RETURNED_ALONE
    return "@" not in lower and (
        lower.endswith(_ENDS_ABOVE) or line.lstrip()[:1] in "-=*_" or line[-1:] in "-=*_"
    )


def _reported(lines: Sequence[str]) -> tuple[Told, ...]:
    """Read a report that stands in the text itself, as Amazon WorkMail's and broken MIME has."""
    for number, line in enumerate(lines):
        if line[:40].lstrip().lower().startswith(("final-recipient:", "reporting-mta:")):
            report = (each.strip() for each in lines[max(0, number - 3) :])
            told = bounce_reports.read("\n".join(report))
            return tuple(each for each in told if each.recipient)
    return ()


def _heading(notice: Notice) -> Iterator[tuple[int, str]]:
    """Yield the addresses that begin a line, where nothing but marks and a label stand before."""
    for number, line in enumerate(notice.lines):
        if "@" not in line or _is_of_a_head(notice.lines, number):
            continue
        bare = line.lstrip(_MARKS)
        label = _LABELS.match(bare.lower())
        if label:
            bare = bare[label.end() :]
        head = bare.partition(" ")[0].partition("\t")[0]
        found = addresses(head)
        if found and _begins(bare, found[0]):
            yield number, found[0]


def _begins(line: str, address: str) -> bool:
    at = line.lower().find(address)
    after = line[at + len(address) : at + len(address) + 40].lstrip(">\"') \t")
    # "ann@acme.test wrote" and a sentence that begins so are no line of a recipient.
    return (
        0 <= at < 60
        and not line[at + len(address) : at + len(address) + 1].isalnum()
        and (
            not after or not after[0].isalpha() or after[:3].lower() in ("on ", "inv", "unk", "use")
        )
    )


def _refused(notice: Notice) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(notice.lines):
        if "@" in line:
            found = _REFUSED.search(line)
            if found:
                yield from ((number, each) for each in addresses(line[found.start() :])[:1])


def _mentioned(notice: Notice) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(notice.lines):
        if "@" in line and not _is_of_a_head(notice.lines, number):
            lower = line.lower()
            before = notice.lines[number - 1].lower() if number else ""
            for each in addresses(line):
                said = f"{before} {lower.partition(each)[0]}"[-60:].rstrip(_MARKS)
                if said.endswith(_RIGHT_BEFORE) or any(word in said for word in _TOLD_TO):
                    yield number, each


def _bare_names(notice: Notice, domain: str) -> Iterator[tuple[int, str]]:
    """Yield the names that AOL lists without their domain, below a line that announces them."""
    announced = False
    for number, line in enumerate(notice.lines):
        bare = line.strip(_MARKS)
        if announced and bare and domain and _BARE_NAME.fullmatch(bare):
            yield number, f"{bare.lower()}@{domain}"
        elif bare:
            announced = line.rstrip().endswith(":") and "recipient" in line.lower()


def _anybody(notice: Notice) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(notice.lines):
        if "@" in line and not _is_of_a_head(notice.lines, number):
            yield from ((number, each) for each in addresses(line))


def _is_of_a_head(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line is of the letter's own header, as Exchange and PMDF quote it."""
    if not lines[number].strip(_MARKS).lower().startswith(("to:", "cc:", "from:")):
        return False
    around = lines[max(0, number - 4) : number + 5]
    return any(each.strip(_MARKS).lower().startswith(_OF_A_HEAD) for each in around)


def _beside(notice: Notice) -> set[str]:
    """Return whom a notice names as its sender, or to be asked for help, wherever that is."""
    found: set[str] = set()
    for line in notice.lines:
        rest = line.lower() if "@" in line else ""
        for address in addresses(rest):
            before, _, rest = rest.partition(address)
            if address.startswith(_NOBODY) or _names_another(before[-40:].rstrip(_MARKS)):
                found.add(address)
    return found


def _names_another(before: str) -> bool:
    if before.endswith(("generated from", "rcpt", "rcpt to")):
        return False
    last = before.rpartition(" ")[2].strip(_MARKS)
    return last in _RIGHT_BESIDE or any(word in before for word in _BESIDE)


def _told(
    notice: Notice, found: Iterator[tuple[int, str]], others: Collection[str], *, late: bool
) -> Iterator[Told]:
    """Yield each recipient once, with what is said between them and the next one."""
    places: dict[str, int] = {}
    for number, address in found:
        if address not in others:
            places.setdefault(address, number)
    starts = set(places.values())
    every = spoken(notice.lines) if places else ""
    for address, number in list(places.items())[:MOST_RECIPIENTS]:
        end = number + 1
        while end < min(number + _MOST_SAID, len(notice.lines)) and end not in starts:
            end += 1
        yield _of(address, notice.lines[number:end], every, late=late)


def _of(address: str, lines: Sequence[str], every: str, *, late: bool) -> Told:
    said = spoken(lines)
    short = len(lines) == 1 or len(said) < len(address) + _LEAST_SAID
    if short and not bounce_status.has_code(said):
        # Whatever else it says may stand above all recipients, or below them.
        said = every
    code = bounce_status.best(bounce_status.in_reply(said), bounce_status.anywhere(said))
    return bounce_reports.Told(address, "delayed" if late else "failed", code, said)
