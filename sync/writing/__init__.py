"""A draft to bytes: pure functions, without database, clock or network. The way back of reading."""

from sync.writing.composing import compose

__all__ = ["compose"]
