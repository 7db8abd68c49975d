"""What is looked at to tell what sort of letter one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address
    from sync.reading.headers import Fields
    from sync.reading.mime import Leaf


#: Who writes for a mail server, as `Clues.local` has it.
POSTMASTERS = ("mailerdaemon", "postmaster", "maildaemon")

#: What stands in the name before a server's address, where a program wrote it.
_SERVER_WORDS = (
    "mail", "master", "daemon", "deliver", "system", "server", "admin", "notif", "undeliver",
    "returned", "bounce", "robot", "gateway", "exchange", "smtp", "noreply", "no-reply", "mta",
    "microsoft", "outlook", "virus", "filter", "firewall", "security",
    "почт", "систем", "メール", "システム", "邮件", "郵件", "系统", "系統", "메일", "پست", "ایمیل",
)  # fmt: skip


class Clues(NamedTuple):
    """What a letter says, as far as its sort can be told by it."""

    fields: Fields
    author: Address | None  # the first mailbox of From
    subject: str
    text: str  # the whole visible text
    leaves: Sequence[Leaf]  # everything that is no text, in the order of the message
    type_field: str  # the Content-Type of the whole message, lower case

    @property
    def local(self) -> str:
        """Return the author's local part without dots, dashes and underscores."""
        local = self.author.local if self.author else ""
        return local.replace(".", "").replace("-", "").replace("_", "")

    @property
    def cannot_bounce(self) -> bool:
        """Tell whether the letter came with the empty return path (RFC 5321, section 4.5.5)."""
        return self.fields.first("return-path").replace(" ", "") == "<>"

    @property
    def names_a_person(self) -> bool:
        """Tell whether a person writes as the postmaster: "Ann <postmaster@acme.test>"."""
        name = self.author.name.lower() if self.author else ""
        if not (name and self.local.startswith("postmaster")):
            return False
        return any(map(str.isalpha, name)) and not any(word in name for word in _SERVER_WORDS)
