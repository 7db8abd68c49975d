"""The card vocabulary: what can be said beside a message, in Gmail and in every other inbox.

Frozen values and no more. `to_json(links)` says them in Google's Card v1, `addon.panel` in HTML.
What is plain is a `str`; only where the reader may see bold or a link does a field take `Text`.
"""

from addon.widgets.card import Card, Footer, Section
from addon.widgets.clicks import Action, Click, OpenLink
from addon.widgets.icons import Icon
from addon.widgets.inputs import (
    Choice,
    ChoiceKind,
    DatePicker,
    Option,
    Switch,
    TextInput,
)
from addon.widgets.links import Links, UnsafeLinkError
from addon.widgets.shape import Json
from addon.widgets.shown import Button, Buttons, Chip, Chips, Line, Paragraph
from addon.widgets.text import Markup, Text, bold, enclose, isolate, left_to_right, link

__all__ = [
    "Action",
    "Button",
    "Buttons",
    "Card",
    "Chip",
    "Chips",
    "Choice",
    "ChoiceKind",
    "Click",
    "DatePicker",
    "Footer",
    "Icon",
    "Json",
    "Line",
    "Links",
    "Markup",
    "OpenLink",
    "Option",
    "Paragraph",
    "Section",
    "Switch",
    "Text",
    "TextInput",
    "UnsafeLinkError",
    "bold",
    "enclose",
    "isolate",
    "left_to_right",
    "link",
]
