"""Addresses that no person reads, or that many do: never a contact.

The tables serve whoever tells the letters of machines from those of people too.
"""

from __future__ import annotations

import re

#: What stands somewhere in a local part of which nobody reads the answers; without dots, dashes and
#: underscores.
UNANSWERED = (
    "noreply", "donotreply", "dontreply", "notreply", "neverreply", "noresponse",  # en
    "unmonitored",
    "neodpovidat", "neodpovidej", "nereply",  # cs
    "neodpovedat", "nepoviedat", "nieodpowiada", "brakodpowiedzi",  # sk, pl
    "neotvecha", "nevidpovida",  # ru, uk
    "neodgovaraj", "neodgovarat",  # bs, hr, sr
    "nichtantworten", "keineantwort", "bittenichtantworten",  # de
    "nepasrepondre", "nerepondez", "sansreponse",  # fr
    "noresponder", "noresponda", "norespondas",  # es
    "nonrispondere", "nonrispondete",  # it
    "naoresponder", "naoresponda",  # pt
    "nietbeantwoorden", "geenantwoord", "nietantwoorden",  # nl
    "svarainte", "svarikke", "ikkesvar", "eivastausta", "alavastaa",  # sv, da, no, fi
    "nevalaszol", "neraspunde", "nuraspunde", "yanitlama", "cevaplama",  # hu, ro, tr
)  # fmt: skip

#: Whole local parts of programs, likewise; what follows a plus is another matter.
PROGRAMS = frozenset(
    """notification notifications notify notifier alert alerts autoreply autoresponder autoresponse
    robot cron crond crondaemon logwatch nagios zabbix icinga munin jenkins jira gitlab bugzilla
    redmine wordpress wwwdata httpd nobody bounce bounces listserv majordomo mailman
    calendarnotification messagesnoreply mailerdaemon daemon unsubscribe automailer autoconfirm
    automatedmailer automatedreply automatedconfirm""".split()
)

#: How local parts of programs begin, likewise.
PROGRAM_BEGINNINGS = (
    "notification", "notificac", "notificat", "benachrichtigung", "oznameni", "upozorneni",
    "powiadomieni", "uvedomleni", "obavijest", "obavest",
)  # fmt: skip

#: What tells an address that is no contact, at either end of its local part.
_AT_AN_END = (
    r"(?:mailer[-._]?daemon|postmaster|bounces?|daemon|auto(?:mated)?[-._]?(?:mailer|reply|confirm)"
    r"|notifications?|notify|newsletters?|unsubscribe)"
)
_LOCAL = re.compile(rf"{_AT_AN_END}(?:[-+._=].*)?|.*[-_]{_AT_AN_END}", re.DOTALL)
_SEPARATORS = str.maketrans("", "", ".-_")
_UNANSWERED = re.compile("|".join(UNANSWERED))
#: Hosts that serve lists alone: by their first label (Mailman, Sympa, LISTSERV), and by name.
_LIST_HOST = re.compile(
    r"(?:lists?|listes|listserv|mailman)\.[^.]+\..+|googlegroups\.com|groups\.io|freelists\.org"
)


def is_machine(email: str) -> bool:
    """Tell whether an address says of itself that a machine uses it: no-reply, or a list."""
    local, _at, domain = email.rpartition("@")
    if _LIST_HOST.fullmatch(domain[:255].lower()):
        return True
    lower = local[:64].lower()
    return is_program(lower) or _LOCAL.fullmatch(lower) is not None


def is_program(local: str) -> bool:
    """Tell whether a local part in lower case is that of a program, or of one whom nobody reads."""
    whole = local.partition("+")[0].translate(_SEPARATORS)
    return (
        whole in PROGRAMS
        or whole.startswith(PROGRAM_BEGINNINGS)
        or _UNANSWERED.search(whole) is not None
    )
