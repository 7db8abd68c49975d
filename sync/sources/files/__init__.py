"""Mail in files: an mbox, a Maildir, or a folder of .eml files, and how they are numbered.

A source remembers nothing, so a UID has to follow from the file alone, and stay when others come:

    mbox      (offset of the "From " line + 1) * 65536 + 16 bits of a hash of the header; where
              there is no such line, the offset of the first sign. Letters that are appended sort
              above the cursor, as on a server. Where a program compacts the file, what moved has
              another UID, and the hash keeps another letter at an old offset from being taken for
              the one that was there.
    Maildir   the seconds in the unique part of the name * 2^31 + 31 bits of a hash of that part.
              The name stays when flags or the folder `new` change. New mail sorts above the cursor;
              a file put back from a backup sorts below it.
    .eml      53 bits of a hash of the name; also a Maildir's name that begins with no time. Such
              UIDs have no order in time: new files lie anywhere.

So a cursor finds what a delivery or an append adds, and nothing else for sure. Whatever else comes
or goes is found by comparing `listing` with the ledger (design.md, law 2), which opens no letter;
`letter` then brings in a single one. UIDVALIDITY is the number of this scheme, not of the path: a
folder may be moved without being taken in again. UIDs fit a signed 64-bit integer.
"""

from sync.sources.files.mailbox import FilesSource

__all__ = ["FilesSource"]
