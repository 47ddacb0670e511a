"""The archive of a job: one ZIP of everything it produced, whose bytes are equal whenever the contents are."""

import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

_STORED = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf", ".zip", ".gz", ".mp3", ".mp4", ".m4a", ".webm"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can name; real times would change the bytes and the ETag
_READABLE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3
_FAST = 1  # a fifth of the usual level's time, which was a fifth of a text job's; the text becomes 20 % larger
_PIECE = 1 << 20


def write_archive(directory: Path, archive: Path) -> None:
    """Pack every file under `directory` into `archive`, which appears whole or not at all; links are left out."""
    partial = archive.with_name(f".{archive.name}.part")
    try:
        with partial.open("wb") as file:
            with zipfile.ZipFile(file, "w") as packed:
                for name, path in _members(directory, {archive, partial}):
                    _add(packed, name, path)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(archive)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _members(directory: Path, left_out: set[Path]) -> list[tuple[str, Path]]:
    """Names and paths in the order of the names."""
    return sorted((_name(path, directory), path) for path in _files(directory) if path not in left_out)


def _files(directory: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(directory):
        for path in (Path(folder, name) for name in names):
            if path.is_file() and not path.is_symlink():
                yield path


def _name(path: Path, directory: Path) -> str:
    """As in the folder; bytes that are not UTF-8 are replaced, as a ZIP cannot hold them."""
    return os.fsencode(path.relative_to(directory).as_posix()).decode(errors="replace")


def _add(packed: zipfile.ZipFile, name: str, path: Path) -> None:
    member = zipfile.ZipInfo(name, _EARLIEST)
    member.create_system = _UNIX
    member.external_attr = _READABLE
    member.file_size = path.stat().st_size
    member.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in _STORED else zipfile.ZIP_DEFLATED
    member._compresslevel = _FAST  # type: ignore[attr-defined]  # noqa: SLF001  # public only from Python 3.13 on, as compress_level
    with path.open("rb") as source, packed.open(member, "w") as target:
        shutil.copyfileobj(source, target, _PIECE)
