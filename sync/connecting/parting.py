"""Part with a mailbox of Gmail: it pushes no more, and what let us in goes back to Google.

Google gives its consent to an app and knows nothing of workspaces. Where another one reads the same
mailbox, its pushes and its consent are left to it.
"""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import httplib2

from crm.mail.models import MailboxKind
from sync import tokens
from sync.credentials import secret_of
from sync.errors import MailboxKeyMissingError
from sync.google import CONSENT

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox

#: Where everybody sees which apps they have let in, and lets them go.
AT_GOOGLE: Final = "https://myaccount.google.com/connections"
#: Somebody waits before a page: so many seconds for Google.
_PATIENCE: Final = 8
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def part(mailbox: Mailbox, settings: Settings, vault: Vault, *, alone: bool) -> bool:
    """Give back what lets us in, and let nobody push; False where a consent stays at Google.

    We are `alone` where no other workspace reads it. Safe to repeat, and it never raises for what
    Google says.
    """
    if mailbox.kind != MailboxKind.GMAIL or mailbox.secret is None:
        return True
    by_consent = mailbox.place.get("grant") == CONSENT
    if alone and mailbox.watched_until is not None:
        from sync import pushing  # Google's libraries take a quarter of a second.

        pushing.stop(mailbox, settings, vault, timeout=_PATIENCE)
    given = not by_consent or (alone and _give_back(mailbox, settings, vault))
    tokens.drop(mailbox.id, settings.redis_url)
    return given


def _give_back(mailbox: Mailbox, settings: Settings, vault: Vault) -> bool:
    """Let Google take back the consent (RFC 7009); True where it does not hold any more either."""
    asked = httplib2.Http(timeout=_PATIENCE)
    asked.follow_redirects = False  # The token is for nobody else.
    try:
        body = urlencode({"token": secret_of(mailbox, vault)})
        answer, content = asked.request(settings.google_revoke_url, "POST", body, _FORM)
    except (MailboxKeyMissingError, OSError, HTTPException, httplib2.HttpLib2Error):
        return False
    finally:
        asked.close()
    return answer.status == 200 or (answer.status == 400 and b'"invalid_token"' in content)
