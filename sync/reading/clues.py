"""What is looked at to tell what sort of letter one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.reading import machines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.base.addresses import Address
    from sync.reading.headers import Fields
    from sync.reading.mime import Leaf


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
    def by_server(self) -> bool:
        """Tell whether a mail server is the author, and no person who writes as the postmaster."""
        return self.local.startswith(machines.SERVERS) and not self.names_a_person

    @property
    def by_itself(self) -> bool:
        """Tell whether a program says that it sent the letter by itself (RFC 3834, section 5)."""
        said = self.fields.first("auto-submitted").partition(";")[0].strip().lower()
        return said not in ("", "no")

    @property
    def names_a_person(self) -> bool:
        """Tell whether a person writes as the postmaster: "Ann <postmaster@acme.test>"."""
        name = self.author.name.lower() if self.author else ""
        if not (name and self.local.startswith("postmaster")):
            return False
        return any(map(str.isalpha, name)) and not any(
            word in name for word in machines.SERVER_WORDS
        )

    def first_of(self, names: Mapping[str, str]) -> str:
        """Return the first header of a table that stands in the letter, or the empty string."""
        if names.keys().isdisjoint(self.fields.values):
            return ""
        return next(spelled for name, spelled in names.items() if name in self.fields.values)
