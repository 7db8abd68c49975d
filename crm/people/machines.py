"""Addresses that no person reads, or that many do: never a contact."""

from __future__ import annotations

import re

#: Local parts that say so themselves. Matched whole, or before a separator and anything.
_LOCAL = re.compile(
    r"(?:no|do[-._]?not|dont|never)[-._]?reply|no[-._]?responder|ne[-._]?repondez|nicht[-._]?antworten"
    r"|noreply|mailer[-._]?daemon|postmaster|bounces?|daemon|auto(?:mated)?[-._]?(?:mailer|reply|confirm)"
    r"|notifications?|notify|newsletters?|unsubscribe|nepoviedat|neodpovidat|neodpovidejte|nie[-._]?odpowiadaj"
)
_SEPARATORS = "+-._="
#: Hosts that serve lists alone: by their first label (Mailman, Sympa, LISTSERV), and by name.
_LIST_HOST = re.compile(
    r"(?:lists?|listes|listserv|mailman)\.[^.]+\..+|googlegroups\.com|groups\.io|freelists\.org"
)


def is_machine(email: str) -> bool:
    """Tell whether an address says of itself that a machine uses it: no-reply, or a list."""
    local, _at, domain = email.rpartition("@")
    if _LIST_HOST.fullmatch(domain[:255].lower()):
        return True
    local = local[:64].lower()
    found = _LOCAL.match(local)
    return found is not None and (found.end() == len(local) or local[found.end()] in _SEPARATORS)
