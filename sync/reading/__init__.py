"""Bytes to a Letter: pure functions, without database, clock or network."""

from sync.reading.heads import Head, headprint, read_head
from sync.reading.letters import read
from sync.reading.part import PartNotFoundError, extract, take_out

__all__ = ["Head", "PartNotFoundError", "extract", "headprint", "read", "read_head", "take_out"]
