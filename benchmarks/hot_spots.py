"""Where the time of taking in goes: by function of the worker, and by statement of PostgreSQL.

    python -m benchmarks hot-spots

The profiler slows the worker down, so its figures are shares and not speeds.
"""

from __future__ import annotations

import pstats
import sys
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks import house, taking_in
from server import embedded

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.house import House
    from benchmarks.mail_server import MailServer

TUNING = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_planning": "on",
    "pg_stat_statements.max": "5000",
}
_STATEMENTS = """
select total_exec_time + total_plan_time, total_plan_time, calls, rows, query
from pg_stat_statements order by 1 desc limit %s
"""


def look(source: MailServer | Path) -> dict[str, Any]:
    """Take a mailbox in under both profilers."""
    with house.opened(tuning=TUNING) as fresh:
        house.furnish(fresh)
        taking_in.connect(fresh, source)
        with _admin(fresh) as admin:
            admin.execute("create extension pg_stat_statements")
            admin.execute("select pg_stat_statements_reset()")
        profile = fresh.data_dir / "profile"
        words = ("-m", "cProfile", "-o", str(profile), str(house.INLAY), "sync", "--json")
        ran = house.run((sys.executable, *words), fresh)
        count = ran.shape["mailboxes"][0]["stored"]
        with _admin(fresh) as admin:
            rows = admin.execute(_STATEMENTS, (25,)).fetchall()
        return {
            "stored": count,
            "functions": _functions(profile, count),
            "statements": [
                {
                    "ms_per_thousand": round(total * 1000 / count, 2),
                    "planning": round(planning * 1000 / count, 2),
                    "calls": calls,
                    "rows": touched,
                    "statement": " ".join(query.split())[:160],
                }
                for total, planning, calls, touched, query in rows
            ],
        }


def _admin(fresh: House) -> psycopg.Connection[Any]:
    url = embedded.admin_url(fresh.data_dir).replace("/postgres?", "/inlay?")
    return psycopg.connect(url, autocommit=True)


def _functions(profile: Path, count: int) -> list[dict[str, Any]]:
    stats: Any = pstats.Stats(str(profile))
    found = sorted(stats.stats.items(), key=lambda one: -one[1][2])[:40]
    return [
        {
            "ms_per_thousand": round(own * 1000 * 1000 / count, 1),
            "with_callees": round(whole * 1000 * 1000 / count, 1),
            "calls": calls,
            "function": f"{place.rpartition('site-packages/')[2]}:{line} {name}",
        }
        for (place, line, name), (_, calls, own, whole, _) in found
    ]
