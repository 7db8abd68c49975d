"""How a mailbox is doing, in words: what is so, what is safe, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base.i18n import gettext as _
from crm.mail import retrying
from crm.mail.models import MailboxKind, MailboxState
from server.web import importing
from sync.connecting import obstacles
from sync.errors import MailboxKeyMissingError, NotAdmittedError, Why

if TYPE_CHECKING:
    from crm.mail.models import Mailbox


def state(box: Mailbox) -> tuple[str, str, str, str]:
    """Return the sign of a state, its tone, its word, and what is so and what is safe."""
    if box.state == MailboxState.DISCONNECTED:
        what = _(
            "Nothing is read or sent here any more, and what let us in is deleted. The mail that"
            " is here stays. Connected again, it goes on where it stopped."
        )
        return "unlink", "", _("Disconnected"), what
    return _while_connected(box)


def _while_connected(box: Mailbox) -> tuple[str, str, str, str]:
    """Say of a mailbox that was not disconnected how it is doing."""
    match MailboxState(box.state):
        case MailboxState.CONNECTING:
            what = _("The newest come first, so you can work already.")
            what = " ".join(filter(None, (what, importing.words(box))))
            return "download", "", _("Coming in"), what
        case MailboxState.LIVE:
            return "circle-check", "good", _("Live"), ""
        case MailboxState.PAUSED:
            what = _("Somebody paused it. Nothing is lost: it goes on where it stopped.")
            return "pause", "", _("Paused"), what
        case MailboxState.NEEDS_LOGIN:
            if is_consent(box):
                return "key-round", "bad", _consent_word(box), _consent_words(box)
            what = _(
                "The server refuses the login. Nothing is lost: we stopped knocking and go on"
                " where we stopped."
            )
            return "key-round", "bad", _("Needs a new login"), what
    if is_consent(box):
        return "key-round", "bad", _consent_word(box), _consent_words(box)
    if box.trouble == "quota":
        what = _("Gmail’s limit is used up for now. Nothing is lost: it goes on by itself.")
        return "clock", "warn", _("Waiting for Gmail"), what
    if box.trouble in retrying.REFUSALS:
        what = _("The server refused the login. Nothing is lost. We try it three times in all.")
        return "key-round", "bad", _("Login refused"), what
    if lacks_key(box):
        what = _("Nothing is lost; the server was not asked.")
        return "key-round", "bad", _("Its password cannot be opened"), what
    if box.trouble in retrying.RARE:
        return _looked_at_rarely(box)
    what = _("The last look failed. Nothing is lost: we try again by ourselves.")
    return "triangle-alert", "warn", _("Not reached"), what


def _looked_at_rarely(box: Mailbox) -> tuple[str, str, str, str]:
    """Say of a mailbox whose trouble lasts how it is doing."""
    if box.trouble == NotAdmittedError.code:
        what = _("Nothing is lost: we look once an hour, and go on when we are let in.")
        return "triangle-alert", "bad", _("Not let in"), what
    if box.trouble == "unfinished":
        what = _(
            "To compare all of it took longer than a look may. Nothing is lost: we begin anew in an"
            " hour. The command “inlay sync” may take as long as it needs."
        )
        return "triangle-alert", "warn", _("Not through"), what
    what = _(
        "The server renumbers a folder each time we look. Nothing is lost: we look once an"
        " hour, and go on when it is still."
    )
    return "triangle-alert", "warn", _("Not reached"), what


def parting(box: Mailbox) -> str:
    """Say what comes of it to disconnect a mailbox, before somebody does."""
    said = [
        _("Nothing is read or sent here any more, not even what waits to be sent."),
        _("The mail that is here stays, for all who see it now."),
    ]
    if box.kind == MailboxKind.GMAIL and box.place.get("grant") == "consent":
        said.append(_("The consent is given back to Google, and our token for it is deleted."))
    elif box.kind != MailboxKind.FILES:
        said.append(_("What let us in is deleted here."))
    said.append(_("Connected again, it goes on where it stopped."))
    return " ".join(said)


def is_consent(box: Mailbox) -> bool:
    """Tell whether it is a consent that is in the way, which the words say whole."""
    by_consent = box.kind == MailboxKind.GMAIL and box.place.get("grant") == "consent"
    return by_consent and box.trouble in retrying.REFUSALS


def asks_login(box: Mailbox) -> bool:
    """Tell whether a password helps. One that is paused is resumed first."""
    if box.state == MailboxState.DISCONNECTED:
        return box.kind != MailboxKind.FILES
    asks = box.trouble in retrying.REFUSALS or lacks_key(box)
    return asks and box.state != MailboxState.PAUSED


def lacks_key(box: Mailbox) -> bool:
    """Tell whether a mailbox waits for the key of its password, or for the password anew."""
    return box.trouble == MailboxKeyMissingError.code


def advice(box: Mailbox) -> str:
    """Say what is in the way, of a mailbox that somebody waits for."""
    if box.state not in (MailboxState.FAILING, MailboxState.NEEDS_LOGIN):
        return ""
    # What was noted by an older version has no such word.
    why = box.why or (Why.LOGIN if box.trouble in retrying.REFUSALS else "")
    return obstacles.advice(why, box.last_error)


def _consent_word(box: Mailbox) -> str:
    """Name in a word what became of a consent."""
    words = {"consent_expired": _("Consent ran out"), "scope_missing": _("Consent too narrow")}
    return words.get(box.trouble, _("Consent ended"))


def _consent_words(box: Mailbox) -> str:
    """Say what became of a consent, and what is safe. The button beside it mends each."""
    if box.trouble == "consent_expired":
        return _(
            "The consent was for some days, for Google takes this project for a trial. Nothing is"
            " lost: connect it again, and it goes on where it was."
        )
    if box.trouble == "scope_missing":
        return _(
            "The consent does not cover reading mail. Nothing is lost: connect it again and leave"
            " all boxes ticked."
        )
    return _(
        "The consent was taken back, or the password was changed. Nothing is lost: connect it"
        " again, and it goes on where it was."
    )
