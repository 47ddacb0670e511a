"""What was probably meant by a misspelt name."""

import difflib
from collections.abc import Iterable


def near_match(name: str, names: Iterable[str]) -> str:
    """` Did you mean "x"?` for the name that was probably meant, or nothing."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""
