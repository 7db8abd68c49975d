"""What Gmail's answers mean, and what people are told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError
from httplib2 import Response

from crm.base import clock
from server.demo.gmail import App, Fault, GmailServer, Mailbox
from sync import errors
from sync.connecting import obstacles
from sync.sources.gmail import GmailLogin, listing, words
from sync.sources.gmail.client import Client
from tests.soon import LONG, soon

ADDRESS = "ana@halden.test"
APP = App("Inlay", "inlay.apps.test", "secret", ("http://127.0.0.1/back",))


def invited(google: GmailServer, **more: object) -> GmailLogin:
    """Return a login by a consent."""
    google.register(APP)
    held = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=google.refresh_token(ADDRESS, APP.client_id),
        token_uri=google.token_url,
        client_id=APP.client_id,
        client_secret=APP.client_secret,
    )
    return GmailLogin(ADDRESS, held, google.url, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("403_daily", errors.QuotaError),
        ("403_domain", errors.NotAdmittedError),
        ("403_off", errors.NotAdmittedError),
        ("400_no_mail", errors.NotAdmittedError),
        ("404_once", errors.MessageGoneError),
        ("500", errors.SourceUnavailableError),
        ("502_html", errors.SourceUnavailableError),
        ("truncated_json", errors.SourceUnavailableError),
        ("cut", errors.SourceUnavailableError),
        ("cut_before", errors.SourceUnavailableError),
    ],
)
def test_what_stays_wrong_is_said_in_our_words(
    client: Client, google: GmailServer, monkeypatch: pytest.MonkeyPatch, kind: str, error: type
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.time.sleep", lambda _seconds: None)
    google.plan(Fault(kind, times=None))

    with pytest.raises(error) as told:
        listing.profile(client)

    assert type(told.value) is error
    assert str(told.value).endswith((".", ")"))


def test_a_token_that_is_refused_time_and_again_is_a_consent_that_ended(
    google: GmailServer, account: Mailbox
) -> None:
    client = Client(invited(google))
    google.plan(Fault("401", times=None))

    with pytest.raises(errors.ConsentRevokedError, match="no longer lets us"):
        listing.profile(client)
    client.close()


def test_a_limit_that_holds_for_long_is_told_at_once(client: Client, google: GmailServer) -> None:
    google.plan(Fault("429", times=None, retry_after=LONG))

    with soon(), pytest.raises(errors.QuotaError):
        listing.profile(client)


def test_a_server_that_says_nothing_is_not_waited_for(
    login: GmailLogin, google: GmailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.sources.gmail.client.TRIES", 1)
    google.plan(Fault("hang", times=None))
    client = Client(login, timeout=0.3)

    with soon(), pytest.raises(errors.SourceUnavailableError, match="in time"):
        listing.profile(client)
    client.close()


def test_a_scope_that_was_not_ticked_is_told_as_that(google: GmailServer, account: Mailbox) -> None:
    token = google.token(ADDRESS, ["https://www.googleapis.com/auth/gmail.labels"])
    client = Client(GmailLogin(ADDRESS, Credentials(token), google.url))  # type: ignore[no-untyped-call]

    with pytest.raises(errors.ScopeMissingError, match="boxes ticked"):
        listing.profile(client)
    client.close()


def test_a_consent_that_was_taken_back_is_not_one_that_ran_out(
    google: GmailServer, account: Mailbox
) -> None:
    revoked = Client(invited(google))
    ran_out = Client(invited(google, consent_ends=clock.now() - timedelta(hours=1)))
    google.revoke(ADDRESS)

    with pytest.raises(errors.ConsentRevokedError, match="taken back"):
        listing.profile(revoked)
    with pytest.raises(errors.ConsentExpiredError, match="for some days"):
        listing.profile(ran_out)
    revoked.close()
    ran_out.close()


@pytest.mark.parametrize("kind", ["token_500"])
def test_a_token_that_is_not_given_just_now_asks_nobody_for_consent(
    google: GmailServer, account: Mailbox, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    client = Client(invited(google))
    google.plan(Fault(kind, times=None))

    with pytest.raises(errors.SourceUnavailableError) as told:
        listing.profile(client)

    assert told.value.code == "unreachable"
    client.close()


def test_a_service_account_without_the_domain_s_leave_is_told_what_to_do() -> None:
    error = RefreshError("no", {"error": "unauthorized_client"})  # type: ignore[no-untyped-call]

    told = words.translate(ADDRESS, error)

    assert isinstance(told, errors.ScopeMissingError)
    assert "Admin console" in str(told)


@pytest.mark.parametrize(
    ("kind", "why", "advice"),
    [
        ("403_domain", errors.Why.DOMAIN, "App access control"),
        ("403_off", errors.Why.API_OFF, "APIs & Services"),
        ("400_no_mail", errors.Why.NO_MAIL, "Admin console"),
    ],
)
def test_what_an_admin_has_settled_is_told_with_what_to_change_and_asked_once(
    client: Client, google: GmailServer, kind: str, why: errors.Why, advice: str
) -> None:
    google.plan(Fault(kind, times=None))

    with pytest.raises(errors.NotAdmittedError, match=advice) as told:
        listing.profile(client)

    assert (told.value.why, len(google.calls)) == (why, 1)
    assert advice in obstacles.advice(told.value.why, str(told.value))


@pytest.mark.parametrize("word", ["invalid_client", "deleted_client", "admin_policy_enforced"])
def test_a_token_that_an_admin_must_mend_asks_no_user_for_consent(word: str) -> None:
    error = RefreshError("no", {"error": word, "error_description": "Unauthorized"})  # type: ignore[no-untyped-call]

    told = words.translate(ADDRESS, error)

    assert isinstance(told, errors.NotAdmittedError)
    assert told.said == "Unauthorized"
    assert ADDRESS in str(told)


def test_an_error_tells_the_answer_that_it_was_made_of(client: Client, google: GmailServer) -> None:
    google.plan(Fault("403_daily", times=None))
    with pytest.raises(errors.QuotaError) as told:
        listing.profile(client)
    assert words.answer_of(told.value) == (403, "Daily Limit Exceeded")
    assert words.wait_told(told.value) == 0

    google.plan(Fault("429", times=None, retry_after=3600))
    with pytest.raises(errors.QuotaError) as told:
        listing.profile(client)
    assert words.answer_of(told.value)[0] == 429
    assert 3590 < words.wait_told(told.value) <= 3600
    assert words.answer_of(errors.SyncError()) == (0, "")
    assert words.wait_told(errors.SyncError()) == 0


def told(status: int, reason: str, message: str = "", **headers: str) -> HttpError:
    """Make what the library raises of an answer."""
    body = {"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}
    return HttpError(Response({"status": str(status), **headers}), json.dumps(body).encode())


UNTIL = (clock.EPOCH + timedelta(days=40000)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.parametrize(
    ("error", "rest"),
    [
        (told(429, "rateLimitExceeded"), 0.25),
        (told(403, "userRateLimitExceeded"), 0.25),
        (told(429, "rateLimitExceeded", **{"retry-after": "2"}), 2.0),
        (told(429, "rateLimitExceeded", **{"retry-after": "600"}), None),
        (told(429, "rateLimitExceeded", f"Exceeded.  Retry after {UNTIL}"), None),
        (told(503, "backendError"), 0.25),
        (HttpError(Response({"status": "502"}), b"<html>Bad Gateway</html>"), 0.25),
        (TimeoutError(), 0.25),
        (told(403, "dailyLimitExceeded"), None),
        (told(403, "domainPolicy"), None),
        (told(404, "notFound"), None),
    ],
)
def test_how_long_to_wait_is_decided_by_what_gmail_says(
    error: Exception, rest: float | None
) -> None:
    assert words.rest_of(error, 1, 0.5, longest=6.0) == rest


def test_whoever_fails_again_waits_for_longer_and_never_for_ever() -> None:
    rests = [words.rest_of(TimeoutError(), n, 1.0, longest=6.0) for n in range(1, 7)]

    assert rests == [0.5, 1.0, 2.0, 3.0, 3.0, 3.0]


def test_a_moment_that_gmail_names_is_counted_from_now() -> None:
    soon_after = clock.now() + timedelta(seconds=30)
    said = (
        f"User-rate limit exceeded.  Retry after {soon_after:%Y-%m-%dT%H:%M:%S.123Z} (Mail sending)"
    )

    assert 28 < words.wait_of(told(429, "rateLimitExceeded", said)) <= 31
    assert words.wait_of(told(429, "rateLimitExceeded", "Retry after tea")) == 0
