"""Why a line stands where it stands, and why a message stands nowhere: the sentences."""

from __future__ import annotations

from crm.base.i18n import direction, lazy
from crm.base.i18n import gettext as _
from crm.mail.letter import Kind
from crm.work.models import LinkRule

_LINKS = {
    LinkRule.ADDRESS: lazy("The address is theirs"),
    LinkRule.COMPANY: lazy("Through its contact"),
    LinkRule.THREAD: lazy("The thread is linked to it"),
    LinkRule.MANUAL: lazy("Somebody put it here"),
    LinkRule.BLIND: lazy("A blind copy went there"),
    LinkRule.BOUNCE: lazy("A message to them came back"),
}

_UNFILED = {
    "machine": lazy("Not logged: sent by a machine"),
    "colleague_only": lazy("Not logged: among colleagues only"),
    "no_contact_by_policy": lazy("Not logged: nobody we know, and not written to us directly"),
    "in_doubt": lazy("Not logged: its sender is in doubt"),
    "taken_off": lazy("Not logged: somebody took it off"),
    "junk": lazy("Not logged: junk"),
}

_UNFILED_KINDS = {
    Kind.BULK: lazy("Not logged: newsletter"),
    Kind.LIST: lazy("Not logged: mailing list"),
    Kind.AUTO_REPLY: lazy("Not logged: automatic reply"),
    Kind.BOUNCE: lazy("Not logged: undelivered mail"),
    Kind.NOTIFICATION: lazy("Not logged: notification"),
    Kind.REPORT: lazy("Not logged: report of a mail server"),
}
_KINDS = {
    Kind.BULK: lazy("Newsletter"),
    Kind.LIST: lazy("Mailing list"),
    Kind.AUTO_REPLY: lazy("Automatic reply"),
    Kind.BOUNCE: lazy("Undelivered mail"),
    Kind.NOTIFICATION: lazy("Notification"),
    Kind.REPORT: lazy("Report of a mail server"),
}

#: Signs that are no header's name, as whoever reads letters writes them down.
_SIGNS = {
    "no-reply address": lazy("no-reply address"),
    "mailer-daemon or postmaster": lazy("mailer-daemon or postmaster"),
    "newsletter address": lazy("newsletter address"),
    "subject of an automatic answer": lazy("subject of an automatic answer"),
    "text of an automatic answer": lazy("text of an automatic answer"),
    "request to confirm a letter": lazy("request to confirm a letter"),
    "subject of a report": lazy("subject of a report"),
    "empty Return-Path": lazy("empty Return-Path"),
    "returned mail": lazy("returned mail"),
    "Amazon SES": lazy("notice of Amazon SES"),
}


def of_kind(kind: Kind, detail: str = "") -> str:
    """Say what sort of machine mail a message is, with the sign that gave it away; or ""."""
    return _with(_(_KINDS[kind]), detail) if kind in _KINDS else ""


def of_link(rule: int) -> str:
    """Say why a message is on a record."""
    return _(_LINKS[LinkRule(rule)])


def of_unfiled(rule: str, detail: str = "", kind: Kind = Kind.PERSON) -> str:
    """Say why a message is on no record; of a machine's mail, what sort, and by which sign.

    Between Persian words the sign is isolated, or it would fall apart at its hyphen.
    """
    if rule != "machine":
        return _(_UNFILED[rule])
    return _with(_(_UNFILED_KINDS.get(kind, _UNFILED[rule])), detail)


def of_sign(detail: str) -> str:
    """Say which sign gave a machine's mail away; the name of a header stays as it is."""
    return _(_SIGNS[detail]) if detail in _SIGNS else detail


def _with(sentence: str, detail: str) -> str:
    if not detail:
        return sentence
    sign = of_sign(detail)
    shown = f"\u2068{sign}\u2069" if direction() == "rtl" else sign
    return f"{sentence} ({shown})"
