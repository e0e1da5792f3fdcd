"""`corpusmill status`: what the last runs did at each stage, what is published, and who is writing now."""

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

from corpusmill.jobs import light, versions
from corpusmill.schemas.stages import STAGES

FUNNEL = ("stage", "n_in", "n_kept", "n_dropped", "n_quarantined", "n_done", "seconds", "run_id")


def status(warehouse: str) -> dict[str, Any]:
    """State of a warehouse.

    stages: the last run of each stage, in order, counts of the whole dataset; latest: the newest version or None;
    running: who writes now, or None; interrupted: the run that was killed before it ended, or None.
    Raises UserError where no run has ended a stage yet.
    """
    last: dict[str, dict[str, Any]] = {}
    for row in light.rows(light.open_table(warehouse, "stage_runs"), [*FUNNEL, "finished_at"]):
        if row["stage"] not in last or last[row["stage"]]["finished_at"] <= row["finished_at"]:
            last[row["stage"]] = row
    writer = writing(warehouse)
    published = versions.published(warehouse)
    latest = published[-1] if published else None
    return {
        "warehouse": warehouse,
        "latest": latest and {"version": versions.label(latest), "created": _moment(latest["created_at"])},
        "stages": [
            {**{name: last[stage][name] for name in FUNNEL}, "finished": _moment(last[stage]["finished_at"])}
            for stage in STAGES
            if stage in last
        ],
        "running": writer if writer and writer["alive"] else None,
        "interrupted": writer if writer and not writer["alive"] else None,
    }


def writing(warehouse: str) -> dict[str, Any] | None:
    """Who stands in the lock file: run_id, pid, host, since, alive (true of another host, which cannot be asked).

    A run empties the file when it ends; what a killed one left is told by its process. The lock itself is not
    touched: to try it would refuse a run that starts in that moment.
    """
    try:
        who = json.loads(Path(warehouse, ".corpusmill", "lock").read_text())
    except (OSError, ValueError):
        return None
    who["alive"] = _alive(who["pid"]) if who["host"] == socket.gethostname() else True
    return who


def _alive(pid: int) -> bool:
    with contextlib.suppress(PermissionError):  # there, but another user's
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


def _moment(time: Any) -> str:
    return time.isoformat(timespec="seconds")
