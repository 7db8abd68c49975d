"""One function per card: from what is known to what is shown. No query and no decision here."""
