"""What a browser is given at the same address: GraphiQL, built with all it needs, so that it asks no other host for anything; its
Content-Security-Policy would not let it."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

FOLDER: Final = Path(__file__).parent / "graphiql"
"""Made when the package is built, by scripts/graphiql/build.py of the checkout; not there where node was not."""

# Styles may be inline: the editor sets them on its elements.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".md": "text/markdown", ".ttf": "font/ttf"}
_NOT_BUILT: Final = """<!doctype html><meta charset="utf-8"><title>secretary</title>
<h1>GraphiQL is not in this installation</h1>
<p>It is built when the package is, on a machine with node and npm. In a checkout of the source,
<code>python scripts/graphiql/build.py</code> builds it; then load this page again. GraphQL itself answers at this address all the same.</p>
"""


async def page(request: Request) -> Response:
    """The page, or a sentence on how to get it."""
    headers = {**HEADERS, "Cache-Control": "no-cache", "Vary": "Accept"}
    if not (FOLDER / "index.html").exists():
        return HTMLResponse(_NOT_BUILT, headers=headers)
    return _file("index.html", request, "text/html", headers)


async def asset(request: Request) -> Response:
    """One file of the page. Its name holds the hash of its content, so it may be kept for ever."""
    name = request.path_params["file"]
    media_type = _TYPES.get(Path(name).suffix)
    if media_type is None or not (FOLDER / name).is_file():
        raise HTTPException(404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    return _file(name, request, media_type, {**HEADERS, **kept})


def _file(name: str, request: Request, media_type: str, headers: dict[str, str]) -> Response:
    packed = FOLDER / f"{name}.gz"
    if "gzip" in request.headers.get("accept-encoding", "") and packed.exists():
        headers = {**headers, "Content-Encoding": "gzip"}
        return FileResponse(packed, headers=headers, media_type=media_type)
    return FileResponse(FOLDER / name, headers=headers, media_type=media_type)
