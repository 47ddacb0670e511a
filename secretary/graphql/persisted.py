"""Persisted documents: operations that a caller names by their SHA-256 instead of sending their text, and that an operator may
make the only ones allowed. The recorded client operations are among them; others come from a manifest of the operator's."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLError, OperationDefinitionNode, parse, print_ast, separate_operations

MANIFEST: Final = "persisted.json"
_PREFIX: Final = "sha256:"


class DocumentRefused(GraphQLError):
    """The request names a document that does not run here; `code` goes into the error's extensions."""

    code: str = "BAD_USER_INPUT"


class DocumentNotFound(DocumentRefused):
    """No document of this name is known. Clients send the text after this, by its code or by these very words."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class DocumentNotTrusted(DocumentRefused):
    """Only known documents run here, and this text is none of them."""

    code = "PERSISTED_QUERY_ONLY"

    def __init__(self) -> None:
        super().__init__("This server runs only the documents of its manifest; send the `documentId` of one of them.")


class Documents:
    """The known documents by their name, and whether others run too."""

    def __init__(self, known: Mapping[str, str], *, trusted_only: bool = False) -> None:
        self._known = dict(known)
        self._trusted = frozenset(known.values()) if trusted_only else None

    def text_of(self, request: Mapping[str, Any]) -> str | None:
        """The document that the body of a request, or the payload of `subscribe`, asks for: its `query`, or what its `documentId`
        or `extensions.persistedQuery.sha256Hash` names; None when there is none of them. Raises DocumentRefused."""
        text, name = request.get("query"), _name_in(request)
        if name is None:
            return self._allowed(text) if text is not None else None
        if text is None:
            return self._named(name)
        if name != _digest(text) and self._known.get(name) != text:
            raise DocumentRefused("The document is not the one that its hash names.")
        return self._allowed(text)

    def operation_names(self) -> frozenset[str]:
        """What the operations of all known documents are called."""
        documents = (parse(text, no_location=True) for text in self._known.values())
        operations = (node for document in documents for node in document.definitions)
        return frozenset(
            node.name.value for node in operations if isinstance(node, OperationDefinitionNode) and node.name
        )

    def _named(self, name: str) -> str:
        text = self._known.get(name)
        if text is None:
            raise DocumentNotFound
        return text

    def _allowed(self, text: str) -> str:
        if self._trusted is not None and text not in self._trusted:
            raise DocumentNotTrusted
        return text


def load_documents(manifest: Path | None, *, own: Iterable[str] = (), trusted_only: bool) -> Documents:
    """The documents that come with this package, its `own` pages' among them, and those of the operator's own `manifest`.
    Raises OSError when it cannot be read, ValueError when it does not map names to documents."""
    operators = _read(manifest.read_bytes()) if manifest else {}
    known = {**_shipped(), **{_digest(text): text for text in own}, **operators}
    return Documents(known, trusted_only=trusted_only)


def manifest_of(folder: Path) -> str:
    """The manifest of all `*.graphql` files in a folder: each file as it stands, and each operation alone with the fragments it needs,
    printed as clients print it before they hash it. Raises GraphQLError for a file that is no document."""
    texts = (text for path in sorted(folder.rglob("*.graphql")) for text in _documents_in(path.read_text("utf-8")))
    return json.dumps(dict(sorted((_digest(text), text) for text in texts)), indent=1, ensure_ascii=False) + "\n"


def _shipped() -> dict[str, str]:
    return _read(files(__package__).joinpath(MANIFEST).read_bytes())


def _read(data: bytes) -> dict[str, str]:
    known = json.loads(data)
    if not isinstance(known, dict) or not all(isinstance(text, str) for text in known.values()):
        raise ValueError("it must be a JSON object of documents by their SHA-256")
    for name, text in known.items():
        try:
            parse(text, no_location=True)
        except GraphQLError as error:
            raise ValueError(f"the document {name[:12]} cannot be parsed: {error.message}") from None
    return {_plain(name): text for name, text in known.items()}


def _documents_in(text: str) -> Iterator[str]:
    yield text
    for document in separate_operations(parse(text, no_location=True)).values():
        yield print_ast(document)
        # urql's printer leaves no empty line between an operation and its fragments.
        yield "\n".join(map(print_ast, document.definitions))


def _name_in(request: Mapping[str, Any]) -> str | None:
    extensions = request.get("extensions") or {}
    persisted = extensions.get("persistedQuery") or {}
    name = request.get("documentId")
    if name is None and isinstance(persisted, dict):
        name = persisted.get("sha256Hash")
    if not isinstance(name, str | None) or not isinstance(persisted, dict):
        raise DocumentRefused("A document is named by the hexadecimal SHA-256 of its text.")
    return _plain(name) if name is not None else None


def _plain(name: str) -> str:
    return name.removeprefix(_PREFIX).lower()


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
