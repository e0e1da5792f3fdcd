"""`corpusmill` as a user starts it: a process of its own, with a JVM and Python workers below it."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import yaml

from ..jobs.mill import Mill

CORPUSMILL = (sys.executable, "-c", "from corpusmill.jobs.cli import main; main()")
KEY = "a key that the long tests use"
MARK = "CORPUSMILL_TEST_MARK"  # in the environment of all processes of one command
PATIENCE = 900  # seconds that one run may take on a busy machine


class Command:
    """A run of the command line that is under way."""

    def __init__(self, *arguments: str, folder: Path, **environment: str) -> None:
        self.mark = secrets.token_hex(8)
        self.said = folder / f"said-{self.mark}.txt"
        with self.said.open("w") as sink:
            self.process = subprocess.Popen(
                [*CORPUSMILL, *arguments], cwd=folder, stdout=sink, stderr=sink, start_new_session=True,
                env={**os.environ, "CORPUSMILL_KEY": KEY, MARK: self.mark, **environment},
            )  # fmt: skip

    def text(self) -> str:
        return self.said.read_text(errors="replace")

    def end(self, patience: float = PATIENCE) -> int:
        """The exit code."""
        return self.process.wait(patience)

    def wait_until(self, there: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Look 50 times a second; False where the command ended before."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if there():
                return True
            if self.process.poll() is not None:
                return there()
            time.sleep(0.02)
        raise TimeoutError(self.text())

    def says(self, line: str) -> bool:
        return line in self.text()

    def processes(self) -> list[psutil.Process]:
        """All that live of it, whoever their parent is now."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def kill(self) -> int:
        """SIGKILL for driver, JVM and workers, until none is left; returns how many outlived the first shot."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # driver and JVM at one moment; the workers' group is another
        first = living = self.processes()
        while living:
            for process in living:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            self.process.poll()
            living = self.processes()
        self.process.wait(30)
        return len(first)


def corpusmill(*arguments: str, folder: Path, **environment: str) -> tuple[int, str]:
    """Exit code and all that was said of a command that is waited for."""
    command = Command(*arguments, folder=folder, **environment)
    return command.end(), command.text()


def recipe_of(mill: Mill) -> str:
    """Write the recipe down and give its path."""
    path = mill.folder / "recipe.yml"
    path.write_text(yaml.safe_dump(mill.recipe), encoding="utf-8")
    return str(path)


def run_arguments(mill: Mill) -> Sequence[str]:
    return ("run", recipe_of(mill), "--warehouse", mill.warehouse)
