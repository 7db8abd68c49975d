"""What is in the way of a login, by real servers, and by what providers are known to say."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from sync.connecting import obstacles
from sync.connecting.obstacles import Hint
from sync.errors import AuthorizationRevokedError, SyncError, Why
from sync.sources.imap import ImapLogin, ImapSource
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault


@pytest.fixture
def met(dovecot):
    """Try to read a mailbox, and say what was in the way."""

    def explain(
        host="127.0.0.1", port=None, security="none", password="secret", guarded=False, **options
    ):
        port = port or dovecot.port
        login = ImapLogin(host, port, security, "obst", password, guarded=guarded)
        source = ImapSource(login, timeout=2, **options)
        with pytest.raises(SyncError) as caught, source:
            source.folders()
        return caught.value.why, obstacles.explain(caught.value)

    return explain


@pytest.fixture
def answering():
    """Listen on a port, and say something to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(said):
            def talk():
                client, _address = listener.accept()
                with client, suppress(ConnectionError):
                    client.sendall(said)
                    client.recv(1000)

            threading.Thread(target=talk, daemon=True).start()
            return listener.getsockname()[1]

        yield serve


def test_a_name_that_is_not_there(met):
    why, told = met("imap.halden.invalid", 993, "tls")

    assert (why, told.field) == (Why.NAME, "host")
    assert "no server by this name" in told.what


def test_a_port_that_is_closed(met):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]

    why, told = met(port=port)

    assert (why, told.field) == (Why.CLOSED, "port")


def test_a_server_that_says_nothing(met, liar):
    liar.plan(Fault("black_hole", times=None))

    why, told = met(port=liar.port)

    assert (why, told.field) == (Why.SILENT, "port")


def test_a_certificate_that_signs_itself(met, dovecot):
    why, told = met(port=dovecot.tls_port, security="tls")

    assert (why, told.field) == (Why.CERTIFICATE, "host")
    assert "self-signed" in told.said.replace("self signed", "self-signed")
    assert "the password neither" in told.next


def test_a_certificate_for_another_name(met, dovecot, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))

    def everywhere(_host):
        return ("127.0.0.1",)

    why, told = met("imap.halden.test", dovecot.tls_port, "tls", connect_to=everywhere)

    assert (why, told.field) == (Why.CERTIFICATE, "host")
    assert "imap.halden.test" in told.said


def test_a_port_that_does_not_begin_with_tls(met, dovecot):
    why, told = met(port=dovecot.port, security="tls")

    assert (why, told.field) == (Why.NO_TLS, "security")


def test_a_server_that_does_not_switch_to_tls(met, dovecot):
    with Dovecot() as plain:
        why, told = met(port=plain.port, security="starttls")

    assert (why, told.field) == (Why.NO_STARTTLS, "security")
    assert "was not sent" in told.next


def test_a_password_is_not_sent_in_the_clear_to_another_machine(met):
    why, told = met("imap.halden.test", connect_to=lambda _host: ("203.0.113.9",))

    assert (why, told.field) == (Why.WANTS_TLS, "security")


def test_a_login_that_is_refused(met):
    why, told = met(password="wrong")

    assert (why, told.field) == (Why.LOGIN, "password")
    assert "AUTHENTICATIONFAILED" in told.said


@pytest.mark.parametrize("kind", ["auth_plain_no", "auth_bad"])
def test_a_login_that_is_refused_without_a_code(met, liar, kind):
    liar.plan(Fault(kind, times=None))

    _why, told = met(port=liar.port)

    assert told.what
    assert told.next


def test_a_server_that_lets_nobody_in_just_now(met, liar):
    liar.plan(Fault("auth_unavailable", times=None))

    why, told = met(port=liar.port)

    assert (why, told.field) == (Why.BUSY, "")


def test_a_server_that_says_goodbye_at_once(met, answering):
    port = answering(b"* BYE Too many connections from your network\r\n")

    why, told = met(port=port)

    assert (why, told.said) == (Why.BUSY, "Too many connections from your network")


@pytest.mark.parametrize(
    "banner",
    [
        b"SSH-2.0-OpenSSH_9.7 canary\r\n",
        b"220 mx.halden.test ESMTP canary\r\n",
        b"HTTP/1.1 400 Bad Request\r\nServer: canary\r\n\r\n",
        b"-ERR canary\r\n",
        b"J\x00\x00\x00\x0a8.0.36-canary\x00\n",
        b"canary = OK done\r\n",
        b"\n\n",
    ],
)
def test_what_is_no_imap_server_is_not_quoted(met, answering, banner):
    why, told = met(port=answering(banner))

    assert (why, told.field) == (Why.NO_IMAP, "port")
    assert "canary" not in repr(told)


def test_what_the_guard_refuses_is_told_beside_its_field(met):
    why, told = met("localhost", 993, guarded=True)
    assert (why, told.field) == (Why.PRIVATE, "host")
    assert "127.0.0.1" not in repr(told)

    why, told = met("localhost", 25, guarded=True)
    assert (why, told.field) == (Why.PORT, "port")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("[ALERT] Your account is not enabled for IMAP use.", Hint.IMAP_OFF),
        ("[ALERT] IMAP access is disabled for your domain.", Hint.IMAP_OFF),
        ("You are yet to enable IMAP for your account.", Hint.IMAP_OFF),
        ("LOGIN invalid credentials or IMAP is disabled sc=cYX", Hint.IMAP_OFF_OR_WRONG),
        ("[ALERT] Application-specific password required: https://x", Hint.APP_LOGIN),
        ("[AUTHENTICATIONFAILED] Application password is REQUIRED", Hint.APP_LOGIN),
        ("LOGIN failed. BasicAuthBlocked-538", Hint.NO_PASSWORDS),
        ("Basic authentication is disabled.", Hint.NO_PASSWORDS),
        ("[ALERT] Please log in via your web browser: http://x", Hint.IN_A_BROWSER),
        ("[WEBALERT https://x] Web login required.", Hint.IN_A_BROWSER),
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", None),
        ("", None),
    ],
)
def test_what_providers_say_is_understood(said, hint):
    assert obstacles.hint_of(said) is hint
    error = AuthorizationRevokedError("Words", why=Why.LOGIN, said=said)
    told = obstacles.explain(error)
    assert told.said == said
    assert told.field in ("password", "login", "")


@pytest.mark.parametrize("why", list(Why))
def test_nothing_is_left_without_words_and_a_next_step(why):
    told = obstacles.explain(SyncError("Words", why=why))

    assert told.what.endswith(".")
    assert told.next.endswith(".")


@pytest.mark.parametrize(
    ("why", "said", "words"),
    [
        (Why.CLOSED, "x:1 refused the connection", "The server does not answer on this port."),
        (Why.LOGIN, "x refuses the login: no", ""),
        (Why.LOGIN, "x: Your account is not enabled for IMAP use", "Switch it on in the mailbox"),
        (Why.OTHER, "x broke off", ""),
        (Why.KEY_MISSING, "No key opens it", "or its owner gives the password anew."),
        ("", "VAULT_KEYS", ""),
        ("of_tomorrow", "", ""),
    ],
)
def test_what_was_noted_with_a_mailbox_is_told_with_what_to_do(
    why: str, said: str, words: str
) -> None:
    told = obstacles.advice(why, said)

    assert words in told
    assert bool(told) == bool(words)
