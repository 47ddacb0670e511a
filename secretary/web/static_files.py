"""The dashboard's files as answers: only what lies in the folder, asked for again each time but sent only when it has changed, and
under a policy that lets the browser run nothing else and ask nobody else."""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER: Final = Path(__file__).parent / "static"

# Pictures of pages come with the key, so they are fetched and shown from memory (blob:).
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TYPES: Final = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}
_KEPT: Final = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


def page(request: Request) -> Response:
    """The one page; what it shows depends on the part of its address after `#`."""
    return _answer(request, FOLDER / "index.html")


def asset(request: Request) -> Response:
    """One of the files that the page is made of."""
    path = (FOLDER / request.path_params["file"]).resolve()
    if not path.is_relative_to(FOLDER.resolve()) or path.suffix not in _TYPES or not path.is_file():
        raise HTTPException(404)
    return _answer(request, path)


def _answer(request: Request, path: Path) -> Response:
    content = path.read_bytes()
    packed = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}{"-gzip" if packed else ""}"'
    headers = {**HEADERS, **_KEPT, "ETag": tag}
    if tag in {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
        content = _packed(content)
    return Response(content, headers=headers, media_type=_TYPES[path.suffix])


@lru_cache(maxsize=128)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
