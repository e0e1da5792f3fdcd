"""Numbers as the report shows them."""

THIN = "\N{NARROW NO-BREAK SPACE}"


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
