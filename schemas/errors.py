"""What corpusmill raises. The command line turns each into one message and an exit code, never a stack trace.

CorpusmillError
├── UserError        exit 2   what the user gave is wrong: a recipe, a path, a name
│   └── RecipeError           a key of a recipe: file, line, key, found, allowed
└── RunFailed        exit 1   a run, a guard or a check said no
    ├── ContractError         a table does not have the columns that its schema promises
    ├── BalanceError          a stage lost or doubled a document
    └── WarehouseBusy         another run writes to the warehouse
"""


class CorpusmillError(Exception):
    """Base of all errors that a user may see; `str(error)` is the whole message."""

    exit_code = 1


class UserError(CorpusmillError):
    """The user's input is wrong; the message says what, where, and what is allowed."""

    exit_code = 2


class RecipeError(UserError):
    """A recipe cannot be used; the message names file, line and key."""


class RunFailed(CorpusmillError):
    """A run, a guard or a check said no."""


class ContractError(RunFailed):
    """A DataFrame does not match the schema of the table it is meant for."""


class BalanceError(RunFailed):
    """At some stage, in != kept + dropped + quarantined."""


class WarehouseBusy(RunFailed):
    """Another run holds the warehouse's lock."""
