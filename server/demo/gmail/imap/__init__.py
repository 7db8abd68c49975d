"""Gmail's IMAP over the same mailboxes as the API, as far as a first import reads them.

CAPABILITY, AUTHENTICATE XOAUTH2, LIST, STATUS, SELECT, EXAMINE, UID SEARCH, UID FETCH with the
extensions X-GM-MSGID, X-GM-THRID and X-GM-LABELS, NOOP, CLOSE, LOGOUT; nothing that writes
(RFC 3501; https://developers.google.com/workspace/gmail/imap/imap-extensions).
"""
