"""How long a first import of Gmail takes, either way: by Gmail's limits and by what was measured.

Pure. Over the API Gmail counts units a minute, over IMAP bytes a day
(knowledge.workspace.google.com/admin/gmail/gmail-bandwidth-limits): what is above that comes over
the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.mail.importing import Over
from sync.throttle import SHARE

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from sync.connecting.previewing import Preview

#: Letters a second where no quota is in the way: an eighth of the 240 and 560 that one worker takes
#: in of a server on the same machine. Gmail, and the way there, take their time as well.
_API_MOST: Final = 30.0
_IMAP_MOST: Final = 70.0
#: Bytes that a mailbox gives over IMAP in a day.
DAILY: Final = 2_500_000_000


def of(found: Preview, settings: Settings) -> dict[Over, float]:
    """Return about how many seconds it takes to take in what a preview has found, either way."""
    mean = found.size / found.messages if found.messages else 0
    return seconds(found.total, mean, settings)


def seconds(count: int, mean_size: float, settings: Settings) -> dict[Over, float]:
    """Return about how many seconds so many letters of such a size in bytes take, either way."""
    budget = SHARE * settings.google_units_per_user / 60 / settings.google_units_per_letter
    by_api = min(budget, _API_MOST)
    free = min(count, DAILY / mean_size) if mean_size > 0 else count
    over_api = count / by_api
    over_imap = free / _IMAP_MOST + (count - free) / by_api
    return {Over.API: over_api, Over.IMAP: min(over_imap, over_api)}
