"""What a test needs beside Python: at home it is skipped for want of it, in CI it fails."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Say what is missing, and end the test."""
    sentence = f"{what}; scripts/test provides it"
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)
