"""The pipeline as a list: each stage with its deals, how many they are, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, g, render_template

from addon.cards import parts
from crm.base import clock, money, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import language
from crm.sales import pipelines, standings
from server.auth.sessions import user
from server.web.views import Empty

if TYPE_CHECKING:
    from datetime import date

    from flask.typing import ResponseReturnValue

    from crm.sales.models import Deal
    from crm.sales.standings import Standing

pages = Blueprint("pipeline", __name__, url_prefix="/pipeline")


@dataclass(frozen=True, slots=True)
class Row:
    """A deal as the list shows it."""

    name: str
    amount: str
    company: str
    here: str
    closes: str
    late: bool


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage with the first of its deals; its numbers are of all of them."""

    name: str
    count: int
    sums: str
    rows: tuple[Row, ...]
    hidden: int


@pages.get("")
def listed() -> ResponseReturnValue:
    """Show the stages with their deals."""
    me = user()
    today = clock.now().astimezone(showing.zone(me.time_zone)).date()
    stages = [_stage(standing, today) for standing in standings.of_open_deals(g.session, me)]
    text = _("Open a message, and press Deal on the card beside it.")
    empty = Empty("nothing", _("No deals yet"), text, icon="handshake")
    return render_template(
        "pipeline.html", stages=stages, nothing=not any(s.count for s in stages), empty_list=empty
    )


def _stage(standing: Standing, today: date) -> StageView:
    shown = [money.show(one, language()) for one in standing.sums]
    rows = tuple(_row(deal, company, today) for deal, company in standing.deals)
    name, hidden = pipelines.name_of(standing.stage), standing.count - len(rows)
    return StageView(name, standing.count, " + ".join(shown), rows, hidden)


def _row(deal: Deal, company: str, today: date) -> Row:
    here = parts.here_for(deal, clock.now())
    closes = showing.day_within(deal.closes_on, today) if deal.closes_on else ""
    late = deal.closes_on is not None and deal.closes_on < today
    return Row(deal.name, parts.amount(deal), company, here, closes, late)
