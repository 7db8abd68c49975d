"""The deployment is one that Google takes, and leads to what is there."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
from werkzeug.routing import RequestRedirect

from addon.actions import ENTRIES
from crm.base import settings
from crm.base.vault import Vault, make_key
from server import deployment
from server.app import create_app
from server.auth import google
from tests.house.source import ROOT, modules

SCHEMA = json.loads((Path(__file__).parents[1] / "house/addon_deployment.json").read_text())
SETTINGS = settings.read({"ADDON_URL": "https://crm.example.com/addon"})
AUTH = "https://www.googleapis.com/auth/"


def addresses(said) -> dict[str, list[str]]:
    """Return every address of a deployment, by the key that holds it."""
    found: dict[str, list[str]] = {}

    def walk(value, key=""):
        if isinstance(value, dict):
            for name, part in value.items():
                walk(part, name)
        elif isinstance(value, list):
            for part in value:
                walk(part, key)
        elif isinstance(value, str) and "://" in value and key != "oauthScopes":
            found.setdefault(key, []).append(value)

    walk(said)
    return found


def faults(said) -> list[str]:
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(said)
    return [f"{fault.json_path}: {fault.message}" for fault in found]


def test_google_knows_every_key_and_takes_every_value():
    assert faults(deployment.manifest(SETTINGS)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(etag=1),
        lambda said: said["addOns"]["common"].pop("logoUrl"),
        lambda said: said["addOns"]["common"].update(logoUrl="https://x.test/logo.svg"),
        lambda said: said["addOns"]["common"]["universalActions"][0].update(text="x"),
        lambda said: said["addOns"]["common"].update(openLinkUrlPrefixes=["https://x.test"]),
        lambda said: said["addOns"]["gmail"]["composeTrigger"].update(draftAccess="ALL"),
        lambda said: said["addOns"]["gmail"]["composeTrigger"].update(selectActions=[]),
        lambda said: said["addOns"]["gmail"]["contextualTriggers"][0].pop("unconditional"),
        lambda said: said["addOns"]["httpOptions"].update(authorizationHeader="BEARER"),
    ],
)
def test_what_google_would_refuse_is_seen(change):
    said = deployment.manifest(SETTINGS)
    change(said)

    assert faults(said)


def test_every_address_is_a_route_of_ours():
    app = create_app(SETTINGS, Vault([make_key()]))
    routes = app.url_map.bind("crm.example.com", url_scheme="https")
    found = addresses(deployment.manifest(SETTINGS))
    calls = found.pop("runFunction") + found.pop("onTriggerFunction")

    for url in calls:
        endpoint, values = routes.match(urlsplit(url).path, method="POST")
        assert endpoint == "addon.call"
        assert values["function"] in ENTRIES
    for url in [url for several in found.values() for url in several]:
        try:
            routes.match(urlsplit(url).path, method="GET")
        except RequestRedirect as redirect:
            raise AssertionError(url) from redirect
    assert {urlsplit(url).path.removeprefix("/addon/") for url in calls} == set(ENTRIES)


def test_the_logo_is_a_picture_that_is_served_to_everybody():
    client = create_app(SETTINGS, Vault([make_key()])).test_client()
    (logo,) = addresses(deployment.manifest(SETTINGS))["logoUrl"]

    with client.get(urlsplit(logo).path) as answer:
        assert (answer.status_code, answer.content_type) == (200, "image/png")
        assert answer.data.startswith(b"\x89PNG")


def test_the_scopes_are_the_doors_and_no_wider():
    asked = deployment.manifest(SETTINGS)["oauthScopes"]

    assert asked == list(google.SCOPES)
    assert all(re.match(r"to |which |who |in which ", why) for why in google.SCOPES.values())
    assert google.NAMING in asked
    assert f"{AUTH}gmail.addons.current.message.readonly" not in asked
    assert [
        s
        for s in asked
        if not s.startswith(
            (f"{AUTH}gmail.addons.", f"{AUTH}userinfo.email", f"{AUTH}script.locale")
        )
    ] == []


def test_each_scope_that_a_trigger_needs_is_asked_for():
    said = deployment.manifest(SETTINGS)

    assert said["addOns"]["gmail"]["composeTrigger"]["draftAccess"] == "METADATA"
    for needed in ("current.action.compose", "current.message.metadata", "execute"):
        assert f"{AUTH}gmail.addons.{needed}" in said["oauthScopes"]
    assert said["addOns"]["common"]["useLocaleFromApp"]
    assert f"{AUTH}script.locale" in said["oauthScopes"]


def test_the_paper_says_of_each_scope_what_it_is_for():
    paper = (ROOT / "docs" / "connecting-gmail-addon.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z._]+)` \| (.+) \|$", paper, re.MULTILINE))

    said = {
        AUTH + name: why.replace("'", "’")
        for name, why in rows.items()
        if AUTH + name in google.SCOPES
    }
    assert said == google.SCOPES


def test_no_other_module_spells_a_scope():
    spelt = {
        source.path
        for source in modules("server", "addon", "sync", "crm")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and AUTH in str(node.value)
        if not source.path.startswith("server/demo/gmail/")  # It stands in for Google.
    }

    # The add-on's, and what a mailbox is read by.
    assert spelt == {"server/auth/google.py", "sync/google.py"}


@pytest.mark.parametrize(
    ("environ", "calls", "opens"),
    [
        ({"BASE_URL": "https://a.test"}, "https://a.test/addon", "https://a.test"),
        ({"BASE_URL": "https://a.test/"}, "https://a.test/addon", "https://a.test"),
        ({"ADDON_URL": "https://g.test/addon/"}, "https://g.test/addon", "https://g.test"),
        (
            {"ADDON_URL": "https://g.test:8443/x/addon", "BASE_URL": "https://a.test/crm"},
            "https://g.test:8443/x/addon",
            "https://a.test/crm",
        ),
        (
            {"ADDON_URL": "https://g.test/addon", "BASE_URL": "http://127.0.0.1:8025"},
            "https://g.test/addon",
            "https://g.test",
        ),
    ],
)
def test_google_calls_addon_url_and_people_open_the_web_app(environ, calls, opens):
    read = settings.read(environ)

    said = deployment.manifest(read)

    assert faults(said) == []
    found = addresses(said)
    assert set(found["onTriggerFunction"]) == {f"{calls}/message"}
    assert found["onTriggerFunction"] == [f"{read.addon_base}/message"], "the audience of the door"
    assert found["openLinkUrlPrefixes"] == [f"{opens}/"]
    assert found["logoUrl"] == [f"{opens}/static/logo.png"]


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/addon",
        "crm.example.com/addon",
        "https:///addon",
        "https://crm.example.com/addon?x=1",
        "https://crm.example.com/addon#x",
        "https://ana@crm.example.com/addon",
        "https://crm.example.com:99999/addon",
        "https://crm example.com/addon",
        "https://crm.žluť.test/addon",
        "https://[::1/addon",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_gmail_would_not_call_is_refused(url):
    with pytest.raises(deployment.UnreachableAddressError, match="https") as refused:
        deployment.manifest(settings.read({"ADDON_URL": url}))

    assert refused.value.hint.startswith("ADDON_URL=https://")
