"""What `inlay doctor` has found: that a thing is well, or what is wrong and what mends it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from crm.base.i18n import gettext as _
from server.database import is_forbidden, words_of
from sync.patience import is_away


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and if not, what to do."""

    what: str
    well: bool
    words: str = ""
    hint: str = ""


def failed(what: str, error: Exception, setting: str, role: str) -> Finding:
    """Tell of what could not be looked at, and how its setting and the role there mend it."""
    return Finding(what, well=False, words=words_of(error), hint=_hint(error, setting, role))


def not_reached(setting: str) -> str:
    """Say what to look at where nobody answers."""
    return _("Is it running, and are host and port in {setting} right?").format(setting=setting)


def _hint(error: Exception, setting: str, role: str) -> str:
    if not isinstance(error, DBAPIError):
        return ""
    if is_forbidden(error):
        return _("Use the role {role} in {setting}.").format(role=role, setting=setting)
    return _not_connected(str(error.orig), setting) if is_away(error) else ""


def _not_connected(said: str, setting: str) -> str:
    """Tell by the words why there is no connection: such an error has no code.

    They are PostgreSQL's own in English (fe-connect.c, auth.c, postinit.c, miscinit.c).
    """
    if "certificate" in said:
        words = _("docs/operating.md says what sslmode in {setting} asks for.")
    elif "authentication failed" in said or "no password supplied" in said:
        words = _("Set the password in {setting}.")
    elif "does not exist" in said or "permission denied for database" in said:
        words = _("Are the user and the name of the database in {setting} right?")
    else:
        return not_reached(setting)
    return words.format(setting=setting)
