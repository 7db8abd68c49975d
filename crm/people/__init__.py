"""Contacts and companies: who is outside, how they are met, what they are to us."""
