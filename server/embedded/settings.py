"""What the embedded PostgreSQL is told: fitted to the machine, and silent about people.

They are given on the command line: nothing of ours lies among the server's own files.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from server.embedded.place import Place

MB = 1 << 20

ALWAYS = {
    # Who may come in.
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    # How it plans and writes.
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_compression": "pglz",  # The wheel has no lz4.
    "checkpoint_timeout": "15min",
    "track_io_timing": "off",
    "default_text_search_config": "pg_catalog.simple",
    "timezone": "UTC",
    # A worker that stopped lets go of its locks.
    "idle_in_transaction_session_timeout": "60s",
    # The log knows when the server came and went, and nothing that a customer wrote: errors, their
    # details and their statements carry values, and the program logs its own.
    "logging_collector": "off",
    "log_timezone": "UTC",
    "log_min_messages": "log",  # LOG, FATAL and PANIC; ERROR is below.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


def settings_for(place: Place) -> dict[str, str]:
    """Return PostgreSQL's settings for a place on this machine."""
    memory = _memory()
    free = shutil.disk_usage(place.root).free
    fitted = {
        "unix_socket_directories": f'"{place.sockets}"',  # A list: quoted for the sake of commas.
        "shared_buffers": _megabytes(memory // 4, 32, 1024),
        "effective_cache_size": _megabytes(memory // 2, 64, 65536),
        "maintenance_work_mem": _megabytes(memory // 16, 32, 512),
        "max_wal_size": _megabytes(free // 10, 256, 8192),
    }
    # A container has 64 MB there unless told otherwise; parallel queries would fail in it.
    with suppress(FileNotFoundError):
        if shutil.disk_usage("/dev/shm").total < 512 * MB:  # noqa: S108 - Only looked at.
            fitted["dynamic_shared_memory_type"] = "sysv"
    return ALWAYS | fitted


def _memory() -> int:
    """Count the bytes that this machine, or this container, has."""
    limits = [psutil.virtual_memory().total]
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):  # cgroup 2, cgroup 1
        with suppress(OSError, ValueError):  # "max" is no number.
            limits.append(int(Path("/sys/fs/cgroup", limit).read_text()))
    return min(limits)


def _megabytes(size: int, least: int, most: int) -> str:
    return f"{max(least, min(size // MB, most))}MB"
