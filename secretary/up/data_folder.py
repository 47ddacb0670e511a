"""The data folder itself: that it can be written, and the key kept in it for its owner's eyes only."""

import os
import tempfile
from pathlib import Path
from typing import Final

from secretary.up.failures import CannotStart

_SHORTEST_KEY: Final = 16


def prepare_folder(data_dir: Path) -> None:
    """Make the data folder, for its owner only, and see that it can be written; so is all that this process writes from now on."""
    # An operator's own folder may be open to others; jobs' parameters and results are nobody else's.
    os.umask(0o077)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        reason = "it is a file" if data_dir.is_file() else error.strerror
        raise CannotStart(
            f"The data folder {data_dir} cannot be written ({reason}); choose another with --data-dir or SECRETARY_DATA_DIR."
        ) from None


def read_key(path: Path) -> str | None:
    """The kept key, or None when there is none; raises CannotStart when the file holds no key."""
    try:
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"The key file {path} cannot be read ({error}).") from None
    if len(secret) < _SHORTEST_KEY or not secret.isprintable() or " " in secret:
        raise CannotStart(
            f"The key file {path} does not hold a key; remove it, and make a key with `secretary key create`."
        )
    path.chmod(0o600)
    return secret
