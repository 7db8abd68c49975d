"""`inlay up`: the whole product in one house, until it is told to stop."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
import urllib.request
from dataclasses import replace

import psutil
import pytest

from server import supervisor
from tests import product
from tests.commands import Inlay
from tests.conftest import environment


def up(house, port, *words):
    """Run the product, and end it if it still runs."""
    given = ("--port", str(port), "--workers", "1", *words)
    return product.started("up", *given, env=environment(house))


@pytest.fixture
def port():
    return product.free_port()


def test_up_serves_and_leaves_no_process_behind(house, port):
    with up(house, port) as process:
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        ready = answered(f"http://127.0.0.1:{port}/readyz")
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        code = process.wait(60)

    assert (ready, code) == (200, 0)
    assert time.monotonic() - told < supervisor._PATIENCE, "somebody had to be killed"
    assert len(family) >= 3
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_nobody_goes_on_serving_without_a_parent(house, port):
    with up(house, port, "--json") as process:
        document = "".join(process.stdout.readline() for _ in range(3))
        assert json.loads(document) == {"url": f"http://127.0.0.1:{port}"}
        web = next(c for c in psutil.Process(process.pid).children() if "granian" in c.cmdline())
        serving = web.children(recursive=True)
        assert serving

        web.kill()
        _gone, orphans = psutil.wait_procs(serving, timeout=10)
        again = answered(f"http://127.0.0.1:{port}/readyz")
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        _gone, left = psutil.wait_procs(family, timeout=20)

    assert orphans == []
    assert again == 200
    assert left == []


def test_each_part_runs_apart_and_all_of_them_are_the_product(house, port):
    """Four supervisors, as on four machines: the web alone listens, and mail comes in."""
    parts = ("web", "workers", "scheduler", "watcher")
    with contextlib.ExitStack() as stack:
        begun = {
            part: stack.enter_context(up(house, port, "--json", "--only", part)) for part in parts
        }
        told = {part: json.loads(document(process)) for part, process in begun.items()}
        listening = {part: ports(process) for part, process in begun.items()}
        ready = answered(f"http://127.0.0.1:{port}/readyz")
        codes = {}
        for part, process in begun.items():
            process.send_signal(signal.SIGTERM)
            codes[part] = process.wait(60)

    assert told.pop("web") == {"url": f"http://127.0.0.1:{port}"}
    assert told["scheduler"] == {"running": ["scheduler"]}
    assert told["watcher"] == {"running": ["watcher"]}
    assert told["workers"]["running"][0].startswith("worker-")
    assert ready == 200
    assert listening == {"web": {port}, "workers": set(), "scheduler": set(), "watcher": set()}
    assert set(codes.values()) == {0}


def test_a_container_is_reached_from_outside(house, port):
    with up(house, port, "--json", "--only", "web", "--host", "0.0.0.0") as process:
        document(process)
        children = psutil.Process(process.pid).children(recursive=True)
        hosts = {
            c.laddr.ip
            for one in children
            for c in one.net_connections("tcp4")
            if c.status == psutil.CONN_LISTEN
        }

    assert hosts == {"0.0.0.0"}


def test_who_sends_slowly_is_in_nobodys_way_who_reads(house, port):
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\na"
    with up(house, port, "--json", "--only", "web") as process, contextlib.ExitStack() as stack:
        document(process)
        for _ in range(160):  # More than there are threads.
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(head)

        assert answered(f"http://127.0.0.1:{port}/sign-in") == 200
        other = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        other.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")  # There a body needs no length.
        assert not other.recv(9).startswith(b"\x00\x00")


@pytest.mark.parametrize("only", ["", "web,", "king", "workers web", "Web"])
def test_a_part_that_is_none_is_refused_before_anything_starts(inlay, only):
    ended = inlay("up", "--only", only, "--json")

    assert (ended.code, ended.raw) == (2, b"")
    assert "web, scheduler, watcher, workers" in ended.error["message"]


@pytest.mark.parametrize("unset", ["database_url", "redis_url"])
def test_a_part_alone_brings_no_servers_along(house, tmp_path, unset):
    lacking = replace(house, **{"data_dir": tmp_path / "state", unset: ""})
    ended = Inlay(lacking, {})("up", "--only", "web", "--json")

    assert (ended.code, ended.raw) == (1, b"")
    assert ended.error["kind"] == "invalid"
    assert unset.upper() in ended.error["message"]
    assert not lacking.data_dir.exists()


def document(process):
    """Read the one document that is told when all is ready."""
    lines = []
    while not lines or lines[-1] != "}\n":
        lines.append(process.stdout.readline())
    return "".join(lines)


def ports(process):
    """Return on which ports a process or any that it started listens."""
    family = psutil.Process(process.pid).children(recursive=True)
    return {
        line.laddr.port
        for one in family
        for line in one.net_connections("tcp4")
        if line.status == psutil.CONN_LISTEN
    }


def test_a_port_that_is_taken_is_refused_before_anything_starts(inlay):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = str(stranger.getsockname()[1])
        for command in ("up", "demo"):
            ended = inlay(command, "--port", port, "--json")

            assert (ended.code, ended.raw) == (1, b"")
            assert ended.error["kind"] == "conflict"
            assert "--port" in ended.error["message"]


def answered(url):
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
        time.sleep(0.1)
    return 0
