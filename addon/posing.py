"""What is said of a sender who may not be who they seem, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail.impostors import look_alike, other_address
from crm.mail.meaning import Suspicion

if TYPE_CHECKING:
    from collections.abc import Collection

_NOBODY = lazy(
    "The sender of this message is written with hidden signs, as forgers do. Nobody can tell by it"
    " who wrote."
)
#: What reading the letter found; the heavier comes first.
_WORDS = {
    Suspicion.HIDDEN_SIGNS: lazy(
        "The sender of this message is written with hidden signs, as forgers do. It came from"
        " {email}."
    ),
    Suspicion.SEVERAL_SENDERS: lazy(
        "This message names more than one sender. Only {email} is shown, and it may be another’s."
    ),
    Suspicion.DISOWNED: lazy(
        "A mail server on the way could not confirm that this message came from {email}."
    ),
}


def warning(name: str, email: str, suspicions: Collection[Suspicion] = ()) -> str:
    """Say what is wrong with the sender that a message shows, or return "".

    `suspicions` are what was found when it was read; what its sender's name and address show is
    looked at here.
    """
    shown = other_address(name, email)
    if shown:
        said = _("The name shows {shown}, but this message came from {email}.")
        return said.format(shown=isolate(shown), email=isolate(email))
    domain = look_alike(email)
    if domain:
        said = _("The address {email} has letters that look like others. Its domain is {domain}.")
        return said.format(email=isolate(email), domain=isolate(domain))
    found = next((words for one, words in _WORDS.items() if one in suspicions), None)
    if found is None:
        return ""
    return str(found).format(email=isolate(email)) if email else str(_NOBODY)
