"""What the pages of connecting a mailbox are given: what was typed, what is wrong, what would come.

Between the preview and the decision the login travels through the page, sealed by the vault: nobody
reads it there, only whoever typed it may use it, within the hour, and nothing of it can be changed.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from addon.widgets import isolate
from crm.base import addresses, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.base.showing import number
from crm.mail.models import MailboxKind, Meets, Shares
from server.web import ledgers, offers
from server.web.choices import Choices
from sync.credentials import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from crm.base.vault import Vault
    from server.web.importing import WayView
    from server.web.ledgers import Part
    from sync.connecting.obstacles import Obstacle
    from sync.connecting.previewing import Preview
    from sync.connecting.proposing import Proposal

SECURITIES = {"tls": "TLS", "starttls": "STARTTLS", "none": lazy("None")}
SHARES = {
    Shares.NOTHING: lazy("Nothing, not even that it exists"),
    Shares.HAPPENED: lazy("People and time"),
    Shares.HEADERS: lazy("People, time and subject"),
    Shares.EVERYTHING: lazy("Everything"),
}
MEETS = {
    Meets.DIRECT: lazy("People we wrote to, or who wrote to us directly"),
    Meets.WRITTEN: lazy("People we wrote to"),
    Meets.NOBODY: lazy("Nobody"),
}
#: As much as a name in the DNS may hold; letters of other scripts count more than one each.
_HOST = re.compile(r"(?=.{1,253}\Z)[\w-]+(?:\.[\w-]+)*\.?|(?:[0-9A-Fa-f]*:){2,7}[0-9A-Fa-f.:]*")
#: What the offers of these pages are about.
_ABOUT = "login"
_LONGEST = 500
_PEOPLE = 6
#: So many folders that were not counted can be left out by name.
_NAMED = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed to reach a mailbox; the password is in no repr."""

    address: str = ""
    host: str = ""
    port: str = ""
    security: str = "tls"
    login: str = ""
    password: str = field(default="", repr=False)  # or the token of a consent
    gmail: dict[str, Any] | None = None  # what of a consent stands in the place

    @property
    def kind(self) -> MailboxKind:
        """Return how the mailbox is read."""
        return MailboxKind.IMAP if self.gmail is None else MailboxKind.GMAIL

    @property
    def place(self) -> dict[str, Any]:
        """Return where the mailbox is, as it is kept: named in the web, so on the internet."""
        if self.gmail is not None:
            return dict(self.gmail)
        return {
            "host": self.host,
            "port": int(self.port),
            "security": self.security,
            "login": self.login,
            "reach": PUBLIC,
        }


@dataclass(frozen=True, slots=True)
class ConnectView:
    """One step of connecting: the address, the server, or what would come in."""

    step: str
    typed: Typed
    origin: str = ""
    note: str = ""
    problem: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    securities: tuple[tuple[str, str], ...] = ()
    offer: str = ""
    missing: str = ""  # what the consent does not allow
    preview: PreviewView | None = None
    ways: tuple[WayView, ...] = ()
    chosen: Choices = field(default_factory=Choices)


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What would come in, in words."""

    summary: str
    parts: tuple[Part, ...]
    folders: tuple[tuple[str, str, str], ...]
    left_out: tuple[tuple[str, str, str], ...]
    unavailable: tuple[tuple[str, str], ...]
    unasked: str
    people: tuple[tuple[str, str], ...]
    people_words: str
    looked: str
    button: str
    shares: tuple[tuple[int, str], ...]
    meets: tuple[tuple[str, str], ...]


def read(form: Mapping[str, str]) -> Typed:
    """Read what was typed, without the space around it; of the password nothing is taken away."""
    said = {
        name: form.get(name, "").strip()[:_LONGEST] for name in ("address", "host", "port", "login")
    }
    security = form.get("security", "tls")
    return Typed(
        address=said["address"],
        host=said["host"],
        port=said["port"],
        login=said["login"],
        security=security if security in SECURITIES else "tls",
        password=form.get("password", "")[:_LONGEST],
    )


def faults(typed: Typed, *, plain: bool) -> dict[str, str]:
    """Name what cannot be sent to any server, by field."""
    found = {}
    if addresses.parse(typed.address) is None:
        found["address"] = _("“{text}” is not an address.").format(text=typed.address[:100])
    if not _HOST.fullmatch(typed.host):
        found["host"] = _("This is not the name of a server. It looks like imap.example.com.")
    if not typed.port.isdecimal() or not 0 < int(typed.port) < 65536:
        found["port"] = _("A port is a number, usually 993.")
    if typed.security == "none" and not plain:
        found["security"] = _("The password would travel unencrypted. Choose TLS or STARTTLS.")
    if not typed.login:
        found["login"] = _("The login is missing. Usually it is the address.")
    elif not typed.login.isprintable():
        found["login"] = _("The login holds a control character.")
    if wrong := password_fault(typed.password):
        found["password"] = wrong
    return found


def password_fault(password: str) -> str:
    """Say why a password cannot be sent to any server; "" where it can."""
    if not password:
        return _("The password is missing.")
    return "" if password.isprintable() else _("The password holds a control character.")


def address_step(typed: Typed, problem: str = "") -> ConnectView:
    """Ask for the address."""
    return ConnectView("address", typed, wrong={"address": problem} if problem else {})


def proposed(proposal: Proposal, address: str, words: str, *, plain: bool) -> ConnectView:
    """Show what is proposed for an address, in fields that can be changed."""
    typed = Typed(address, proposal.host, str(proposal.port), proposal.security, proposal.login)
    return server_step(typed, origin=words, note=proposal.note, plain=plain)


def server_step(
    typed: Typed,
    *,
    origin: str = "",
    note: str = "",
    wrong: Mapping[str, str] | None = None,
    plain: bool,
) -> ConnectView:
    """Ask for the server and the login; the password is never filled in."""
    securities = tuple(
        (name, _(label)) for name, label in SECURITIES.items() if plain or name != "none"
    )
    kept = replace(typed, password="")
    return ConnectView("server", kept, origin, note, wrong=wrong or {}, securities=securities)


def stopped(typed: Typed, obstacle: Obstacle, *, plain: bool) -> ConnectView:
    """Show the same form again, with what is in the way beside its field."""
    words = f"{obstacle.what} {obstacle.next}"
    wrong = {obstacle.field: words} if obstacle.field else {}
    shown = server_step(typed, wrong=wrong, plain=plain)
    return replace(shown, problem="" if obstacle.field else words, said=obstacle.said)


def seal(typed: Typed, user_id: UUID, vault: Vault, at: datetime) -> str:
    """Seal a login that was looked at, for one user and for an hour."""
    return offers.seal(asdict(typed), _ABOUT, user_id, vault, at)


def unseal(offer: str, user_id: UUID, vault: Vault, at: datetime) -> Typed:
    """Return the login that a page carried. Raises TooOldError where it is not theirs."""
    return Typed(**offers.unseal(offer, _ABOUT, user_id, vault, at))


def previewed(found: Preview, zone: ZoneInfo) -> PreviewView:
    """Say in words what would come in."""
    skipped = sum(found.skipped.values())
    parts = ledgers.parts(("new", found.total), ("skipped", skipped))
    words = {
        "new": _("would come in"),
        "skipped": _("would be skipped: {rules}").format(rules=ledgers.rules(found.skipped)),
    }
    people = sorted(found.contacts.values(), key=lambda one: (-one.messages, one.email))
    met = ngettext("{n} contact would be made", "{n} contacts would be made", len(people))
    return PreviewView(
        summary=_summary(found, zone),
        parts=tuple(replace(part, words=words[part.kind]) for part in parts if part.count),
        folders=tuple(
            (name, ledgers.folder(name), number(count))
            for name, count in sorted(found.folders.items(), key=ledgers.first)
        )
        + tuple((name, ledgers.folder(name), "") for name in found.unasked[:_NAMED]),
        left_out=tuple(
            (name, number(count), ledgers.rule(rule))
            for name, (rule, count) in found.left_out.items()
            if count
        ),
        unavailable=tuple(found.unavailable.items()),
        unasked=_unasked(len(found.unasked)),
        people=tuple(
            (
                showing.straight(one.name or one.email),
                ngettext("{n} message", "{n} messages", one.messages).format(
                    n=number(one.messages)
                ),
            )
            for one in people[:_PEOPLE]
        ),
        people_words=met.format(n=number(len(people))),
        looked=_looked(found),
        button=_button(found),
        shares=tuple((int(level), _(label)) for level, label in SHARES.items()),
        meets=tuple((level.value, _(label)) for level, label in MEETS.items()),
    )


def _summary(found: Preview, zone: ZoneInfo) -> str:
    """Say how much there is: 9,612 messages in 7 folders, from 3 Mar 2019 to today."""
    messages = ngettext("{n} message", "{n} messages", found.total).format(n=number(found.total))
    folders = ngettext("{n} folder", "{n} folders", len(found.folders)).format(
        n=number(len(found.folders))
    )
    if found.oldest is None or found.newest is None:
        return _("{messages} in {folders}").format(messages=messages, folders=folders)
    first, last = (
        isolate(showing.date_of(at.astimezone(zone).date())) for at in (found.oldest, found.newest)
    )
    if first == last:
        said = _("{messages} in {folders}, of {first}")
    else:
        said = _("{messages} in {folders}, from {first} to {last}")
    return said.format(messages=messages, folders=folders, first=first, last=last)


def _unasked(count: int) -> str:
    """Say that the server was too slow to be asked about every folder."""
    if not count:
        return ""
    said = ngettext(
        "The server is slow: {n} more folder comes in, and is not counted here.",
        "The server is slow: {n} more folders come in, and are not counted here.",
        count,
    )
    return said.format(n=number(count))


def _button(found: Preview) -> str:
    if found.unasked:
        return _("Connect")
    return ngettext(
        "Connect and take in {n} message", "Connect and take in {n} messages", found.total
    ).format(n=number(found.total))


def _looked(found: Preview) -> str:
    """Say by how many headers the people were found, where it was not by all of them."""
    if found.whole:
        return ""
    said = ngettext(
        "So far by the newest {n} message; the others are read once it is connected.",
        "So far by the newest {n} messages; the others are read once it is connected.",
        found.messages,
    )
    return said.format(n=number(found.messages))
