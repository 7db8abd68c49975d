"""What a server on the way says of the author: only doubt is believed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from sync import reading
from tests import make


@pytest.mark.parametrize(
    ("said", "disowned"),
    [
        ("", False),
        ("mx.halden.test; dkim=pass header.d=severka.test; spf=pass; dmarc=pass", False),
        ("mx.halden.test; dkim=fail; spf=pass; dmarc=fail (p=REJECT) header.from=x.test", True),
        ("mx.halden.test;\r\n  spf=fail smtp.mailfrom=x.test;\r\n  DMARC = Fail", True),
        ("mx.halden.test; spf=fail smtp.mailfrom=x.test; dkim=none", True),
        ("mx.halden.test; spf=fail; dkim=pass header.d=severka.test", False),
        ("mx.halden.test; spf=fail; dkim=fail; dmarc=bestguesspass", False),
        ("mx.halden.test; spf=softfail; dkim=none", False),
        ("mx.halden.test; x-dmarc=fail", False),
        ("dmarc=fail", False),
        ("mx.halden.test 1; none", False),
    ],
)
def test_a_letter_is_disowned_where_its_author_s_domain_is_not_behind_it(
    said: str, disowned: bool
) -> None:
    headers = {"Authentication_Results": said} if said else {}

    assert reading.read(make.raw(**headers)).disowned is disowned


def test_a_pass_above_a_fail_takes_no_doubt_away() -> None:
    raw = make.raw(Authentication_Results="mx.halden.test; dmarc=fail")
    forged = b"Authentication-Results: mx.halden.test; dmarc=pass\r\n" + raw

    assert reading.read(forged).disowned


def test_a_field_of_any_length_is_read_in_no_time() -> None:
    raw = make.raw(Authentication_Results="mx.test" + "; spf=fail " * 50_000)
    began = time.process_time()
    reading.read(raw)

    assert time.process_time() - began < 0.5


def test_a_pass_gives_a_letter_nothing_that_it_would_not_have_without() -> None:
    plain = reading.read(make.raw(message_id="1@severka.test"))
    said = "mx.google.com; dkim=pass header.d=halden.test; spf=pass; dmarc=pass"
    forged = reading.read(make.raw(message_id="1@severka.test", Authentication_Results=said))

    assert replace(forged, digest=plain.digest, size=plain.size) == plain
