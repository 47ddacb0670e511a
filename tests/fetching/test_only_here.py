"""Connections for callers are opened in `fetching` and nowhere else: held over every module's imports, wherever they stand."""

import ast
from pathlib import Path

import pytest

import secretary

ROOT = Path(secretary.__file__).parent
OPENERS = frozenset(
    {
        "aiohttp",
        "ftplib",
        "http.client",
        "httpcore",
        "httpx",
        "requests",
        "smtplib",
        "telnetlib",
        "urllib.request",
        "urllib3",
    }
    | {f"websockets.{name}" for name in ("asyncio.client", "client", "connect", "sync.client")}
)

# Who else connects or listens: to the service itself, which for the command line may be elsewhere by its user's own word, and to its
# private Valkey; never to an address that a caller of the service gave.
TO_THE_SERVICE_ITSELF = {
    "cli/download.py": {"httpx"},
    "cli/findings.py": {"httpx"},
    "cli/following.py": {"httpx"},
    "cli/processes.py": {"socket"},
    "cli/remote/client.py": {"httpx"},
    "cli/remote/socket.py": {"websockets.asyncio.client"},
    "up/listening.py": {"socket"},
    "up/service.py": {"http.client", "socket"},
    "up/valkey.py": {"socket"},
    "worker/duties.py": {"socket"},
}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def opened_by(module: Path) -> set[str]:
    found = imported(ast.parse(module.read_text(encoding="utf-8")))
    return {name for name in OPENERS | {"socket"} if any(each == name or each.startswith(f"{name}.") for each in found)}


def others() -> list[str]:
    modules = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))
    return sorted(module for module in modules if not module.startswith("fetching/"))


@pytest.mark.parametrize("module", others())
def test_no_other_module_opens_connections(module: str):
    assert opened_by(ROOT / module) == TO_THE_SERVICE_ITSELF.get(module, set())


def test_the_scan_sees_what_it_is_to_find(tmp_path: Path):
    module = tmp_path / "m.py"
    module.write_text("def f():\n    from urllib import request\n    import http.client as h\n    import socket\n")
    assert opened_by(module) == {"urllib.request", "http.client", "socket"}
    assert "httpcore" in opened_by(ROOT / "fetching" / "client.py")
