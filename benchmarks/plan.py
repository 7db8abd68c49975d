"""What is measured, how much of it, and what we want to see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CACHE: Final = Path(__file__).resolve().parent / ".cache"
RESULTS: Final = Path(__file__).resolve().parent / "results.json"
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: all of it, or what fits into five minutes."""

    messages: int
    peer_messages: int
    stored: tuple[int, ...]
    opened: int
    arriving: int
    watched: int
    gmail_messages: int
    limited_messages: int
    quota: int

    @property
    def word(self) -> str:
        """Return the word of the report."""
        return "quick" if self == QUICK else "full"


FULL: Final = Plan(
    messages=20_000,
    peer_messages=2_000,
    stored=(10_000, 100_000, 1_000_000),
    opened=1_000,
    arriving=60,
    watched=200,
    gmail_messages=5_000,
    limited_messages=900,
    quota=6_000,
)
QUICK: Final = Plan(
    messages=3_000,
    peer_messages=500,
    stored=(10_000, 100_000),
    opened=400,
    arriving=12,
    watched=40,
    gmail_messages=1_000,
    limited_messages=600,
    quota=24_000,
)

#: How Gmail is taken in beside IMAP, as a part, where the server is not what limits.
GMAIL: Final = 1.0
#: The part of Gmail's quota that is used at least, where that is what limits.
QUOTA: Final = 0.9
#: Calls by which a mailbox of Gmail is found to have nothing new.
NOTHING_NEW: Final = 1
#: Messages a second with two workers, full-text search on.
RATE: Final = 1_200
#: CPU seconds per 1,000 messages, client and PostgreSQL together.
CPU: Final = 1.2
#: Peak memory of a worker, in MB of 2^20 bytes.
MEMORY: Final = 150
#: CPU seconds that no single message may take.
SINGLE: Final = 0.5
#: CPU milliseconds in which the common message is read, seconds for the worst of all, and for the
#: worst of at most a megabyte.
READ: Final = 0.7
WORST_READ: Final = 1.0
MEGABYTE_READ: Final = 0.5
#: Milliseconds in which 99 of 100 cards are there.
CARD: Final = 25
#: Milliseconds in which 99 of 100 calls at the add-on's door are answered, tokens checked.
DOOR: Final = 40
#: How many times its CPU at the smallest size a card may take at the largest.
GROWTH: Final = 1.3
#: Milliseconds from the server's word to the page that shows the letter, for 95 of 100.
ARRIVAL: Final = 500
#: Resident MB of a watcher at all those mailboxes, beside its modules; percent of a processor.
WATCHER: Final = 60
WATCHER_CPU: Final = 1.0
