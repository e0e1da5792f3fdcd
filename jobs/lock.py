"""One run at a time writes to a warehouse.

In a folder the lock is the operating system's on a file: it ends with the process that holds it, so a killed run never
blocks. A warehouse in a catalog has no such file: there the job's `max_concurrent_runs: 1` keeps order.
"""

import contextlib
import fcntl
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from corpusmill.schemas.errors import UserError, WarehouseBusy


def new_run_id(now: datetime) -> str:
    """Names a run; later ones sort behind earlier ones."""
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def lock_file(location: str) -> Path:
    """The lock's file; it holds who has it."""
    return Path(location, ".corpusmill", "lock")


@contextlib.contextmanager
def hold(location: str, run_id: str) -> Iterator[None]:
    """Hold the warehouse while the block runs.

    Raises WarehouseBusy naming the process that holds it, UserError where there can be no folder.
    """
    path = lock_file(location)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = open(path, "a+")  # noqa: SIM115  (the `with` follows)
    except OSError as error:
        raise UserError(
            f"the warehouse {location} cannot be written: {error.strerror}. Give a folder by --warehouse."
        ) from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseBusy(busy_message(location)) from None
        handle.truncate(0)
        who = {"run_id": run_id, "pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%F %T")}
        handle.write(json.dumps(who))
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)


def busy_message(location: str) -> str:
    """Who holds the warehouse, and what to do."""
    try:
        who = json.loads(lock_file(location).read_text())
    except (OSError, ValueError):
        return f"Another run writes to {location}. Wait until it ends."
    return (
        f"Another run ({who['run_id']}, process {who['pid']} on {who['host']}, since {who['since']}) writes to "
        f"{location}. Wait until it ends, or stop it; a run that was killed does not block."
    )
