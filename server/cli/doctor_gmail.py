"""What `inlay doctor` says of Gmail: its settings, its pushes, and what keeps them away."""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crm.base.i18n import gettext as _
from crm.mail import pushed
from crm.mail.models import MailboxKind
from crm.mail.pushed import WatchTrouble
from server.auth import refusals
from server.cli.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crm.base.settings import Settings
    from crm.mail.models import Mailbox

#: Whom Google lets publish for Gmail: developers.google.com/workspace/gmail/api/guides/push
PUBLISHER = "gmail-api-push@system.gserviceaccount.com"
_DOCUMENT = "docs/connecting-gmail.md"
#: So long after Gmail was asked to push, one push or another has come.
_SOON = timedelta(minutes=10)
_NAMES = {
    "topics": re.compile(r"projects/[^/\s]+/topics/[^/\s]+"),
    "subscriptions": re.compile(r"projects/[^/\s]+/subscriptions/[^/\s]+"),
}
_INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def of_settings(read: Settings) -> Iterator[Finding]:
    """Tell what about the settings keeps Gmail from being connected, or from pushing."""
    yield from _of_client(read)
    if read.google_pubsub_topic or read.google_pubsub_subscription:
        words, hint = _of_pushes(read)
        well = _("Gmail may push to {url}").format(url=read.push_url)
        yield Finding("gmail push", well=not words, words=words or well, hint=hint)


def of_refusals(complete: Settings) -> Iterator[Finding]:
    """Tell why pushes were refused within the last hour."""
    refused = refusals.last(complete) if complete.takes_pushes else None
    if refused is None:
        return
    match refused.what:
        case "audience":
            words = _("Pushes are refused: they are made out to {said}, and not to {ours}.")
            hint = _("Set the audience of the subscription, or GOOGLE_PUBSUB_AUDIENCE.")
        case "robot":
            words = _("A push was refused that another service account had signed.")
            hint = _("Compare GOOGLE_PUBSUB_SERVICE_ACCOUNT with that of the subscription.")
        case _:
            words = _("Pushes are refused: they come from {said}.")
            hint = _("Set GOOGLE_PUBSUB_SUBSCRIPTION to the subscription’s whole name.")
    said = words.format(said=refused.said, ours=complete.push_audience)
    yield Finding("gmail push refused", well=False, words=said, hint=hint)


def of_mailbox(complete: Settings, box: Mailbox, at: datetime) -> Iterator[Finding]:
    """Tell why a mailbox of Gmail is looked at by the clock, where it shall not be."""
    if box.kind != MailboxKind.GMAIL or not complete.takes_pushes or not pushed.is_kept(box):
        return
    words, hint = _of_watch(complete, box, at)
    well = _("Gmail pushes what happens") if box.pushed_at else _("Gmail is asked to push")
    yield Finding(f"push {box.address}", well=not words, words=words or well, hint=hint)


def way_in(complete: Settings, box: Mailbox) -> str:
    """Say what lets us into a mailbox again that refuses us."""
    if box.kind != MailboxKind.GMAIL:
        return f"inlay mailbox resume {box.address} --password-stdin"
    if box.place.get("grant") == "delegation":
        return _(
            "Check the service account and its scopes in the Admin console: {document}"
        ).format(document=_DOCUMENT)
    there = f"{complete.base_url}/mailboxes/gmail/{box.id}"
    return _("Its owner gives the consent again, for all boxes: {url}").format(url=there)


def _of_client(read: Settings) -> Iterator[Finding]:
    """Tell where one half of the OAuth client is missing. The add-on needs the id alone."""
    id_, secret = read.google_client_id, read.google_client_secret
    words = ""
    if secret and not id_:
        words = _("GOOGLE_CLIENT_SECRET is set, and GOOGLE_CLIENT_ID is not.")
    elif id_ and not secret and (read.google_pubsub_topic or not read.addon_service_account):
        words = _("GOOGLE_CLIENT_ID is set, and GOOGLE_CLIENT_SECRET is not.")
    elif id_ and not id_.endswith(".apps.googleusercontent.com") and _is_google(read):
        words = _("GOOGLE_CLIENT_ID is no client id: it ends with .apps.googleusercontent.com.")
    if words:
        hint = _("Google Cloud shows both under Credentials: {document}").format(document=_DOCUMENT)
        yield Finding("gmail", well=False, words=words, hint=hint)


def _is_google(read: Settings) -> bool:
    """Tell whether it is Google itself that is asked, and no server in its place."""
    return (urlsplit(read.google_token_url).hostname or "").endswith(".googleapis.com")


def _of_pushes(read: Settings) -> tuple[str, str]:
    document = _("{document} says where the values come from.").format(document=_DOCUMENT)
    needed = (
        ("GOOGLE_PUBSUB_TOPIC", read.google_pubsub_topic),
        ("GOOGLE_PUBSUB_SUBSCRIPTION", read.google_pubsub_subscription),
        ("GOOGLE_PUBSUB_SERVICE_ACCOUNT", read.google_pubsub_service_account),
    )
    missing = [name for name, value in needed if not value]
    if missing:
        words = _("Gmail is not asked to push: {names} is not set.")
        return words.format(names=", ".join(missing)), document
    for kind, (name, value) in zip(_NAMES, needed[:2], strict=True):
        if not _NAMES[kind].fullmatch(value):
            words = _("{name} is no whole name: it looks like projects/PROJECT/{kind}/NAME.")
            return words.format(name=name, kind=kind), document
    if "@" not in read.google_pubsub_service_account:
        words = _("GOOGLE_PUBSUB_SERVICE_ACCOUNT is no address.")
        return words, document
    if not _is_public(read.push_url):
        words = _("Google cannot push to {url}: it is no https address on the internet.")
        hint = _("Set BASE_URL to the https address at which Google reaches Inlay.")
        return words.format(url=read.push_url), hint
    return "", ""


def _is_public(url: str) -> bool:
    """Tell whether Google may reach an address, as far as its name tells."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or host == "localhost" or host.endswith(_INSIDE):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def _of_watch(complete: Settings, box: Mailbox, at: datetime) -> tuple[str, str]:
    found = _of_trouble(complete, box)
    if found[0]:
        return found
    if box.watched_until is not None and box.watched_until <= at:
        words = _("Gmail has pushed nothing since {day}: it was not asked again.")
        hint = _("Is the scheduler running? Until then it is looked at every minute.")
        return words.format(day=f"{box.watched_until:%Y-%m-%d}"), hint
    since = box.watch_at - pushed.RENEWED if box.watch_at and box.watched_until else at
    if box.pushed_at is None and since < at - _SOON:
        words = _("Gmail is asked to push, and no push comes in. It is looked at every minute.")
        hint = _("Does the subscription push to {url}, with authentication? {document}")
        return words, hint.format(url=complete.push_url, document=_DOCUMENT)
    return "", ""


def _of_trouble(complete: Settings, box: Mailbox) -> tuple[str, str]:
    topic = complete.google_pubsub_topic
    match box.watch_trouble:
        case WatchTrouble.NOT_GRANTED:
            words = _("Gmail may not publish to {topic}.")
            hint = _("Grant roles/pubsub.publisher on the topic to {publisher}.")
        case WatchTrouble.NO_TOPIC:
            words, hint = _("There is no topic {topic}."), _("Make it, or set GOOGLE_PUBSUB_TOPIC.")
        case WatchTrouble.OTHER_PROJECT:
            words = _("{topic} is not in the project of the OAuth client.")
            hint = _("Make the topic in the project of GOOGLE_CLIENT_ID.")
        case WatchTrouble.NO_CONSENT:
            words, hint = _("We are not let in, and so cannot ask Gmail to push."), ""
            return words, way_in(complete, box)
        case WatchTrouble.REFUSED:
            words, hint = _("Gmail does not push: {said}"), _("{document} has the steps.")
        case _:
            return "", ""  # What passes is asked again in a quarter of an hour.
    given = {"topic": topic, "said": box.watch_said, "publisher": PUBLISHER, "document": _DOCUMENT}
    return words.format(**given), hint.format(**given)
