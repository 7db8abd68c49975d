"""A database with so many stored messages, in the very shape that `crm.filing` writes.

Five workspaces, of which the first holds 60 % of the messages. Correspondents by Zipf's law, so
that the best known has tens of thousands of messages at a million; threads of 1 to 12; a fifth
automatic, a fifth private; deals with contacts and threads, tasks, notes. The rows go in by COPY,
as the superuser and without triggers; then the letters that the cards are opened on are filed by
the product. HTML is left out: no card reads it, and it would be most of the disk.
"""

from benchmarks.stored.database import opened

__all__ = ["opened"]
