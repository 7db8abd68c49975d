"""What the company knows: people, mail, work, deals. No Flask, no IMAP, no Google, no HTTP."""
