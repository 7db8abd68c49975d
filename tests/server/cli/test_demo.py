"""`inlay demo` keeps to its own place, and says how to get in."""

from __future__ import annotations

from pathlib import Path

from server.cli import demo


def test_the_demo_lives_beside_the_real_thing_and_never_in_it():
    assert demo._place(Path("/var/lib/inlay")) == Path("/var/lib/inlay/demo")
    assert demo._place(Path("/var/lib/inlay/demo")) == Path("/var/lib/inlay/demo")


def test_a_port_that_is_none_is_wrong_usage(inlay):
    assert inlay("demo", "--port", "0").code == 2
    assert inlay("up", "--port", "70000").code == 2
