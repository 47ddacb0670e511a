"""Builds the page at `/graphql` out of this folder and the recorded operations: `python scripts/graphiql/build.py`. It needs node
and npm, and does nothing while what it built last is still what these files make."""

import gzip
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
CHECKOUT: Final = HERE.parents[1]
BUILT: Final = CHECKOUT / "secretary" / "graphql" / "graphiql"
STAMP: Final = BUILT / "built-from"
SECONDS: Final = 300
COMPRESSED: Final = {".css", ".html", ".js", ".ttf"}


class CannotBuild(Exception):
    """Why there is no page; the message is a sentence."""


def build() -> bool:
    """Whether anything had to be built. Raises CannotBuild."""
    wanted = _digest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild("node and npm are needed")
    _run(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1")
    _run(npm, "run", "build", "--silent")
    # Sent as they are: no request waits for megabytes to be packed.
    for path in [path for path in BUILT.iterdir() if path.suffix in COMPRESSED]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    STAMP.write_text(wanted)
    return True


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotBuild(f"{' '.join(command[:2])}: {error}") from None
    if done.returncode:
        raise CannotBuild(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stderr[-2000:]}")


def _digest() -> str:
    found = hashlib.sha256()
    for path in sorted(_sources()):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (path for path in HERE.iterdir() if path.is_file())
    yield from (HERE / "src").iterdir()
    yield from (CHECKOUT / "frontend-examples" / "operations").glob("*.graphql")


if __name__ == "__main__":
    try:
        print(f"GraphiQL is in {BUILT}." if build() else "GraphiQL is up to date.")
    except CannotBuild as reason:
        sys.exit(f"GraphiQL was not built: {reason}")
