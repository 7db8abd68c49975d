"""Wait at every mailbox for news, so that new mail is looked at once: one process, many lines.

    the table of mailboxes ── knock ── EXAMINE INBOX ── IDLE … news ── the row is due, and a hint
              │                 │                         │
         every 3 seconds        └── refused: the run      └── every 9 minutes: DONE, and IDLE again
                                    decides, not we           cut off: again after 1 s, 2 s … 10 min

The watcher takes no letter and decides nothing: it makes a mailbox due, which the database keeps,
and asks the queue for a look, which may forget it. Folders beside INBOX, and mailboxes at which
nobody waits, are looked at by the clock (`running.RHYTHM`), so that without any watcher everything
comes a minute later. Two watchers at once only look twice.
"""

from sync.watch.loop import Watcher
from sync.watch.pace import Pace

__all__ = ["Pace", "Watcher"]
