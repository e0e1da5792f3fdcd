"""Numbers as the report shows them."""

THIN = "\N{NARROW NO-BREAK SPACE}"
OPEN = 1_000  # an upper bound of a ratio beyond it says nothing


def number(value: float) -> str:
    """With thin spaces that no line break divides.

    >>> number(1234567).replace(THIN, "_"), number(999)
    ('1_234_567', '999')
    """
    return f"{value:,.0f}".replace(",", THIN)


def percent(part: float, whole: float) -> str:
    """A share; one that is not nothing never looks like nothing, one that is not all never like all.

    >>> [percent(*n).replace(THIN, " ") for n in ((1, 3), (1, 5000), (4999, 5000), (5, 5), (0, 5), (0, 0))]
    ['33.3 %', '<0.1 %', '>99.9 %', '100 %', '0 %', '-']
    """
    if not whole:
        return "-"
    share = 100 * part / whole
    if share in (0, 100):
        return f"{share:.0f}{THIN}%"
    shown = "<0.1" if share < 0.1 else ">99.9" if share > 99.9 else f"{share:.1f}"
    return f"{shown}{THIN}%"


def times(value: float | None) -> str:
    """A ratio as a person reads it.

    >>> [times(n) for n in (None, 0.0, 0.234, 3.456, 78.9)]
    ['∞', '0', '0.23', '3.5', '79']
    """
    if value is None:
        return "∞"
    return "0" if value == 0 else f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def between(low: float | None, high: float | None) -> str:
    """An interval of ratios as a person reads it.

    >>> between(1.5, 3.25), between(12.0, None), between(0.0, 0.5)
    ('1.5 to 3.2', 'at least 12', 'at most 0.50')
    """
    if high is None or high > OPEN:
        return f"at least {times(low)}"
    return f"{times(low)} to {times(high)}" if low else f"at most {times(high)}"
