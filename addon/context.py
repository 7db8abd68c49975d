"""Who asks, when, and in which words: what every handler is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crm.base import showing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from addon.event import AddonEvent
    from addon.response import Response
    from crm.base.db import Session
    from crm.mail.letter import Letter
    from crm.mail.opened import Opened
    from crm.mail.visibility import Viewer
    from crm.workspace.models import User

#: Fetches the open message by the host's id, where it is not stored yet; made by the door.
Look: TypeAlias = "Callable[[str], Letter | None]"


@dataclass(frozen=True, slots=True)
class Context:
    """One request: its session, who looks, and the moment."""

    session: Session
    user: User
    viewer: Viewer
    at: datetime
    look: Look
    opened: Opened | None = None  # what the door has found out of the open message

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which this user lives."""
        return showing.zone(self.user.time_zone)

    @property
    def today(self) -> date:
        """Return the day it is for this user."""
        return self.at.astimezone(self.zone).date()


Handler: TypeAlias = "Callable[[Context, AddonEvent], Response]"
