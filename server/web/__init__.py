"""What pages are given: rows in words, the letter made harmless, the card as HTML."""
