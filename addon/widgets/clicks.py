"""What happens on a click: we are asked, or a page opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from addon.widgets.links import check_page
from addon.widgets.shape import Json, present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.widgets.links import Links


@dataclass(frozen=True, slots=True)
class Action:
    """Ask us. The function is a route's name as "deal/save"; parameters are visible to the reader.

    `required` names the inputs without which the host does not ask. Unless `persist_values`, Gmail
    empties the form as it asks: the card that answers must carry what was typed.
    """

    function: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    persist_values: bool = False
    required: tuple[str, ...] = ()
    spinner: bool = True

    def to_json(self, links: Links) -> Json:
        """Say it as the onClick of a widget."""
        return {"action": self._said(links, keeps=self.persist_values, spins=self.spinner)}

    def to_change_json(self, links: Links) -> Json:
        """Say it as the onChangeAction of an input.

        The reader goes on typing elsewhere in the card meanwhile: nothing is emptied or blocked.
        """
        return self._said(links, keeps=True, spins=False)

    def _said(self, links: Links, *, keeps: bool, spins: bool) -> Json:
        return present(
            function=links.to(self.function),
            parameters=[{"key": key, "value": value} for key, value in self.parameters.items()],
            persistValues=keeps,
            requiredWidgets=list(self.required),
            loadIndicator="SPINNER" if spins else "NONE",
        )


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Open a page: a path of the web app or an address of the web. Raises UnsafeLinkError.

    `overlay` opens a small window; with `reload` the card is fetched again once it is closed.
    """

    url: str
    overlay: bool = False
    reload: bool = False

    def __post_init__(self) -> None:
        check_page(self.url)

    def to_json(self, links: Links) -> Json:
        """Say it as the onClick of a widget."""
        return {"openLink": self.to_link_json(links)}

    def to_link_json(self, links: Links) -> Json:
        """Say it as the link of an answer."""
        return present(
            url=links.to(self.url),
            openAs="OVERLAY" if self.overlay else None,
            onClose="RELOAD" if self.reload else None,
        )


Click: TypeAlias = Action | OpenLink
