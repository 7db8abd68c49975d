"""What people call a browser, by what it says of itself (RFC 9110, section 10.1.5)."""

from __future__ import annotations

from crm.base.i18n import gettext as _

#: What stands in User-Agent, in the order in which the words betray the maker.
_MAKERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name_of(agent: str) -> str:
    """Name a browser as people do, by what it says of itself."""
    maker = next((name for word, name in _MAKERS if word in agent), "")
    system = next((name for word, name in _SYSTEMS if word in agent), "")
    if maker and system:
        return _("{browser} on {system}").format(browser=maker, system=system)
    return maker or system or _("A browser without a name")
