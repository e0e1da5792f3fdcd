"""What a user sees of a run while it works: lines, and on a terminal a bar with the time left below them."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import rich.progress
    from rich.console import Console

LINE_EVERY = 15  # seconds between two lines of one stage, where there is no terminal


class Progress:
    """Tells how far a run is, on standard error; use it in a `with` block.

    quiet: says nothing (for --json). Without a terminal there are lines only.
    """

    def __init__(self, console: "Console", quiet: bool = False) -> None:
        self.console = console
        self.quiet = quiet
        self._stage, self._done = "", 0
        self._began = self._last_line = 0.0
        self._bar: rich.progress.Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if self.console.is_terminal and not self.quiet:
            self._bar = _bar(self.console)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()
        if self._bar:
            self._bar.stop()

    def stage_started(self, name: str, n_docs: int | None = None) -> None:
        """A stage begins, with so many documents where that is known."""
        self._stage, self._began, self._last_line, self._done = name, time.monotonic(), time.monotonic(), 0
        if self._bar:
            self._clear()
            self._task = self._bar.add_task(name, total=n_docs, documents=_counted(n_docs))
        else:
            self._say(f"{name}: begins{', ' + _counted(n_docs) if n_docs is not None else ''}")

    def stage_progress(self, done: int, total: int, unit: str = "document") -> None:
        """So many documents of the stage's present step are done, or parts where documents are not counted yet."""
        if done < self._done:  # a step of the stage is over
            self._began = time.monotonic()
        self._done = done
        of_all = f"{done:,} of {_counted(total, unit)}"
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, documents=of_all)
        elif not self._bar and done and time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            left = (self._last_line - self._began) * (total - done) / done
            self._say(f"{self._stage}: {of_all}, about {left:.0f} s left")

    def stage_finished(self, row: Mapping[str, Any]) -> None:
        """A stage ended; `row` is its row of stage_runs."""
        self._clear()
        numbers = [f"{row['n_in']:,} in", f"{row['n_kept']:,} kept"]
        numbers += [f"{row[f'n_{what}']:,} {what}" for what in ("dropped", "quarantined") if row[f"n_{what}"]]
        self._say(f"{row['stage']}: {', '.join(numbers)}; {row['n_done']:,} worked on in {row['seconds']:.1f} s")

    def stage_skipped(self, name: str, why: str) -> None:
        """A stage need not work."""
        self._say(f"{name}: {why}")

    def note(self, text: str) -> None:
        """Something that the user should know, once."""
        self._say(f"note: {text}")

    def _clear(self) -> None:
        if self._bar and self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _counted(n: int | None, unit: str = "document") -> str:
    return "" if n is None else f"{n:,} {unit}{'' if n == 1 else 's'}"


def _bar(console: "Console") -> "rich.progress.Progress":
    from rich import progress

    return progress.Progress(
        progress.SpinnerColumn(),
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TextColumn("{task.fields[documents]}"),
        progress.TimeElapsedColumn(),
        progress.TextColumn("left"),
        progress.TimeRemainingColumn(),
        console=console,
        transient=True,
    )
