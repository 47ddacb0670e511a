"""Environment variables that look like a misspelt setting; they would be ignored without a word."""

import difflib
import os

from secretary.settings import PREFIX, Settings


def misspelt() -> list[str]:
    """One sentence for each. Names unlike any setting are left alone: platforms add variables of their own."""
    names = [name.upper() for name in Settings.model_fields]
    found = []
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX)
        if name == variable or name.upper() in names:
            continue
        close = difflib.get_close_matches(name.upper(), names, n=1, cutoff=0.7)
        if close:
            found.append(f"{variable} is not a setting and is ignored; did you mean {PREFIX}{close[0]}?")
    return found
