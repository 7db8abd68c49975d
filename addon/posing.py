"""What is said of a sender who seems to be somebody else, by what a message shows of them."""

from __future__ import annotations

from addon.widgets import isolate
from crm.base.i18n import gettext as _
from crm.mail.impostors import look_alike, other_address


def warning(name: str, email: str) -> str:
    """Say what is wrong with the sender that a message shows, or return ""."""
    shown = other_address(name, email)
    if shown:
        said = _("The name shows {shown}, but this message came from {email}.")
        return said.format(shown=isolate(shown), email=isolate(email))
    domain = look_alike(email)
    if domain:
        said = _("The address {email} has letters that look like others. Its domain is {domain}.")
        return said.format(email=isolate(email), domain=isolate(domain))
    return ""
