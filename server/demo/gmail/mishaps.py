"""What a fault does to a call: before it is carried out, and to its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.demo.gmail.errors import ApiError, not_found, too_fast, unauthenticated
from server.demo.gmail.exchange import Answer, Ending, answer_html
from server.demo.gmail.paging import expired

if TYPE_CHECKING:
    from server.demo.gmail.faults import Fault
    from server.demo.gmail.mailbox import Mailbox

_BAD_GATEWAY = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
    "<p><b>502.</b> <ins>That’s an error.</ins>\n"
    "<p>The server encountered a temporary error and could not complete your request.\n"
)
#: What is refused in the same words whoever asks.
_REFUSALS = {
    "403_daily": (403, "dailyLimitExceeded", "Daily Limit Exceeded"),
    "403_domain": (403, "domainPolicy", "The domain administrators have disabled Gmail apps."),
    "403_off": (403, "accessNotConfigured", "Gmail API has not been used in this project before."),
    "400_no_mail": (400, "failedPrecondition", "Mail service not enabled"),
    "500": (500, "backendError", "Internal error encountered."),
    "503": (503, "backendError", "The service is currently unavailable."),
}
_LIMITS = frozenset({"dailyLimitExceeded", "accessNotConfigured"})


def before(
    fault: Fault, now: float, mailbox: Mailbox | None = None, id_: str = ""
) -> Answer | None:
    """Answer in place of the call, or return None where it is carried out. Raises ApiError."""
    if fault.kind in _REFUSALS:
        code, reason, words = _REFUSALS[fault.kind]
        domain = "usageLimits" if reason in _LIMITS else "global"
        raise ApiError(code, reason, words, domain=domain)
    match fault.kind:
        case "429" | "403_rate":
            code = 429 if fault.kind == "429" else 403
            until = now + fault.retry_after
            raise too_fast(until, code=code, header=fault.retry_header, now=now)
        case "401":
            raise unauthenticated()
        case "404_once" | "history_expired":
            raise not_found()
        case "page_token_expired":
            raise expired()
        case "502_html":
            return answer_html(_BAD_GATEWAY, 502)
        case "cut_before":
            return Answer(500, ending=Ending.NOTHING)
        case "hang":
            return Answer(500, ending=Ending.HANG)
        case "gone_between" if mailbox is not None and mailbox.copies.find(id_) is not None:
            mailbox.delete(id_)
    return None


def after(fault: Fault, answer: Answer) -> Answer:
    """Return the answer as it leaves after the call was carried out."""
    match fault.kind:
        case "truncated_json":
            answer.body = answer.body[: len(answer.body) // 2]
        case "cut":
            answer.ending = Ending.CUT
        case "cut_after":
            answer.ending = Ending.NOTHING
        case "slow":
            answer.wait = fault.seconds
    return answer
