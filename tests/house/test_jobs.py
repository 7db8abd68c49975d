"""Every job of the table is a plain function of ids, and says that it may run twice."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from uuid import UUID

import pytest

from crm.base import queues
from tests.house.source import Source, assert_holds, dotted, modules, planted


def is_no_job(name: str, function: object, ids: int) -> Iterator[str]:
    """Refuse what a worker could not run by name, with ids for all its arguments."""
    if not inspect.isfunction(function):
        yield f"{name} is no plain function"
        return
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        yield f"{name} is no plain function: it would only begin"
    if function.__name__ != name.rpartition(".")[2] or "<locals>" in function.__qualname__:
        yield f"{name} goes by another name at home"
    parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            yield f"{name}: {parameter} is no plain argument"
        if not parameter.name.endswith("_id"):
            yield f"{name}: {parameter.name} is no id"
        if parameter.annotation not in ("str", str, "UUID", UUID):
            yield f"{name}: {parameter} does not travel as JSON"
        if parameter.default is not parameter.empty:
            yield f"{name}: {parameter} may be left out"
    if len(parameters) != ids:
        yield f"{name} takes {len(parameters)} ids, and the table says {ids}"
    if inspect.signature(function).return_annotation not in ("None", None):
        yield f"{name} returns something that nobody takes"


def resolved(name: str) -> object:
    """Return what a dotted name leads to."""
    module, _, function = name.rpartition(".")
    return getattr(import_module(module), function, None)


@pytest.mark.parametrize("name", sorted(queues.JOBS))
def test_a_job_is_a_plain_function_of_ids(name):
    assert list(is_no_job(name, resolved(name), queues.JOBS[name])) == []


def test_jobs_live_in_one_module():
    assert {name.rpartition(".")[0] for name in queues.JOBS} == {"sync.jobs"}


def test_every_job_that_is_asked_for_is_in_the_table():
    assert_holds(asks_for_no_job, modules())


def asks_for_no_job(source: Source) -> Iterator[str]:
    """Refuse a request for a job that no worker would run."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in ("queues.enqueue", "queues.hint"):
            named = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if len(named) != 1 or named[0] not in queues.JOBS:
                yield source.at(node, f"{dotted(node.func)}: {named} is in no table")


def test_a_job_that_is_in_no_table_is_refused():
    asked = 'queues.enqueue(session, "os.system", workspace_id)'

    assert list(asks_for_no_job(planted(asked)))
    assert list(asks_for_no_job(planted("queues.hint(job, workspace_id)")))
    assert not list(asks_for_no_job(planted('queues.hint("sync.jobs.sync_mailbox", a, b)')))


def _good(workspace_id: str, mailbox_id: str) -> None:
    """Take it."""


def _no_id(workspace_id: str, address: str) -> None:
    """Take it."""


def _object(workspace_id: str, mailbox_id: dict[str, str]) -> None:
    """Take it."""


def _left_out(workspace_id: str, mailbox_id: str = "") -> None:
    """Take it."""


def _returns(workspace_id: str, mailbox_id: str) -> int:
    """Take it."""
    return 1


def _many(*workspace_id: str) -> None:
    """Take it."""


def _generator(workspace_id: str, mailbox_id: str) -> Iterator[None]:
    """Take it."""
    yield


async def _coroutine(workspace_id: str, mailbox_id: str) -> None:
    """Take it."""


class _Callable:
    def __call__(self, workspace_id: str, mailbox_id: str) -> None:
        """Take it."""


@pytest.mark.parametrize(
    "function",
    [_no_id, _object, _left_out, _returns, _many, _generator, _coroutine, _Callable(), None, print],
)
def test_what_is_no_job_is_refused(function: Callable[..., object] | None):
    name = getattr(function, "__name__", "job")

    assert list(is_no_job(f"sync.jobs.{name}", function, 2))


def test_a_job_is_not():
    assert not list(is_no_job("sync.jobs._good", _good, 2))
    assert list(is_no_job("sync.jobs._good", _good, 1))
    assert list(is_no_job("sync.jobs.other", _good, 2))


def test_a_name_that_leads_nowhere_is_refused():
    assert resolved("sync.errors.no_such_job") is None
    assert list(is_no_job("sync.errors.no_such_job", resolved("sync.errors.no_such_job"), 2))
