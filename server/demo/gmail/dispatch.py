"""From a request to its answer: the method, the token, the fault, the quota, the work."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from server.demo.gmail import (
    access,
    api_drafts,
    api_labels,
    api_mailbox,
    api_messages,
    api_threads,
    batch,
    fields,
    mishaps,
    uploads,
)
from server.demo.gmail.errors import ApiError, too_many_at_once
from server.demo.gmail.exchange import Answer, Ending, Request, answer_error, answer_json
from server.demo.gmail.faults import BATCH, Place
from server.demo.gmail.question import Question
from server.demo.gmail.routes import Routes
from server.demo.gmail.world import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.faults import Fault
    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.routes import Method
    from server.demo.gmail.world import World

METHODS: dict[str, Callable[[Question], Any]] = {
    **api_messages.METHODS,
    **api_threads.METHODS,
    **api_drafts.METHODS,
    **api_labels.METHODS,
    **api_mailbox.METHODS,
}
#: What the answer to a batch does when those inside of it do not all end well.
_WORST = (Ending.HANG, Ending.NOTHING, Ending.CUT)
_OVERRIDE = "x-http-method-override"


@dataclass(slots=True)
class _Open:
    """A call while it is carried out: what will be written down of it."""

    method: str = ""
    address: str = ""
    id: str = ""
    units: int = 0
    fault: str = ""


class Dispatch:
    """Answers requests to the API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._routes = Routes()
        self._uploads = uploads.Uploads()

    def answer(self, request: Request) -> Answer:
        """Answer one request, which may be a batch or a piece of an upload."""
        if request.path in batch.PATHS:
            return self._answer_batch(request)
        entered: list[str] = []
        answer = self._answer_upload(request, entered) or self._answer_one(request, entered)
        return self._leave(entered, answer)

    def _answer_batch(self, request: Request) -> Answer:
        now = self._world.now()
        try:
            fault = self._world.faults.due(Place(BATCH))
            instead = mishaps.before(fault, now) if fault else None
            if instead is not None:
                return instead
            parts = batch.read(request)
        except ApiError as error:
            return answer_error(error)
        entered: list[str] = []
        # At Google the parts run side by side: each is under way until the last has ended.
        answers = [
            (part.content_id, self._answer_one(part.request, entered, in_batch=True))
            for part in parts
        ]
        shuffle = random.Random(f"{self._world.seed} {len(self._world.calls)}")  # noqa: S311
        shuffle.shuffle(answers)
        body, kind = batch.shape(answers)
        whole = Answer(200, body, kind, wait=max(answer.wait for _, answer in answers))
        endings = {answer.ending for _, answer in answers}
        whole.ending = next((worst for worst in _WORST if worst in endings), Ending.WHOLE)
        return self._leave(entered, mishaps.after(fault, whole) if fault else whole)

    def _answer_upload(self, request: Request, entered: list[str]) -> Answer | None:
        """Answer where an upload piece by piece begins or goes on; None where it is none."""
        query = dict(request.pairs)
        if query.get("uploadType") != "resumable" or "/upload/" not in request.path:
            return None
        if request.verb in ("POST", "PUT") and "upload_id" not in query:
            sep = "&" if "?" in request.target else "?"
            place = f"http://{request.headers.get('host', '')}{request.target}"
            id_ = self._uploads.begin(request)
            return answer_json({}, 200, ("Location", f"{place}{sep}upload_id={id_}"))
        try:
            upload = self._uploads.take(query.get("upload_id", ""), request)
        except ApiError as error:
            return answer_error(error)
        if isinstance(upload, int):
            seen = [("Range", f"bytes=0-{upload - 1}")] if upload else []
            return Answer(308, headers=seen)
        return self._answer_one(upload.request, entered, media=bytes(upload.pieces))

    def _answer_one(
        self,
        request: Request,
        entered: list[str],
        *,
        media: bytes | None = None,
        in_batch: bool = False,
    ) -> Answer:
        call = _Open()
        world = self._world
        at = world.now()
        try:
            answer = self._carry_out(_overridden(request), call, entered, media)
        except ApiError as error:
            answer = answer_error(error)
        world.calls.append(
            Call(
                call.method, call.address, call.id, answer.status, call.units, at, in_batch,
                call.fault,
            )
        )  # fmt: skip
        return answer

    def _carry_out(
        self, request: Request, call: _Open, entered: list[str], media: bytes | None
    ) -> Answer:
        world = self._world
        method, names = self._routes.find(request.verb, request.segments)
        values = {**method.values(request.pairs), **names}
        call.method, call.id = method.name, names.get("messageId") or names.get("id", "")
        admitted = access.admit(world.tokens, method, request.headers, values)
        mailbox = admitted.consent.mailbox
        call.address = mailbox.address
        if not world.meter.enter(mailbox.address):
            raise too_many_at_once()
        entered.append(mailbox.address)
        named = mailbox.copies.find(call.id)
        place = Place(
            method.name,
            mailbox.address,
            call.id,
            paged="pageToken" in values,
            number=named.number if named else 0,
        )
        fault = world.faults.due(place)
        if fault is not None:
            call.fault = fault.kind
            instead = mishaps.before(fault, world.now(), mailbox, call.id)
            if instead is not None:
                return instead
        units = world.meter.units(method.name)
        world.meter.spend(mailbox.address, units, world.now())
        call.units = units
        try:
            answer = self._work(method, values, request, mailbox, media, fault)
        except ApiError as error:
            answer = answer_error(error)
        return mishaps.after(fault, answer) if fault else answer

    def _work(
        self,
        method: Method,
        values: dict[str, Any],
        request: Request,
        mailbox: Mailbox,
        media: bytes | None,
        fault: Fault | None,
    ) -> Answer:
        work = METHODS.get(method.name)
        if work is None:
            raise ApiError(501, "notImplemented", f"{method.name} is not served here")
        ask = Question(mailbox, values, media=media)
        if request.verb != "GET":
            kind = "json" if media is not None else values.get("uploadType")
            ask.body, handed = uploads.read(request, kind)
            ask.media = media if media is not None else handed
            method.check_body(ask.body)
        if ask.media is not None and len(ask.media) > method.upload_bytes:
            raise ApiError(413, "uploadTooLarge", "Request Entity Too Large")
        ask.empty_page = fault is not None and fault.kind == "empty_history_page"
        shape = work(ask)
        if "fields" in values and shape is not None:
            shape = fields.keep(shape, values["fields"])
        return answer_json(shape)

    def _leave(self, entered: list[str], answer: Answer) -> Answer:
        """Let calls end, which were under way as long as their answer was slow to come."""
        if answer.wait:
            self._world.closing.wait(answer.wait)
            answer.wait = 0.0
        for address in entered:
            self._world.meter.leave(address)
        return answer


def _overridden(request: Request) -> Request:
    """Return a GET that came as a POST, because its address was too long."""
    verb = request.headers.get(_OVERRIDE)
    if request.verb != "POST" or verb is None:
        return request
    return Request(
        verb.upper(), f"{request.path}?{request.body.decode('utf-8', 'replace')}", request.headers
    )
