"""How a mailbox of Gmail is got into: by its user's consent, or by the domain's admin for all.

The vault holds the refresh token of a consent, or the key of the service account that the admin
has let in (developers.google.com/identity/protocols/oauth2). Google's addresses are settings.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from google.auth.credentials import Credentials
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials as UserCredentials

from crm.mail.importing import Over
from sync import throttle, tokens
from sync.errors import SyncError, Why
from sync.sources.gmail import GmailLogin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox

#: What reading a mailbox takes, and no more.
READING: Final = ("https://www.googleapis.com/auth/gmail.readonly",)
#: What sending takes beside it: the least of what lets a draft be made and sent.
SENDING: Final = ("https://www.googleapis.com/auth/gmail.compose",)
#: What a user is asked for; whoever leaves sending out is read all the same.
ASKED: Final = (*READING, *SENDING)
#: Any of these lets drafts be made and sent, by the API's own description.
_LETS_SEND: Final = frozenset(
    {
        *SENDING,
        "https://www.googleapis.com/auth/gmail.modify",
        "https://mail.google.com/",
    }
)
#: What IMAP takes, and it covers reading: all of a mailbox, to write and delete too.
EVERYTHING: Final = ("https://mail.google.com/",)
#: How a mailbox was opened to us: the word in its place.
CONSENT: Final = "consent"
DELEGATION: Final = "delegation"


def asked_for(over: Over) -> tuple[str, ...]:
    """Return what a consent is asked for, where the first import goes this way."""
    return EVERYTHING if over is Over.IMAP else ASKED


def needed_for(over: Over) -> tuple[str, ...]:
    """Return what of it must not be left out."""
    return EVERYTHING if over is Over.IMAP else READING


def login(
    mailbox: Mailbox,
    settings: Settings,
    vault: Vault,
    secret: str,
    *,
    first: bool = False,
    sending: bool = False,
) -> GmailLogin:
    """Return what gets into a mailbox with the secret of its vault, within its budget.

    What somebody waits for goes `first`, and so does what is sent. An admin who has let us read
    alone has not let us send: then a token for both is refused, and the one for reading is good.
    """
    budget = throttle.budget(mailbox.address, settings)
    place = mailbox.place
    ends = place.get("consent_ends")
    apart = sending and place.get("grant") == DELEGATION
    scopes = (*READING, *SENDING) if apart else READING
    return GmailLogin(
        mailbox.address,
        credentials(mailbox.address, place, settings, secret, scopes=scopes),
        settings.google_api_url,
        spend=budget.spend_first if first or sending else budget.spend,
        hold=budget.hold,
        letter_units=settings.google_units_per_letter,
        tokens=tokens.Tokens(
            mailbox.id, settings.redis_url, vault, tokens.SENDING if apart else ""
        ),
        consent_ends=datetime.fromisoformat(ends) if ends else None,
    )


def may_send(place: dict[str, Any]) -> bool:
    """Tell whether a mailbox's consent lets it send, as far as it says what it is for."""
    scopes = place.get("scopes")
    return scopes is None or not _LETS_SEND.isdisjoint(scopes)


def credentials(
    address: str,
    place: dict[str, Any],
    settings: Settings,
    secret: str,
    *,
    scopes: Sequence[str] = READING,
) -> Credentials:
    """Return Google's credentials; they hold no token yet. Raises SyncError on a broken key.

    A consent's token is for whatever was consented to: to name scopes would be to ask for others.
    """
    if place.get("grant") == DELEGATION:
        try:
            key = json.loads(secret) | {"token_uri": settings.google_token_url}
            made = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                key, scopes=list(scopes)
            )
        except (ValueError, TypeError, RecursionError) as error:
            problem = "This is no key of a service account, as Google gives it out in JSON."
            raise SyncError(problem, why=Why.LOGIN) from error
        delegated: Credentials = made.with_subject(address)
        return delegated
    return UserCredentials(  # type: ignore[no-untyped-call]
        token=None,
        refresh_token=secret,
        token_uri=settings.google_token_url,
        client_id=settings.google_client_id,
        client_secret=settings.google_client_secret,
    )
