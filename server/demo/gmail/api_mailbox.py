"""What is asked of a mailbox as a whole: its profile, its history, its watch, its senders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail import paging
from server.demo.gmail.errors import ApiError, invalid, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.question import Question

#: A watch ends after seven days: https://developers.google.com/workspace/gmail/api/guides/push
WATCH_SECONDS = 7 * 24 * 3600


def profile(ask: Question) -> dict[str, Any]:
    """Return whose mailbox it is, how much it holds, and where its history stands."""
    box = ask.mailbox
    with box.lock:
        return {
            "emailAddress": box.address,
            "messagesTotal": len(box.copies),
            "threadsTotal": len(box.copies.threads),
            "historyId": str(box.history.now),
        }


def history(ask: Question) -> dict[str, Any]:
    """Return one page of what happened after a value of the counter. Raises ApiError."""
    box, values = ask.mailbox, ask.values
    start = _number(values.get("startHistoryId"))
    kinds = frozenset(values.get("historyTypes", ()))
    question = repr((start, sorted(kinds), values.get("labelId")))
    after = start
    if "pageToken" in values:
        after = int(paging.unseal(box, question, values["pageToken"]))
    with box.lock:
        if not box.history.reaches(start):
            raise not_found()
        told: dict[str, Any] = {"historyId": str(box.history.now)}
        found = list(box.history.after(after, kinds, values.get("labelId")))
    if ask.empty_page:
        return {**told, "nextPageToken": paging.seal(box, question, str(after))}
    page = found[: ask.page_size]
    if page:
        told["history"] = [record.shape() for record in page]
    if len(found) > len(page):
        told["nextPageToken"] = paging.seal(box, question, str(page[-1].id))
    return told


def watch(ask: Question) -> dict[str, Any]:
    """Begin to push, or go on for another seven days; where it stands now is pushed at once."""
    topic = ask.body.get("topicName")
    if not isinstance(topic, str) or not topic.startswith("projects/"):
        raise invalid("Invalid topicName does not match projects/{project}/topics/*")
    box = ask.mailbox
    _check_topic(box, topic)
    until = int((box.now() + WATCH_SECONDS) * 1000)
    with box.lock:
        if box.is_watched and box.watch is not None and box.watch["topicName"] != topic:
            raise invalid(
                "Only one user push notification client allowed per developer (call /stop then try"
                " again)",
                "failedPrecondition",
            )
        box.watch = {"topicName": topic, "expiration": until, "count": 0}
        box.push(box)
        return {"historyId": str(box.history.now), "expiration": str(until)}


def stop(ask: Question) -> None:
    """Push no more."""
    ask.mailbox.watch = None


def send_as(ask: Question) -> dict[str, Any]:
    """Return the addresses that the owner may send from."""
    box = ask.mailbox
    return {
        "sendAs": [
            {
                "sendAsEmail": email,
                "displayName": name,
                "isPrimary": email == box.address,
                "isDefault": email == box.address,
                "verificationStatus": "pending" if email in box.unverified else "accepted",
            }
            for email, name in box.aliases.items()
        ]
    }


def push_body(box: Mailbox, *, text: bool = False) -> dict[str, Any]:
    """Return what Pub/Sub would post now. Raises LookupError where no watch runs."""
    with box.lock:
        watched = box.watch
        if watched is None or not box.is_watched:
            raise LookupError(f"nobody watches {box.address}")
        watched["count"] += 1
        project = watched["topicName"].split("/")[1]
        id_, name = str(10**14 + watched["count"]), f"projects/{project}/subscriptions/gmail"
        return box.push_body(id_, name, text=text)


def _check_topic(box: Mailbox, topic: str) -> None:
    """Refuse a topic as Gmail does. Raises ApiError."""
    if not box.topics or box.topics.get(topic):
        return
    said = f"Error sending test message to Cloud PubSub {topic} : "
    if topic in box.topics:
        raise ApiError(403, "forbidden", f"{said}User not authorized to perform this action.")
    projects = sorted({known.split("/")[1] for known in box.topics})
    if topic.split("/")[1] in projects:
        raise ApiError(
            404, "notFound", f"{said}Resource not found (resource={topic.rpartition('/')[2]})."
        )
    raise invalid(f"Invalid topicName does not match projects/{projects[0]}/topics/*")


def _number(text: Any) -> int:
    if not isinstance(text, str) or not text.isdecimal() or int(text) >= 2**64:
        raise invalid("Missing/invalid parameter: startHistoryId")
    return int(text)


METHODS: dict[str, Callable[[Question], Any]] = {
    "users.getProfile": profile,
    "users.history.list": history,
    "users.watch": watch,
    "users.stop": stop,
    "users.settings.sendAs.list": send_as,
}
