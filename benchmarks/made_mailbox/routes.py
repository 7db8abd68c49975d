"""The header fields that servers add on a letter's way: routes, signatures, seals."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from benchmarks.made_mailbox.encoding import date

if TYPE_CHECKING:
    from random import Random

    from benchmarks.made_mailbox.people import Person


def message_id(rnd: Random, by: Person, stamp: int) -> str:
    """Make a Message-ID as the author's program does."""
    mark = f"{rnd.getrandbits(64):016x}"
    if by.style == "gmail":
        token = base64.urlsafe_b64encode(rnd.randbytes(21)).decode()
        return f"<CA{token}{mark[:6]}={mark[6:8]}@mail.gmail.example>"
    if by.style == "outlook":
        host = f"AM{mark[:6].upper()}.eurprd03.prod.outlook.example"
        return f"<AM{mark[:8].upper()}0{mark[8:12].upper()}.{mark}@{host}>"
    return f"<{mark}.{stamp}@{by.domain}>"


def received(rnd: Random, by: Person, user: str, stamp: int) -> list[str]:
    """Write what servers put on top of a letter that came in."""
    fields = [f"Return-Path: <{by.addr}>", f"Delivered-To: {user}"]
    mark = f"{rnd.getrandbits(48):012x}".upper()
    for i in range(rnd.randint(1, 4)):
        host = f"mail{i}.{by.domain}"
        address = f"203.0.113.{rnd.randint(1, 254)}"
        fields.append(
            f"Received: from {host} ({host} [{address}])\n"
            f"        by mx{i}.acme.example (Postfix) with ESMTPS id {mark}{i}\n"
            f"        for <{user}>; {date(stamp + 5 - i, '+0000')}"
        )
    if rnd.random() < 0.8:
        fields += _signed(rnd, by)
    if rnd.random() < 0.6:
        fields += _sealed(rnd, by, stamp)
    if by.style == "outlook" and rnd.random() < 0.8:
        words = "\n ".join(_token(rnd, 48) for _ in range(rnd.randint(4, 14)))
        fields.append(f"X-MS-Exchange-AntiSpam-MessageData: {words}")
        fields.append(f"X-MS-Office365-Filtering-Correlation-Id: {rnd.getrandbits(128):032x}")
    return fields


def _signed(rnd: Random, by: Person) -> list[str]:
    return [
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={by.domain};"
        f" s=s{rnd.randint(1, 9)};\n h=from:to:subject:date:message-id;\n"
        f" bh={_token(rnd, 32)};\n b={_token(rnd, 48)}\n  {_token(rnd, 48)}",
        f"Authentication-Results: mx.acme.example;\n       dkim=pass header.i=@{by.domain};\n"
        f"       spf=pass (sender IP is 203.0.113.7) smtp.mailfrom={by.addr};\n"
        f"       dmarc=pass (p=NONE) header.from={by.domain}",
    ]


def _sealed(rnd: Random, by: Person, stamp: int) -> list[str]:
    seal = "\n ".join(_token(rnd, 48) for _ in range(4))
    first = (
        f"ARC-Seal: i=1; a=rsa-sha256; t={stamp}; cv=none;\n d=acme.example; s=arc-20240605;\n"
        f" b={seal}"
    )
    body_hash, field_hash = _token(rnd, 32), _token(rnd, 32)
    signature = "\n ".join(_token(rnd, 48) for _ in range(4))
    return [
        first,
        "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example;"
        " s=arc-20240605;\n h=to:subject:message-id:date:from:mime-version:dkim-signature;\n"
        f" bh={body_hash};\n fh={field_hash};\n b={signature}",
        "ARC-Authentication-Results: i=1; mx.acme.example;\n"
        f"       dkim=pass header.i=@{by.domain} header.s=s1;\n"
        f"       spf=pass smtp.mailfrom={by.addr};\n"
        f"       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from={by.domain}",
    ]


def _token(rnd: Random, size: int) -> str:
    return base64.b64encode(rnd.randbytes(size)).decode()
