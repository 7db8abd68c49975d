"""Send over SMTP, and keep the copy over IMAP.

open, MAIL, RCPT of each        nothing has left; a try later does it all again
leave                           committed: from here on it may
DATA, the letter, "."           one step, whose answer may be lost
look in Sent                    some servers keep what is sent by themselves
APPEND to Sent                  where it does not lie there
"""

from __future__ import annotations

import re
import smtplib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from crm.mail.models import OutgoingTrouble
from sync.errors import OutOfReachError, SyncError, UnsafeConnectionError
from sync.reaching import addresses_of
from sync.sources.imap import sent
from sync.sources.imap.login import close as hang_up
from sync.sources.imap.login import connect
from sync.sources.imap.words import plain_words
from sync.transports import Departure, LaterError, RefusedError, Verdict
from sync.transports.dialogue import (
    LAST_WORD,
    Line,
    SmtpLogin,
    close,
    command,
    open_line,
    path,
    plain,
)
from sync.writing.heads import mailbox as written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.sources.imap.login import ImapLogin
    from sync.sources.imap.wire import Wire
    from sync.transports import Parcel, Steps

#: After so many tries those whom the server puts off are left out, and the others have the letter.
_PUT_OFF: Final = 4
#: By which a letter is known where the server has put a Message-ID of its own into it.
_BOUNDARY: Final = re.compile(rb'boundary="(=_[0-9a-f]+)"')
#: Looks into Sent, at a server that keeps what is sent by itself, before ours is put there after
#: all: its owner may have switched that off.
_KEEPS: Final = 6


class SmtpTransport:
    """A mailbox that sends by SMTP, and whose Sent folder is reached by IMAP."""

    def __init__(
        self,
        smtp: SmtpLogin,
        imap: ImapLogin,
        *,
        allow_plain: bool,
        keeps_sent: bool = False,
        connect_to: Callable[[str], Sequence[str]] = addresses_of,
    ) -> None:
        self._smtp = smtp
        self._imap = imap
        self._allow_plain = allow_plain
        self._keeps_sent = keeps_sent
        self._connect_to = connect_to

    @property
    def place(self) -> dict[str, Any]:
        """Return where it sends, as a mailbox keeps it."""
        smtp = self._smtp
        return {"host": smtp.host, "port": smtp.port, "security": smtp.security}

    def send(self, parcel: Parcel, steps: Steps) -> Departure:
        """Let a letter leave, once. Raises what `sync.transports` says."""
        try:
            line = open_line(self._smtp, allow_plain=self._allow_plain, connect_to=self._connect_to)
        except (UnsafeConnectionError, OutOfReachError) as error:
            raise RefusedError(OutgoingTrouble.UNSAFE, str(error), why=error.why) from error
        done = False
        try:
            refused = self._address(line, parcel)
            steps.leave()
            self._hand_over(line, parcel)
            done = True
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise plain(error, self._smtp.server) from error
        finally:
            close(line, politely=done)
        return Departure(refused)

    def look(self, parcel: Parcel) -> Verdict:
        """Find out whether a letter has left: it lies in Sent, or has come back to the inbox."""
        with self._mailbox() as wire:
            known_by = parcel.draft.rfc_id, _mark(parcel.raw)
            if sent.lies_in_sent(wire, *known_by) or sent.lies_in_inbox(wire, *known_by):
                return Verdict.LEFT
        return Verdict.CANNOT_TELL

    def keep(self, parcel: Parcel) -> bool:
        """See that Sent has the copy, once: appended where the server does not keep it itself."""
        with self._mailbox() as wire:
            if sent.lies_in_sent(wire, parcel.draft.rfc_id, _mark(parcel.raw)):
                return True
            if self._keeps_sent and parcel.tries < _KEEPS:
                return False  # It comes there in a moment; ours would be a second one.
            sent.append_to_sent(wire, parcel.raw)
        return True

    def withdraw(self, parcel: Parcel) -> None:
        """Do nothing: before a letter leaves, nothing of it lies anywhere."""

    def _address(self, line: Line, parcel: Parcel) -> dict[str, str]:
        """Say from whom and to whom; return whom the server refuses, where it takes others."""
        draft, server = parcel.draft, self._smtp.server
        emails = [written(address) for address in draft.recipients]
        options = []
        if not all(email.isascii() for email in (written(draft.author), *emails)):
            if not line.has_extn("smtputf8"):
                words = f"{server} cannot write an address in other letters than a to z."
                raise RefusedError(OutgoingTrouble.ALPHABET, words)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            line.command_encoding = "utf-8"
        if line.has_extn("size"):
            most = line.esmtp_features["size"].strip()
            if most.isdecimal() and 0 < int(most) < len(parcel.raw):
                words = f"{server} takes letters of {int(most):,} bytes; this has more."
                raise RefusedError(OutgoingTrouble.TOO_LARGE, words)
            options.append(f"SIZE={len(parcel.raw)}")
        code, said = command(
            line, "MAIL", " ".join([f"FROM:{path(written(draft.author))}", *options])
        )
        _demand(code, said, server)
        return self._name_all(line, parcel, dict(zip(emails, draft.recipients, strict=True)))

    def _name_all(self, line: Line, parcel: Parcel, people: dict[str, object]) -> dict[str, str]:
        put_off: dict[str, str] = {}
        refused: dict[str, str] = {}
        for email in people:
            code, said = command(line, "RCPT", f"TO:{path(email)}")
            if code not in (250, 251, 252):
                (put_off if 400 <= code < 500 else refused)[email] = f"{code} {said}"
        if put_off and parcel.tries < _PUT_OFF:
            # Nobody has it yet: one try later, and each has it once.
            words = (
                f"{self._smtp.server} puts off {len(put_off)} of {len(people)}: {_first(put_off)}"
            )
            raise LaterError(OutgoingTrouble.DEFERRED, words, refused=put_off)
        if len(put_off) + len(refused) == len(people):
            words = f"{self._smtp.server} takes none of the recipients: {_first(refused | put_off)}"
            kind = LaterError if put_off else RefusedError  # Some of them may be taken yet.
            raise kind(OutgoingTrouble.RECIPIENTS, words, refused=refused | put_off)
        return refused | put_off

    def _hand_over(self, line: Line, parcel: Parcel) -> None:
        """Give the letter. What is raised without an answer says that nobody can tell."""
        server = self._smtp.server
        try:
            code, said = command(line, "DATA", "")
            if code != 354:  # It did not ask for the letter, whatever else it says: it has none.
                _demand(code, said, server)
                raise LaterError(OutgoingTrouble.DEFERRED, f"{server} made no sense: {code} {said}")
            line.pour(parcel.raw)
        except (smtplib.SMTPException, OSError) as error:
            # Nothing is a letter without its last line (RFC 5321, section 4.1.1.4).
            raise LaterError(OutgoingTrouble.UNREACHABLE, str(plain(error, server))) from error
        _demand(*line.end(LAST_WORD), server)

    @contextmanager
    def _mailbox(self) -> Iterator[Wire]:
        server = f"{self._imap.host}:{self._imap.port}"
        with plain_words(server):
            wire = connect(
                self._imap,
                timeout=30,
                allow_plain=self._allow_plain,
                connect_to=self._connect_to,
            )
            try:
                yield wire
                hang_up(wire, politely=True)
            except BaseException:
                hang_up(wire)
                raise


def _mark(raw: bytes) -> str:
    """Return the boundary of a letter's parts, which no other letter has; "" where it has none."""
    found = _BOUNDARY.search(raw.partition(b"\r\n\r\n")[0])
    return found[1].decode("ascii") if found is not None else ""


def _demand(code: int, said: str, server: str) -> None:
    """Raise unless the server has said yes: LaterError for "not now", RefusedError for "no"."""
    if 200 <= code < 300:
        return
    if 400 <= code < 500:
        words = f"{server} does not take it just now: {code} {said}"
        raise LaterError(OutgoingTrouble.DEFERRED, words, said=said)
    if code >= 500:
        words = f"{server} does not take this message: {code} {said}"
        trouble = OutgoingTrouble.TOO_LARGE if code == 552 else OutgoingTrouble.REFUSED
        raise RefusedError(trouble, words, said=said)
    raise SyncError(f"{server} made no sense: {code} {said}")


def _first(said: dict[str, str]) -> str:
    return next(iter(said.values()), "")
