"""What a subject is about, without the signs that answers and forwards put before it."""

from __future__ import annotations

import re

#: Prefixes of answers and forwards, by who writes them.
PREFIXES = (
    *("re", "fw", "fwd"),  # everyone, in English
    *("aw", "wg"),  # Outlook, German
    *("odp", "pd"),  # Outlook and Apple Mail, Polish
    *("отв", "ha", "на", "пересл"),  # Outlook and The Bat!, Russian
    *("rv", "tr", "i", "r", "rif"),  # Outlook, Spanish, French, Italian
    *("sv", "vs", "vb", "antw", "doorst"),  # Outlook, Swedish, Finnish, Dutch
    *("předp", "prosl", "proslijeđeno"),  # Outlook, Czech, Croatian
    *("پاسخ", "ارسال"),  # Outlook, Persian
)

_ONE = re.compile(rf"\s*(?:{'|'.join(PREFIXES)})(?:\[\d{{1,3}}\])?\s*:\s*", re.IGNORECASE)
_MOST = 20


def bare(subject: str) -> str:
    """Return a subject without its prefixes; the whole of it where nothing else is there."""
    rest = subject
    for _prefix in range(_MOST):
        found = _ONE.match(rest)
        if found is None:
            break
        rest = rest[found.end() :]
    return rest.strip() or subject.strip()
