"""The card for every inbox that is not Gmail: the same widgets as HTML, and its forms as events.

Knows no Flask and no session: the door hands in where forms go and what proves they are ours.
"""

from addon.panel.render import SIGNS, Refusal, render

__all__ = ["SIGNS", "Refusal", "render"]
