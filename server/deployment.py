"""The Gmail add-on's deployment: what Google is told of us, out of the settings and the code.

Names are Google's, of projects.deployments in its Workspace Add-ons API. Every address is made as
the door makes it, which is what Google's token is made out to: any other spelling gets 401. Labels
are English: one deployment serves everybody, whatever is spoken where it is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from addon.actions import COMPOSE, HOMEPAGE, MESSAGE
from addon.widgets import Links
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from server.auth import google

if TYPE_CHECKING:
    from crm.base.settings import Settings

#: Served by the web app to everybody: Google's proxy brings no cookie.
LOGO = "/static/logo.png"


class UnreachableAddressError(InvalidError):
    """Gmail would not call the add-on at its address."""

    hint = "ADDON_URL=https://crm.example.com/addon"


def manifest(settings: Settings) -> dict[str, Any]:
    """Return the deployment for the add-on's address. Raises UnreachableAddressError."""
    links = Links(settings.addon_base, _app(settings))
    homepage = {"runFunction": links.to(HOMEPAGE)}
    return {
        "oauthScopes": list(google.SCOPES),
        "addOns": {
            "common": {
                "name": "Inlay",
                "logoUrl": links.to(LOGO),
                "useLocaleFromApp": True,
                "homepageTrigger": {**homepage, "enabled": True},
                "universalActions": [{"label": "Open Inlay", "openLink": links.to("/")}],
                "openLinkUrlPrefixes": [links.to("/")],
            },
            "gmail": {
                "homepageTrigger": homepage,
                "contextualTriggers": [
                    {"unconditional": {}, "onTriggerFunction": links.to(MESSAGE)}
                ],
                "composeTrigger": {
                    "actions": [{"label": "Who they are", "runFunction": links.to(COMPOSE)}],
                    "draftAccess": "METADATA",
                },
            },
            "httpOptions": {
                "authorizationHeader": "SYSTEM_ID_TOKEN",
                "granularOauthPermissionSupport": "OPT_IN",
            },
        },
    }


def _app(settings: Settings) -> str:
    """Return the https address of the web app: BASE_URL, or else the host of the add-on."""
    addon = _https(settings.addon_base)
    if addon is None:
        problem = _(
            "Gmail calls https addresses alone, and the add-on’s is {url}. Set ADDON_URL, or"
            " BASE_URL, to the https address at which Google reaches Inlay."
        )
        raise UnreachableAddressError(problem.format(url=settings.addon_base[:200]))
    return settings.base_url if _https(settings.base_url) else addon


def _https(url: str) -> str | None:
    """Return the scheme and host of an address that Google would call; None of any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = url.isascii() and url.isprintable() and not {" ", '"', "\\", "<", ">"} & set(url)
    bare = not (parts.query or parts.fragment or parts.username is not None)
    if parts.scheme != "https" or not parts.hostname or port == 0 or not plain or not bare:
        return None
    return f"https://{parts.netloc}"
