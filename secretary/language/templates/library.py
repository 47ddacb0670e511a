"""Where templates come from: the user's folder first, then those that are part of this package; never from anywhere else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from secretary.errors import FieldError, TemplateError, UnknownTemplate
from secretary.language.templates.parsing import MAX_CHARACTERS, parse_template
from secretary.language.templates.template import Template
from secretary.parameters.near_match import near_match

SUFFIX: Final = ".md"
BUNDLED_FOLDER: Final = Path(__file__).parent / "bundled"
_BUNDLED_LANGUAGE: Final = "en"
_VARIANT: Final = re.compile(r"(?P<name>.+)_(?P<language>[a-z]{2}(?:[-_][A-Za-z]{2})?)")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_BYTES_PER_CHARACTER: Final = 4
_SHOWN: Final = 60


class TemplateSource(StrEnum):
    """Where a template comes from."""

    BUNDLED = "bundled"
    """It comes with this package."""
    USER = "user"
    """It lies in the folder of the operator's own templates."""


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """A template and where it was found. `warning` says that it is not in the language that was asked for."""

    template: Template
    source: TemplateSource
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """A template that can be asked for by `name`. One that cannot be read has an `error` in place of a template."""

    name: str
    source: TemplateSource
    languages: tuple[str, ...]
    """Those for which there is a variant of its own."""
    template: Template | None
    error: TemplateError | None = None


@dataclass(frozen=True, slots=True)
class _Shelf:
    folder: Path
    source: TemplateSource

    def files(self) -> dict[str, Path]:
        """The templates by their exact names, also where the file system does not tell capitals from small letters."""
        try:
            root = self.folder.resolve(strict=True)
            found = sorted(self.folder.iterdir())
        except OSError:
            return {}
        return {path.stem: path for path in found if _is_template(path, root)}


class TemplateLibrary:
    """The templates of this installation. The folder is looked into at each call, so a new file is there at once."""

    def __init__(self, user_folder: Path | None = None) -> None:
        bundled = _Shelf(BUNDLED_FOLDER, TemplateSource.BUNDLED)
        self._shelves = (_Shelf(user_folder, TemplateSource.USER), bundled) if user_folder else (bundled,)

    def get(
        self, name: str, *, target_language: str | None = None, under: tuple[str, ...] = ("template",)
    ) -> FoundTemplate:
        """The template of exactly this name, in its variant for the language where there is one (`Session_de` for `de-AT`).

        The user's plain template comes before a bundled variant. Raises UnknownTemplate about the field `under`, and
        TemplateError for one that cannot be read.
        """
        found = self._find(name, target_language)
        if found is None:
            raise self._unknown(name, under)
        shelf, path = found
        wanted = [f"{name}_{suffix}" for suffix in _suffixes(target_language)]
        return FoundTemplate(_read(path, path.stem), shelf.source, _fallback(shelf, path.stem, wanted))

    def text(self, name: str, *, target_language: str | None = None) -> str | None:
        """What the author of the template that `get` would find wrote; None where there is none, or no text."""
        found = self._find(name, target_language)
        try:
            return _text(found[1], found[1].stem) if found else None
        except TemplateError:
            return None

    def list(self) -> Sequence[ListedTemplate]:
        """Every template that can be asked for, by name; variants are named as languages of theirs."""
        by_shelf = [(shelf, shelf.files()) for shelf in self._shelves]
        names = {name for _, files in by_shelf for name in files}
        plain = sorted(name for name in names if not _is_variant(name, names))
        return [_listed(name, by_shelf) for name in plain]

    def _find(self, name: str, target_language: str | None) -> tuple["_Shelf", Path] | None:
        names = [*(f"{name}_{suffix}" for suffix in _suffixes(target_language)), name]
        for shelf in self._shelves:
            files = shelf.files()
            for candidate in names:
                if candidate in files:
                    return shelf, files[candidate]
        return None

    def _unknown(self, name: str, under: tuple[str, ...]) -> UnknownTemplate:
        names = sorted({known for shelf in self._shelves for known in shelf.files()})
        plain = [known for known in names if not _is_variant(known, set(names))]
        meant = near_match(name[:_SHOWN], names) or near_match(name[:_SHOWN].title(), names)
        message = f'there is no template "{_shown(name)}"; known: {", ".join(plain)}.{meant}'
        return UnknownTemplate(message, fields=(FieldError(under, message),))


def read_template(path: Path) -> Template:
    """The template in this file. Raises TemplateError, also when the file is missing, no text, or too long."""
    return _read(path, path.stem)


def _is_template(path: Path, root: Path) -> bool:
    """A file of the folder itself: a link may not lead out of it."""
    if path.suffix != SUFFIX or path.name.startswith("."):
        return False
    try:
        return path.is_file() and path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        # A link that leads round in a circle is a RuntimeError before Python 3.13.
        return False


def _read(path: Path, name: str) -> Template:
    return parse_template(_text(path, name), name=name)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CHARACTERS * _BYTES_PER_CHARACTER + 1)
    except OSError as error:
        sentence = f"the file cannot be read ({(error.strerror or 'no reason given').lower()})."
        raise TemplateError.at(sentence, name=name, line=1, column=1) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        sentence = "this is not UTF-8 text; save the file as UTF-8."
        raise TemplateError.at(sentence, name=name, line=line, column=column) from None


def _suffixes(language: str | None) -> Iterator[str]:
    """`de_AT`, `de-AT` and `de` for `de-AT`."""
    if language is None or not _LANGUAGE.fullmatch(language):
        return
    primary, *more = re.split("[-_]", language)
    if more:
        region = more[-1].upper()
        yield from (f"{primary.lower()}_{region}", f"{primary.lower()}-{region}")
    yield primary.lower()


def _fallback(shelf: _Shelf, found: str, wanted: Sequence[str]) -> str | None:
    if not wanted or found in wanted or _VARIANT.fullmatch(found):
        return None
    if shelf.source is TemplateSource.BUNDLED and wanted[-1].endswith(f"_{_BUNDLED_LANGUAGE}"):
        return None
    return f'There is no template "{wanted[-1]}"; the template "{found}" is used as it is.'


def _is_variant(name: str, names: set[str]) -> bool:
    match = _VARIANT.fullmatch(name)
    return match is not None and match["name"] in names


def _listed(name: str, by_shelf: Sequence[tuple[_Shelf, dict[str, Path]]]) -> ListedTemplate:
    """As `get` would find it: a folder without the plain name lends its variants only."""
    first = next(index for index, (_, files) in enumerate(by_shelf) if name in files)
    shelf, files = by_shelf[first]
    known = (_VARIANT.fullmatch(other) for _, names in by_shelf[: first + 1] for other in names)
    languages = tuple(sorted({match["language"] for match in known if match and match["name"] == name}))
    try:
        return ListedTemplate(name, shelf.source, languages, _read(files[name], name))
    except TemplateError as error:
        return ListedTemplate(name, shelf.source, languages, None, error)


def _shown(name: str) -> str:
    printable = "".join(character if character.isprintable() else "?" for character in name[:_SHOWN])
    return printable + ("…" if len(name) > _SHOWN else "")
