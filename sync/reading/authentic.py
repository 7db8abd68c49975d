"""Whether a server on the way says that a letter is not from whom it names (RFC 8601).

Only what takes trust away is believed, whoever wrote it: anybody may write "pass" into a letter of
their own (section 7.1), and nobody gains by a forged "fail".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.mail.letter import DISOWNED

if TYPE_CHECKING:
    from sync.reading.headers import Fields

_RESULT: Final = re.compile(r";\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_FIELDS, _LONGEST = 10, 4_000


def notes(fields: Fields) -> tuple[str, ...]:
    """Return the note of a letter of which DMARC fails; or SPF, and no DKIM speaks for it."""
    for field in fields.all("authentication-results")[:_FIELDS]:
        said = {result.lower() for result in map("=".join, _RESULT.findall(field[:_LONGEST]))}
        if "dmarc=fail" in said:
            return (DISOWNED,)
        judged = any(result.startswith("dmarc=") for result in said)
        if not judged and "spf=fail" in said and "dkim=pass" not in said:
            return (DISOWNED,)
    return ()
