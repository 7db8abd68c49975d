"""One connection's dialogue: who it is, which folder is open, and the answer to each command."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import ApiError
from server.demo.gmail.faults import Place
from server.demo.gmail.imap import items, searching
from server.demo.gmail.imap.folders import Folders, Open
from server.demo.gmail.imap.grammar import BadCommandError, decoded, encoded, numbers, string, words
from server.demo.gmail.world import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.world import World

SCOPE = "https://mail.google.com/"
#: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
_REFUSED = {"status": "400", "schemes": "Bearer", "scope": SCOPE}
_BEFORE = "IMAP4rev1 UNSELECT X-GM-EXT-1 SASL-IR AUTH=XOAUTH2"
_AFTER = "IMAP4rev1 UNSELECT X-GM-EXT-1 SPECIAL-USE"
_DISABLED = (
    "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and"
    " enable your account for IMAP access. (Failure)"
)
_FORBIDDEN = (
    "[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for"
    " questions about this feature. (Failure)"
)
#: https://support.google.com/mail/answer/7126229
CONNECTIONS = 15


class _No(Exception):  # noqa: N818 - it is IMAP's word
    """The command is refused."""


class Session:
    """The dialogue with one client."""

    def __init__(
        self,
        world: World,
        folders: dict[str, Folders],
        say: Callable[[bytes], None],
        read: Callable[[], bytes],
    ) -> None:
        self._world, self._all, self._say, self._read = world, folders, say, read
        self._mailbox: Mailbox | None = None
        self._open: Open | None = None
        self.over = False

    def greet(self) -> None:
        """Say who is here."""
        self._say(b"* OK Gimap ready for requests\r\n")

    def leave(self) -> None:
        """Count the connection no more."""
        if self._mailbox is not None:
            self._world.connections[self._mailbox.address] -= 1
            self._mailbox = None

    def answer(self, pieces: list[bytes | bytearray]) -> None:
        """Carry out one command."""
        tag = bytes(pieces[0]).split(b" ", 1)[0].strip()
        try:
            said = words(pieces)
            name, given = str(said[1]).upper(), said[2:]
            if name == "UID" and given:
                name, given = f"UID {given[0]}".upper(), given[1:]
            done = self._carry_out(name, given)
        except (BadCommandError, IndexError) as error:
            self._say(tag + b" BAD Could not parse command: " + str(error).encode() + b"\r\n")
        except _No as error:
            self._say(tag + b" NO " + str(error).encode() + b"\r\n")
        else:
            self._say(tag + b" OK " + done.encode() + b"\r\n")

    def _carry_out(self, name: str, given: list[Any]) -> str:
        match name:
            case "CAPABILITY":
                self._tell(f"CAPABILITY {_BEFORE if self._mailbox is None else _AFTER}")
            case "NOOP":
                self._look_again()
            case "LOGOUT":
                self._tell("BYE LOGOUT Requested")
                self.over = True
            case "AUTHENTICATE" if self._mailbox is None:
                return self._authenticate(given)
            case "LIST" if self._mailbox is not None:
                self._list(given)
            case "STATUS" if self._mailbox is not None:
                self._status(given)
            case "SELECT" | "EXAMINE" if self._mailbox is not None:
                return self._select(given, reading=name == "EXAMINE")
            case "CLOSE" | "UNSELECT" if self._open is not None:
                self._open = None
            case "UID SEARCH" if self._open is not None:
                found = searching.search(self._open, given)
                self._tell(" ".join(["SEARCH", *map(str, found)]))
            case "UID FETCH" if self._open is not None:
                self._fetch(given)
            case _:
                raise BadCommandError(f"{name[:40]} is not served here, or not now")
        return "Success"

    def _authenticate(self, given: list[Any]) -> str:
        """Let in whoever shows a token for all mail (RFC 7628's dance, in Google's older form)."""
        if str(given[0]).upper() != "XOAUTH2":
            raise _No("Unsupported AUTH mechanism.")
        if len(given) > 1:
            shown = str(given[1]).encode()
        else:
            self._say(b"+ \r\n")
            shown = self._read().strip()
        mailbox = self._admitted(shown)
        if mailbox is None:
            told = base64.b64encode(json.dumps(_REFUSED).encode())
            self._say(b"+ " + told + b"\r\n")
            self._read()  # The client takes note by an empty line.
            raise _No("[AUTHENTICATIONFAILED] Invalid credentials (Failure)")
        fault = self._world.faults.due(Place("imap.login", mailbox.address))
        if fault is not None or not mailbox.shown.enabled:
            raise _No(_DISABLED)
        if not mailbox.shown.allowed:
            raise _No(_FORBIDDEN)
        if self._world.connections[mailbox.address] >= CONNECTIONS:
            raise _No("[ALERT] Too many simultaneous connections. (Failure)")
        self._world.connections[mailbox.address] += 1
        self._mailbox = mailbox
        self._tell(f"CAPABILITY {_AFTER}")
        return f"{mailbox.address} authenticated (Success)"

    def _admitted(self, shown: bytes) -> Mailbox | None:
        try:
            parts = base64.b64decode(shown, validate=True).decode().split("\x01")
            said = dict(part.split("=", 1) for part in parts if part)
            access = self._world.tokens.get_access(said["auth"].removeprefix("Bearer "))
        except (ValueError, KeyError, ApiError):
            return None
        mailbox = access.consent.mailbox
        fits = SCOPE in access.scopes and said.get("user", "").lower() == mailbox.address
        return mailbox if fits else None

    def _list(self, given: list[Any]) -> None:
        pattern = _name(given[1])
        for one in self._folders.listing():
            if pattern in ("*", "%", one.name):
                name = string(encoded(one.name))
                self._say(f'* LIST ({one.attributes}) "/" '.encode() + name + b"\r\n")

    def _status(self, given: list[Any]) -> None:
        opened = self._looked(given, reading=True)
        told = {
            "MESSAGES": len(opened.uids),
            "UIDNEXT": opened.folder.next,
            "UIDVALIDITY": opened.folder.number,
            "RECENT": 0,
        }
        asked = [str(word).upper() for word in given[1]]
        values = " ".join(f"{word} {told[word]}" for word in asked if word in told)
        name = string(encoded(_name(given[0])))
        self._say(b"* STATUS " + name + f" ({values})\r\n".encode())

    def _select(self, given: list[Any], *, reading: bool) -> str:
        self._open = None
        self._open = opened = self._looked(given, reading=reading)
        self._tell("FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)")
        self._tell(f"OK [UIDVALIDITY {opened.folder.number}] UIDs valid.")
        self._tell(f"{len(opened.uids)} EXISTS")
        self._tell("0 RECENT")
        self._tell(f"OK [UIDNEXT {opened.folder.next}] Predicted next UID.")
        return "[READ-ONLY] selected. (Success)" if reading else "[READ-WRITE] selected. (Success)"

    def _looked(self, given: list[Any], *, reading: bool) -> Open:
        folder = self._folders.find(_name(given[0]))
        if folder is None:
            raise _No("[NONEXISTENT] Unknown Mailbox (Failure)")
        return self._folders.open(folder, reading=reading)

    def _look_again(self) -> None:
        """Tell what has gone from the open folder, and how much it holds now."""
        if self._open is None:
            return
        now = self._folders.open(self._open.folder, reading=self._open.reading)
        here = set(now.uids)
        for at in range(len(self._open.uids), 0, -1):
            if self._open.uids[at - 1] not in here:
                self._tell(f"{at} EXPUNGE")
        self._tell(f"{len(now.uids)} EXISTS")
        self._open = now

    def _fetch(self, given: list[Any]) -> None:
        opened, asked = self._opened, items.wanted(given[1] if given[1:] else [])
        bodies = any(one.section is not None for one in asked)
        ranges = numbers(given[0], opened.uids[-1] if opened.uids else 0)
        for at in opened.within(ranges):
            uid, id_ = opened.uids[at], opened.ids[at]
            copy = self._owner.copies.find(id_)
            if copy is None:
                continue
            if bodies and not opened.reading and not all(one.peeks for one in asked):
                self._owner.label(id_, remove=["UNREAD"])
            label = opened.folder.label
            text = items.shape(copy, at + 1, uid, asked, self._owner.labels, inside=label)
            self._give(copy, text, bodies=bodies)

    def _give(self, copy: Copy, text: bytes, *, bodies: bool) -> None:
        """Send what is told of one message, unless something goes wrong at its body."""
        if not bodies:
            self._say(text)
            return
        world, address = self._world, self._owner.address
        fault = world.faults.due(Place("imap.fetch", address, copy.id, number=copy.number))
        kind = fault.kind if fault else ""
        call = Call("imap.fetch", address, copy.id, 200, 0, world.now(), in_batch=False, fault=kind)
        world.calls.append(call)
        if fault is not None and kind == "imap_overquota":
            raise _No("[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)")
        if fault is not None and kind == "imap_slow":
            world.closing.wait(fault.seconds)
        if kind == "imap_cut":
            self._say(text[: len(text) // 2])
            raise ConnectionAbortedError
        self._say(text)

    def _tell(self, text: str) -> None:
        self._say(f"* {text}\r\n".encode())

    @property
    def _owner(self) -> Mailbox:
        assert self._mailbox is not None
        return self._mailbox

    @property
    def _opened(self) -> Open:
        assert self._open is not None
        return self._open

    @property
    def _folders(self) -> Folders:
        return self._all.setdefault(self._owner.address, Folders(self._owner))


def _name(said: object) -> str:
    return decoded(said if isinstance(said, bytes) else str(said).encode())
