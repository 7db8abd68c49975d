"""A dialogue with an SMTP server is private, lets us in, and holds no more commands than we say."""

from __future__ import annotations

import socket

import pytest

from sync.errors import OutOfReachError, SourceUnavailableError, SyncError, UnsafeConnectionError
from sync.transports import LaterError, RefusedError
from sync.transports.dialogue import SmtpLogin, close, open_line, path
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import DROP, Smtp


def login(server: Smtp, host: str = "127.0.0.1", **values) -> SmtpLogin:
    given = {"security": "none", "login": "ana", "password": "secret"} | values
    return SmtpLogin(host, server.port, **given)


def enter(given: SmtpLogin, **values):
    close(open_line(given, allow_plain=values.pop("allow_plain", True), **values), politely=True)


@pytest.fixture
def certified(long_dovecot: Dovecot, monkeypatch) -> dict:
    """Trust the certificate for localhost, and return where it and its key lie."""
    monkeypatch.setenv("SSL_CERT_FILE", str(long_dovecot.certificate))
    key = long_dovecot.certificate.with_name("key.pem")
    return {"certificate": long_dovecot.certificate, "key": key}


def test_a_password_lets_us_in(smtp):
    enter(login(smtp))

    assert smtp.logins == [("ana", "secret")]
    assert smtp.commands[0] == "HELLO [127.0.0.1]"


def test_a_password_of_other_letters_does_too(smtp):
    with pytest.raises(RefusedError):
        enter(login(smtp, login="añá", password="žluťoučký"))

    assert smtp.logins == [("añá", "žluťoučký")]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_spoken_with_whom_the_certificate_names(certified, security):
    with Smtp(**certified, tls=security == "tls") as server:
        enter(login(server, "localhost", security=security))

        assert server.logins == [("ana", "secret")]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_no_password_is_given_to_whom_nobody_vouches_for(long_dovecot, security):
    key = long_dovecot.certificate.with_name("key.pem")
    with Smtp(certificate=long_dovecot.certificate, key=key, tls=security == "tls") as server:
        with pytest.raises(UnsafeConnectionError, match="certificate"):
            enter(login(server, "localhost", security=security))

        assert server.logins == []


def test_no_password_is_given_where_tls_was_meant_and_is_not_offered(smtp):
    with pytest.raises(UnsafeConnectionError, match="STARTTLS"):
        enter(login(smtp, security="starttls"))

    assert smtp.logins == []


def test_no_password_leaves_this_machine_in_clear_text(smtp):
    with pytest.raises(UnsafeConnectionError):
        enter(login(smtp, "mail.test"), allow_plain=False, connect_to=lambda _: ("192.0.2.1",))


@pytest.mark.parametrize("port", [25, 22, 6379, 2525])
def test_what_was_named_in_the_web_has_a_port_of_sending(port):
    given = SmtpLogin("mail.test", port, "tls", "ana", "secret", guarded=True)

    with pytest.raises(OutOfReachError):
        open_line(given, allow_plain=False, connect_to=lambda _: ("8.8.8.8",))


def test_what_was_named_in_the_web_is_not_inside():
    given = SmtpLogin("mail.test", 587, "starttls", "ana", "secret", guarded=True)

    with pytest.raises(OutOfReachError):
        open_line(given, allow_plain=False, connect_to=lambda _: ("8.8.8.8", "127.0.0.1"))


@pytest.mark.parametrize(
    ("verb", "what", "error"),
    [
        ("AUTH", "535 5.7.8 Authentication failed", RefusedError),
        ("AUTH", "454 4.7.0 Temporary failure", LaterError),
        ("HELLO", DROP, SourceUnavailableError),
    ],
)
def test_who_is_not_let_in_learns_whether_to_come_back(smtp, verb, what, error):
    smtp.plan(verb, what)

    with pytest.raises(error):
        enter(login(smtp))


def test_a_server_that_is_not_there_is_passing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(SourceUnavailableError):
        enter(SmtpLogin("127.0.0.1", port, "none", "ana", "secret"))


def test_something_that_is_no_server_of_mail_is_told_apart(dovecot):
    with pytest.raises(SyncError):
        enter(SmtpLogin("127.0.0.1", dovecot.port, "none", "ana", "secret"), timeout=5)


@pytest.mark.parametrize(
    "email",
    ["", "jana", "jana@", "@x.test", "a@b.test\r\nDATA", "a b@x.test", "a@x.test>", "a\0@x.test"],
)
def test_what_is_no_address_gets_into_no_command(email):
    with pytest.raises(RefusedError):
        path(email)
