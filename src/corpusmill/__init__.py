"""corpusmill: raw text in, versioned training datasets out.

    >>> import corpusmill
    >>> corpusmill.load("handbook@7", table="corpus")  # doctest: +SKIP

`load` needs neither Spark nor Java. Nothing heavy is imported until it is used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpusmill.jobs.load import load

    __version__: str

__all__ = ["__version__", "load"]


def __getattr__(name: str) -> object:
    """Import `load`, and look the installed version up, at the first use."""
    if name == "load":
        from corpusmill.jobs.load import load

        return load
    if name == "__version__":
        from importlib.metadata import version

        return version("corpusmill")
    raise AttributeError(f"module 'corpusmill' has no attribute '{name}'; it offers {', '.join(__all__)}")
