"""What the manifests say is so: commands, parts, settings, ports, probes and files are there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from crm.base import settings
from crm.base.vault import Vault, make_key
from server import deployment, supervisor
from server.app import create_app
from server.cli.main import inlay
from server.embedded import daemons
from tests.house import yaml_subset
from tests.house.source import ROOT
from tests.house.test_settings import EXAMPLE, described

MANIFESTS = ROOT / "manifests"
KUBERNETES = sorted((MANIFESTS / "kubernetes").glob("*.yaml"))
KUSTOMIZED = yaml_subset.load_all((MANIFESTS / "kubernetes/kustomization.yaml").read_text())[0]
UNITS = sorted((MANIFESTS / "systemd").glob("*.service"))
COMPOSE = yaml_subset.load_all((MANIFESTS / "compose.yaml").read_text())[0]
SETTINGS = set(described(EXAMPLE.read_text()))
OURS = [name for name, said in COMPOSE["services"].items() if said["image"] == "inlay"]
STOPS_IN = supervisor._PATIENCE
#: What a unit may not do: gain rights, write elsewhere, see homes, share what it writes.
HARDENED = {"NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "UMask"}


def understood(words: list[str]) -> dict[str, Any]:
    """Return what the command would be given by these words. Raises click.UsageError."""
    context = inlay.make_context("inlay", list(words), resilient_parsing=False)
    while isinstance(context.command, click.Group):
        rest = [*context._protected_args, *context.args]
        _name, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = command.make_context(command.name, rest, parent=context)
    return context.params


def objects() -> list[dict[str, Any]]:
    """Return every object that Kubernetes is given."""
    found = [one for file in KUBERNETES for one in yaml_subset.load_all(file.read_text())]
    return [one for one in found if one["kind"] != "Kustomization"]


def pods() -> dict[str, dict[str, Any]]:
    """Return what runs in each deployment and job, by its name."""
    return {
        one["metadata"]["name"]: one for one in objects() if one["kind"] in ("Deployment", "Job")
    }


def container(name: str) -> dict[str, Any]:
    (only,) = pods()[name]["spec"]["template"]["spec"]["containers"]
    return only


def options(unit: Path) -> dict[str, list[str]]:
    """Return what a unit says: a key may stand more than once."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if line and line[0] not in "#[":
            key, _is, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_gmails_deployment_is_what_the_command_prints():
    said = json.loads((MANIFESTS / "gmail" / "deployment.json").read_text())

    assert said == deployment.manifest(
        settings.read({"ADDON_URL": "https://crm.example.com/addon"})
    )


@pytest.mark.parametrize("name", OURS)
def test_each_service_runs_a_command_of_ours(name):
    said = COMPOSE["services"][name]

    understood(said["command"])
    assert int(said.get("stop_grace_period", "99s").removesuffix("s")) > STOPS_IN
    if name != "migration":
        assert (said["read_only"], said["cap_drop"]) == (True, ["ALL"])


def test_the_services_of_compose_are_the_product():
    parts = [understood(COMPOSE["services"][name]["command"]).get("only", ()) for name in OURS]

    assert sorted(part for several in parts for part in several) == sorted(supervisor.PARTS)
    assert ["db", "upgrade"] in [COMPOSE["services"][name]["command"] for name in OURS]
    for said in COMPOSE["services"].values():
        assert set(said.get("depends_on", {})) <= set(COMPOSE["services"])
        assert set(said.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8025:8025"]


def test_what_compose_reads_is_written_by_the_script_once(tmp_path):
    script = MANIFESTS / "compose" / "make_settings.py"
    command = [sys.executable, script, tmp_path / "made"]
    first = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
    before = {path: path.read_bytes() for path in (tmp_path / "made").rglob("*") if path.is_file()}
    second = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)

    assert (first.returncode, first.stderr) == (0, b"")
    assert second.returncode == 1
    assert {path: path.read_bytes() for path in before} == before
    assert (tmp_path / "made").stat().st_mode & 0o77 == 0
    wanted = {Path(said["file"]).name for said in COMPOSE["secrets"].values()}
    wanted |= {Path(file).name for name in OURS for file in COMPOSE["services"][name]["env_file"]}
    assert wanted <= {path.name for path in before}
    lines = (tmp_path / "made/inlay.env").read_text() + (tmp_path / "made/owner.env").read_text()
    env = dict(line.split("=", 1) for line in lines.splitlines())
    assert set(env) <= SETTINGS
    read = settings.read(env)
    Vault(read.vault_keys)
    assert "DATABASE_OWNER_URL" not in (tmp_path / "made/inlay.env").read_text()
    hosts = {
        re.search(r"@([a-z]+)[:/]", url)[1]
        for name, url in env.items()
        if name.endswith("_URL") and "@" in url
    }
    assert hosts <= set(COMPOSE["services"])


@pytest.mark.parametrize("name", pods())
def test_each_pod_runs_a_command_of_ours_and_harms_nobody(name):
    pod, only = pods()[name]["spec"]["template"], container(name)

    understood(only["args"])
    grace = pod["spec"].get("terminationGracePeriodSeconds", 999)
    assert grace > STOPS_IN + 5
    assert pod["spec"]["securityContext"]["runAsNonRoot"]
    assert only["securityContext"]["readOnlyRootFilesystem"]
    assert only["resources"]["requests"]["memory"]
    assert only["resources"]["limits"]["memory"]
    if pods()[name]["kind"] == "Deployment":
        selected = pods()[name]["spec"]["selector"]["matchLabels"]
        assert selected.items() <= pod["metadata"]["labels"].items()


def test_the_deployments_are_the_product():
    parts = [understood(container(name)["args"]).get("only", ()) for name in pods()]

    assert sorted(part for several in parts for part in several) == sorted(supervisor.PARTS)
    assert container("inlay-migration")["args"] == ["db", "upgrade"]


def test_there_is_one_watcher_at_a_time():
    for name in ("inlay-watcher", "inlay-scheduler"):
        said = pods()[name]["spec"]
        assert (said["replicas"], said["strategy"]["type"]) == (1, "Recreate")


def test_the_owner_is_known_to_the_migration_alone():
    knows = {
        name
        for name in pods()
        for source in container(name)["envFrom"]
        if source.get("secretRef", {}).get("name") == "inlay-owner"
    }

    assert knows == {"inlay-migration"}


def test_pods_read_the_settings_that_are_made_for_them():
    names = {one["name"] for one in KUSTOMIZED["configMapGenerator"]}
    read = {
        source["configMapRef"]["name"]
        for name in pods()
        for source in container(name)["envFrom"]
        if "configMapRef" in source
    }

    assert read == names
    assert settings.read(given()).base_url == f"https://{host()}"


def given() -> dict[str, str]:
    """Return the settings that Kubernetes makes a ConfigMap of."""
    (made,) = KUSTOMIZED["configMapGenerator"]
    lines = [(MANIFESTS / "kubernetes" / name).read_text().splitlines() for name in made["envs"]]
    return dict(line.split("=", 1) for several in lines for line in several)


def host() -> str:
    """Return the name that the ingress answers to."""
    (ingress,) = (one for one in objects() if one["kind"] == "Ingress")
    (rule,) = ingress["spec"]["rules"]
    return str(rule["host"])


def test_nobody_is_let_in_by_leaving_out_who():
    """An empty selector is everybody: every pod of the cluster, or of the namespace."""
    selectors = [one for object_ in objects() for one in selected(object_)]

    assert {} not in selectors
    assert {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}} in selectors
    rules = [one["spec"].get("ingress", []) for one in objects() if one["kind"] == "NetworkPolicy"]
    assert all(rule.get("from") and rule.get("ports") for several in rules for rule in several)


def selected(part: object) -> Iterator[object]:
    """Find every selector inside of an object."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key.lower().endswith("selector"):
                yield value
            yield from selected(value)
    elif isinstance(part, list):
        for one in part:
            yield from selected(one)


def test_probes_ask_what_answers():
    app = create_app(settings.read({}), Vault([make_key()]))
    routes = app.url_map.bind("")
    web = container("inlay-web")

    asked = [web[probe]["httpGet"] for probe in web if probe.endswith("Probe")]
    assert {one["path"] for one in asked} == {"/livez", "/readyz"}
    for one in asked:
        assert routes.match(one["path"], method="GET")
        assert one["port"] in {port["name"] for port in web["ports"]}
    assert understood(web["args"])["port"] == web["ports"][0]["containerPort"]
    assert understood(web["args"])["host"] == supervisor.EVERYWHERE


def test_every_setting_and_every_name_is_known():
    found = {one["kind"]: one for one in objects()}
    said = set(given())
    said |= {e["name"] for name in pods() for e in container(name).get("env", [])}

    assert said <= SETTINGS
    for unit in UNITS:
        assert {e.partition("=")[0] for e in options(unit).get("Environment", [])} <= SETTINGS
    files = {file.name for file in KUBERNETES} - {"kustomization.yaml", "migration.yaml"}
    assert set(KUSTOMIZED["resources"]) == files
    backend = found["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == found["Service"]["metadata"]["name"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_unit_runs_a_command_of_ours_and_is_bound(unit):
    said = options(unit)
    (line,) = said["ExecStart"]
    for part in supervisor.PARTS if "%i" in line else [""]:
        program, *words = shlex.split(line.replace("%i", part))
        assert program == "/opt/inlay/.venv/bin/inlay"
        understood(words)

    assert set(said) >= HARDENED
    assert said["User"] == ["inlay"]
    assert said["Environment"] == [f"DATA_DIR=/var/lib/{said['StateDirectory'][0]}"]
    if said["Type"] != ["oneshot"]:
        # Only the whole brings servers along, and has to stop them too.
        servers = 0 if "%i" in line else 2 * daemons.MANNERS
        assert int(said["TimeoutStopSec"][0]) > STOPS_IN + servers
        assert (said["KillMode"], said["KillSignal"]) == (["mixed"], ["SIGTERM"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        name = unit.name.replace("@", "@web")
        there = unit.read_text().replace("/opt/inlay/.venv/bin/inlay", sys.executable)
        (tmp_path / name).write_text(there)

    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_image_holds_what_it_runs():
    lines = (MANIFESTS / "Dockerfile").read_text().splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]

    assert [name for name in copied if not (ROOT / name).exists()] == []
    needed = {"crm", "sync", "addon", "server", "pyproject.toml", "requirements.lock"}
    assert needed | {"manifests/running.py", "manifests/building.lock"} <= set(copied)
    (run,) = (json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD "))
    understood(run)


def test_what_the_papers_name_is_there():
    for paper in [*MANIFESTS.rglob("README.md")]:
        for name in _files_named(paper.read_text()):
            folders = (paper.parent, ROOT, MANIFESTS)
            assert any((folder / name).exists() for folder in folders), (paper, name)


def _files_named(text: str) -> Iterator[str]:
    yield from re.findall(r"`((?:\.\./)?[\w./-]+\.(?:md|yaml|json|py|service))`", text)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1",
        "a: |\n  b",
        "a:\n\tb: 1",
        "a: 1\na: 2",
        "- a\n  b: 1",
        "a: [1",
        "a: {b: 1}",
        "",
        "a",
    ],
)
def test_yaml_that_we_do_not_write_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        yaml_subset.load_all(text)


def test_the_yaml_that_we_write_is_read():
    text = '# A comment.\na:\n  - b: 1\n    c: [x, "y, z"]\n  - "d"\ne: {}\nf: "1"\ng: a:b\n'
    text += "---\nh: true\n"

    assert yaml_subset.load_all(text) == [
        {"a": [{"b": 1, "c": ["x", "y, z"]}, "d"], "e": {}, "f": "1", "g": "a:b"},
        {"h": True},
    ]
