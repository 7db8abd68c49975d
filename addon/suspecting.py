"""Why a sender may not be who they seem, as reading has found: what is safe, and what to do.

`addon.posing` says the same with the addresses themselves, where the sender's own name shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import posing
from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail.meaning import Suspicion

if TYPE_CHECKING:
    from crm.mail.models import Message

_WORDS = {
    Suspicion.NAME_SHOWS_ADDRESS: lazy(
        "The sender’s name shows another address than {email}, from which this message came. Go by"
        " the address, not by the name."
    ),
    Suspicion.LOOK_ALIKE: lazy(
        "The address {email} has letters that look like others. Compare it with one that you know"
        " before you answer."
    ),
    Suspicion.HIDDEN_SIGNS: lazy(
        "The sender is written with hidden signs, as impostors do. They are left out here: it is"
        " {email}. Before you send money or papers, ask them by a way that you know."
    ),
    Suspicion.SEVERAL_SENDERS: lazy(
        "This message names several senders, and other programs may show another one. Here it"
        " counts as from {email}. Before you act on it, ask them by a way that you know."
    ),
    Suspicion.RESEMBLES: lazy(
        "The address {email} is almost one that you know, and it is another one. Compare them"
        " letter by letter before you answer."
    ),
    Suspicion.DISOWNED: lazy(
        "A mail server on the way says that this message is not from {email}. Reading it is safe."
        " Open no file of it and follow no link before you have asked them by a way that you know."
    ),
}
#: What `posing` finds by itself.
_SHOWN = (Suspicion.NAME_SHOWS_ADDRESS, Suspicion.LOOK_ALIKE)


def warnings(message: Message) -> list[str]:
    """Say everything that speaks against the sender of a message, one sentence or two for each."""
    email = message.from_email
    shown = posing.warning(message.from_name, email)
    found = [one for one in Suspicion if one in message.suspicions.split()]
    told = [_(_WORDS[one]) for one in found if not (shown and one in _SHOWN)]
    whose = isolate(email) if email else _("Nobody")
    said = [words.format(email=whose) for words in told]
    return [shown, *said] if shown else said
