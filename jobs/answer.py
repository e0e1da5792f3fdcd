"""How a command ends: a result, or one clear message and an exit code; never a stack trace.

A traceback may hold raw personal data (values in messages and source lines), so what is written of an unexpected error
is its type and where it happened, nothing that it says.
"""

import functools
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from typing import NoReturn, ParamSpec, TypeVar

import typer

from corpusmill.schemas.errors import CorpusmillError

P = ParamSpec("P")
T = TypeVar("T")

INTERRUPTED = 130  # 128 + SIGINT, as shells say it
GOES_ON = "What was committed stays; the next run goes on from there"
FULL_DISK = (
    f"no space is left on a disk: on that of the warehouse, or of temporary files ({tempfile.gettempdir()}; another "
    f"folder by TMPDIR, Spark's by SPARK_LOCAL_DIRS). {GOES_ON}"
)
SPARK_IS_GONE = (
    "a process of Spark's ended during the run: killed, or the machine has too little memory (`corpusmill doctor`). "
    f"{GOES_ON}"
)
# Words of the system's and of Spark's, whichever library hands them on, and what to say of them.
OF_THE_MACHINE = {
    "No space left on device": FULL_DISK,
    "Disk quota exceeded": FULL_DISK,
    "Python worker exited unexpectedly": SPARK_IS_GONE,
    "java.lang.OutOfMemoryError": SPARK_IS_GONE,
    "SparkContext was shut down": SPARK_IS_GONE,
}
# What py4j raises where nobody answers any more.
OF_A_DEAD_JVM = ("ConnectionRefusedError", "ConnectionResetError", "Py4JNetworkError", "Py4JError")


def answers(command: Callable[P, T]) -> Callable[P, T]:
    """Make a command answer errors as `fail` does; its argument `as_json` says in which form."""

    @functools.wraps(command)
    def answering(*args: P.args, **kwargs: P.kwargs) -> T:
        as_json = bool(kwargs.get("as_json"))
        try:
            return command(*args, **kwargs)
        except CorpusmillError as error:
            fail(str(error), error.exit_code, as_json)
        except KeyboardInterrupt:
            fail(f"interrupted. {GOES_ON}", INTERRUPTED, as_json)
        except (typer.Exit, BrokenPipeError):
            raise
        except ModuleNotFoundError as error:
            missing = (error.name or "").split(".")[0]
            if missing in ("", "corpusmill"):
                fail(unexpected(error), 1, as_json)
            fail(f'this needs {missing}, which is not installed: pip install "corpusmill[spark]"', 2, as_json)
        except Exception as error:
            fail(_known(error) or unexpected(error), 1, as_json)

    return answering


def _known(error: BaseException) -> str | None:
    """What to say of an error that the machine is to blame for; None of others."""
    try:
        told = " ".join(map(str, _chain(error)))
    except Exception:  # what py4j's errors say is asked of the JVM
        return SPARK_IS_GONE
    for words, message in OF_THE_MACHINE.items():
        if words in told:
            return message
    return SPARK_IS_GONE if type(error).__name__ in OF_A_DEAD_JVM else None


def fail(message: str, exit_code: int, as_json: bool = False) -> NoReturn:
    """End with a message on standard error: a text, or an object with the keys error and exit_code."""
    said = (
        json.dumps({"error": message, "exit_code": exit_code}, ensure_ascii=False) if as_json else f"error: {message}"
    )
    print(said, file=sys.stderr)
    raise typer.Exit(exit_code)


def unexpected(error: BaseException) -> str:
    """Write down where an unexpected error came from, and say in which file that stands."""
    handle, path = tempfile.mkstemp(prefix="corpusmill-error-", suffix=".txt")
    with os.fdopen(handle, "w") as sink:
        sink.writelines(f"{text}\n" for text in _where(error))
    return f"unexpected {_kind(error)}. Where it happened stands in {path} (no values, no text): please report it"


def _where(error: BaseException) -> Iterator[str]:
    """The errors of the chain: type, then file, line and function of each call."""
    for cause in _chain(error):
        yield _kind(cause)
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {frame.filename}:{frame.lineno}:{frame.name}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it, the first one last."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _kind(error: BaseException) -> str:
    """The type, and of Spark's errors the condition: TABLE_OR_VIEW_NOT_FOUND."""
    condition = getattr(error, "getCondition", lambda: None)()
    return type(error).__name__ + (f" ({condition})" if condition else "")
