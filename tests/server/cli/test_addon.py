"""`inlay addon manifest`: JSON for gcloud; nothing is opened, nothing is made."""

from __future__ import annotations

from dataclasses import replace

from crm.base import settings
from server import deployment
from tests.commands import Inlay


def bare(shared, tmp_path, **more):
    """Open a terminal where there is no database, no queue, no keys and no place for them."""
    nowhere = replace(
        shared,
        data_dir=tmp_path / "none",
        database_url="",
        redis_url="",
        database_owner_url="",
        secret_key="",
        vault_keys=(),
    )
    return Inlay(nowhere, more)


def test_it_prints_the_deployment_and_opens_nothing(shared, tmp_path):
    here = {"ADDON_URL": "https://crm.example.com/addon"}
    inlay = bare(shared, tmp_path, **here)

    ended = inlay.apart("addon", "manifest")

    assert (ended.code, ended.err) == (0, "")
    assert ended.json == deployment.manifest(settings.read(here))
    assert not (tmp_path / "none").exists()
    assert inlay("addon", "manifest", "--json").json == ended.json


def test_without_an_https_address_it_says_what_to_set(shared, tmp_path):
    ended = bare(shared, tmp_path).apart("addon", "manifest", "--json")

    assert (ended.code, ended.raw) == (1, b"")
    assert ended.error["kind"] == "invalid"
    assert "http://127.0.0.1:8025/addon" in ended.error["message"]
    assert ended.error["hint"] == "ADDON_URL=https://crm.example.com/addon"


def test_whatever_is_spoken_here_the_deployment_is_the_same(shared, tmp_path):
    here = {"ADDON_URL": "https://crm.example.com/addon"}
    english = bare(shared, tmp_path, LC_ALL="C.UTF-8", **here).apart("addon", "manifest")
    czech = bare(shared, tmp_path, LC_ALL="cs_CZ.UTF-8", **here).apart("addon", "manifest")

    assert english.raw == czech.raw
