"""Whether a server on the way says that a letter is not from whom it names (RFC 8601).

Only what takes trust away is believed, whoever wrote it: anybody may write "pass" into a letter of
their own (section 7.1), and nobody gains by a forged "fail". So it need not be known which server
is ours, and no letter is trusted more for what it says of itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sync.reading.headers import Fields

_RESULT: Final = re.compile(r";\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_FIELDS, _LONGEST = 10, 4_000


def disowned(fields: Fields) -> bool:
    """Tell whether DMARC fails; or SPF, and no DKIM speaks for the author."""
    return any(_fails(field[:_LONGEST]) for field in fields.all("authentication-results")[:_FIELDS])


def _fails(field: str) -> bool:
    said = {result.lower() for result in map("=".join, _RESULT.findall(field))}
    if "dmarc=fail" in said:
        return True
    judged = any(result.startswith("dmarc=") for result in said)
    return not judged and "spf=fail" in said and "dkim=pass" not in said
