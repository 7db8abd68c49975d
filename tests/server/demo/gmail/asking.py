"""What tests of the server share: a letter, its packing, and a call that is refused."""

from __future__ import annotations

import base64
from contextlib import closing
from typing import Any

import httplib2
import pytest
from googleapiclient.errors import HttpError

ANA = "ana@halden.example"
BO = "bo@acme.example"
AUTH = "https://www.googleapis.com/auth/"


def letter(subject: str = "Offer", *, id_: str = "1@acme.example", **headers: str) -> bytes:
    """Make a letter from Bo to Ana."""
    fields = {"From": BO, "To": ANA, "Message-ID": f"<{id_}>", "Subject": subject}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{head}\r\nHello.\r\n".encode()


def packed(raw: bytes) -> str:
    """Return a letter as `raw` takes it."""
    return base64.urlsafe_b64encode(raw).decode()


def unpacked(text: str) -> bytes:
    """Return what stands in `raw` or `data`, which bear no padding."""
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def refused(call: Any) -> tuple[int, str]:
    """Return the status and the reason of a call that is refused."""
    with pytest.raises(HttpError) as caught:
        call.execute(num_retries=0)
    details = caught.value.error_details
    told = [one["reason"] for one in details if "reason" in one] if details else []
    return caught.value.status_code, told[0] if isinstance(details, list) and told else ""


def ask(url: str, verb: str = "GET", body: str = "", **headers: str) -> tuple[int, str]:
    """Ask the server as a browser does, and return the status and what it says."""
    with closing(httplib2.Http()) as browser:
        answer, said = browser.request(url, verb, body, headers)
    return answer.status, said.decode()


def listed(gmail: Any, **asked: Any) -> list[str]:
    """Return the ids that a list tells."""
    answer = gmail.messages().list(userId="me", **asked).execute()
    return [line["id"] for line in answer.get("messages", [])]
