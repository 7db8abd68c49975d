"""A realistic mailbox of any size, the same bytes for the same seed.

Threads of 1 to 12 letters with In-Reply-To and References, 55 % inbound; correspondents by Zipf's
law in eight languages; text and HTML with the history quoted as Gmail, Outlook, Apple Mail and
Thunderbird quote it; signatures; 12 % with attachments of 10 KB to 1 MB; 20 % newsletters, notices
and bounces; invitations; RFC 2047 and RFC 2231 in several charsets; 1 % duplicates; 0.5 %
malformed.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from benchmarks.made_mailbox.maker import Maker

if TYPE_CHECKING:
    from pathlib import Path

USER = "rep@acme.example"


def maildir(cache: Path, count: int, seed: int) -> Path:
    """Return a Maildir of so many letters, made now or by an earlier run."""
    place = cache / f"mailbox-{count}-{seed}"
    if not (place / "manifest.json").exists():
        shutil.rmtree(place, ignore_errors=True)
        truth = Maker(place / "Maildir", count, seed, USER).run()
        (place / "manifest.json").write_text(json.dumps(truth, indent=1, sort_keys=True))
    return place / "Maildir"


def manifest(maildir: Path) -> dict[str, Any]:
    """Return what is true of a made mailbox: how many threads, correspondents, attachments."""
    found: dict[str, Any] = json.loads((maildir.parent / "manifest.json").read_text())
    return found
