"""Addresses that no person reads, or that many do: never a contact."""

from __future__ import annotations

import re

#: What local parts say of themselves: whole, first, or last behind a hyphen or an underscore.
_WORDS = (
    r"(?:(?:no|do[-._]?not|dont|never)[-._]?reply|no[-._]?responder|ne[-._]?repondez|nicht[-._]?antworten"
    r"|noreply|mailer[-._]?daemon|postmaster|bounces?|daemon|auto(?:mated)?[-._]?(?:mailer|reply|confirm)"
    r"|notifications?|notify|newsletters?|unsubscribe|nepoviedat|neodpovidat|neodpovidejte|nie[-._]?odpowiadaj)"
)
_LOCAL = re.compile(rf"{_WORDS}(?:[-+._=].*)?|.*[-_]{_WORDS}", re.DOTALL)
#: Hosts that serve lists alone: by their first label (Mailman, Sympa, LISTSERV), and by name.
_LIST_HOST = re.compile(
    r"(?:lists?|listes|listserv|mailman)\.[^.]+\..+|googlegroups\.com|groups\.io|freelists\.org"
)


def is_machine(email: str) -> bool:
    """Tell whether an address says of itself that a machine uses it: no-reply, or a list."""
    local, _at, domain = email.rpartition("@")
    if _LIST_HOST.fullmatch(domain[:255].lower()):
        return True
    return _LOCAL.fullmatch(local[:64].lower()) is not None
