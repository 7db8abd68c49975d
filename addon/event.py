"""Google's event object, typed: who asks, beside which message, with what typed and chosen.

Google leaves out zeros, sends 64-bit numbers as strings or as numbers, and puts deprecated keys
beside the new ones. Here each value is read once, from one place; what we do not know is passed
over, what has the wrong kind is refused. Everything in it comes from the reader's side of the
host: whoever takes an id from it checks whose it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from crm.base.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: More than any card of ours has or any reader types. The door caps the bytes; these, the parts.
MOST_INPUTS, MOST_VALUES, LONGEST_NAME, LONGEST_TEXT = 200, 100, 200, 1_000_000
#: Google Workspace sends to 2,000 recipients a message at most, Gmail to 500.
MOST_RECIPIENTS = 2_000

Value: TypeAlias = tuple[str, ...] | dt.date | dt.time

_Json: TypeAlias = dict[str, Any]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class InvalidEventError(InvalidError):
    """What came is no event of Google's."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Google sends so that we may ask it back; never shown, never written down."""

    user: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    message: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AddonEvent:
    """One question to the add-on. `function` is the name of the route that was asked.

    `scopes` is None where the host does not say what was granted. Ids are the host's own: the
    Gmail API answers to them with others.
    """

    function: str = ""
    host: str = ""
    platform: str = ""
    locale: str = ""
    zone: str = ""
    offset: dt.timedelta = dt.timedelta()
    message_id: str = ""
    thread_id: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    tokens: Tokens = field(default_factory=Tokens, repr=False)

    def text(self, name: str) -> str:
        """Return what was typed or chosen, without the space around it; empty if nothing was."""
        return next(iter(self.texts(name)), "").strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all that was chosen."""
        value = self.inputs.get(name)
        return value if isinstance(value, tuple) else ()

    def switch(self, name: str) -> bool:
        """Tell whether a switch is on; one that is off is not sent."""
        return bool(self.texts(name))

    def date(self, name: str) -> dt.date | None:
        """Return the day that was picked; of a moment, its day in UTC."""
        value = self.inputs.get(name)
        if isinstance(value, dt.datetime):
            return value.date()
        return value if isinstance(value, dt.date) else None

    def moment(self, name: str) -> dt.datetime | None:
        """Return the moment that was picked, in UTC."""
        value = self.inputs.get(name)
        return value if isinstance(value, dt.datetime) else None

    def time(self, name: str) -> dt.time | None:
        """Return the time of day that was picked."""
        value = self.inputs.get(name)
        return value if isinstance(value, dt.time) else None

    def parameter(self, name: str) -> str:
        """Return what the button carries under a name; empty if it does not."""
        return self.parameters.get(name, "")


def parse(json: object, *, function: str = "") -> AddonEvent:
    """Read Google's event. Raises InvalidEventError when it is none."""
    if not isinstance(json, dict) or not isinstance(json.get("commonEventObject"), dict):
        raise InvalidEventError("no commonEventObject")
    common, gmail = _object(json, "commonEventObject"), _object(json, "gmail")
    granted = _object(json, "authorizationEventObject")
    zone = _object(common, "timeZone")
    return AddonEvent(
        function=function,
        host=_text(common, "hostApp"),
        platform=_text(common, "platform"),
        locale=_text(common, "userLocale"),
        zone=_text(zone, "id"),
        offset=_offset(_number(zone, "offset")),
        message_id=_text(gmail, "messageId"),
        thread_id=_text(gmail, "threadId"),
        to=_recipients(gmail, "toRecipients"),
        cc=_recipients(gmail, "ccRecipients"),
        bcc=_recipients(gmail, "bccRecipients"),
        inputs=_inputs(common),
        parameters=_parameters(common),
        scopes=_scopes(granted),
        tokens=Tokens(
            user=_text(granted, "userOAuthToken"),
            identity=_text(granted, "userIdToken"),
            message=_text(gmail, "accessToken"),
        ),
    )


def _inputs(common: _Json) -> dict[str, Value]:
    raw = _object(common, "formInputs")
    _check_names(raw)
    return {_clean(name): _value(_object(raw, name)) for name in raw}


def _value(raw: _Json) -> Value:
    if "dateInput" in raw:
        return _moment(_object(raw, "dateInput")).date()
    if "timeInput" in raw:
        return _time(_object(raw, "timeInput"))
    if "dateTimeInput" in raw:
        return _date_and_time(_object(raw, "dateTimeInput"))
    return _texts(_object(raw, "stringInputs"), "value", most=MOST_VALUES)


def _date_and_time(raw: _Json) -> Value:
    moment = _moment(raw)
    if raw.get("hasDate") and not raw.get("hasTime"):
        return moment.date()
    if raw.get("hasTime") and not raw.get("hasDate"):
        return moment.time()
    return moment


def _moment(raw: _Json) -> dt.datetime:
    """Read a moment in UTC. A picked day is its midnight there, whatever the reader's zone."""
    try:
        return _EPOCH + dt.timedelta(milliseconds=_number(raw, "msSinceEpoch"))
    except OverflowError as error:
        raise InvalidEventError("msSinceEpoch is out of time") from error


def _time(raw: _Json) -> dt.time:
    try:
        return dt.time(_number(raw, "hours"), _number(raw, "minutes"))
    except (OverflowError, ValueError) as error:
        raise InvalidEventError("timeInput is no time of day") from error


def _offset(ms: int) -> dt.timedelta:
    day = 24 * 60 * 60 * 1000
    if not -day < ms < day:
        raise InvalidEventError("timeZone.offset is a day or more")
    return dt.timedelta(milliseconds=ms)


def _parameters(common: _Json) -> dict[str, str]:
    raw = _object(common, "parameters")
    _check_names(raw)
    return {_clean(name): _text(raw, name) for name in raw}


def _recipients(gmail: _Json, key: str) -> tuple[str, ...]:
    known = _texts(gmail, key, most=MOST_RECIPIENTS)
    return tuple(address for address in known if address)


def _scopes(granted: _Json) -> frozenset[str] | None:
    if granted.get("authorizedScopes") is None:
        return None
    return frozenset(_texts(granted, "authorizedScopes", most=MOST_VALUES))


def _object(holder: _Json, key: str) -> _Json:
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidEventError(f"{key[:80]} is no object")
    return value


def _texts(holder: _Json, key: str, *, most: int) -> tuple[str, ...]:
    values = holder.get(key)
    if values is None:
        return ()
    if not isinstance(values, list) or len(values) > most:
        raise InvalidEventError(f"{key} is no list of at most {most}")
    return tuple(_checked(value, key) for value in values)


def _text(holder: _Json, key: str) -> str:
    value = holder.get(key)
    return "" if value is None else _checked(value, key)


def _checked(value: object, key: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise InvalidEventError(f"{key[:80]} is no text of at most {LONGEST_TEXT} signs")
    return _clean(value)


def _clean(text: str) -> str:
    """Drop what no database can keep: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _number(holder: _Json, key: str) -> int:
    value = holder.get(key)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidEventError(f"{key} is no number")
    try:
        return int(value)
    except (ValueError, OverflowError) as error:
        raise InvalidEventError(f"{key} is no number") from error


def _check_names(raw: _Json) -> None:
    if len(raw) > MOST_INPUTS or any(len(name) > LONGEST_NAME for name in raw):
        raise InvalidEventError("more names, or longer ones, than any card of ours has")
