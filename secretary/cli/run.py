"""`secretary run`: one document here and now."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secretary.cli.options import DataDir
from secretary.cli.speaking import complain, out, remark
from secretary.settings import Settings, load_settings
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.cli.remote.client import Client
    from secretary.cli.service_at_hand import ServiceAtHand

EXAMPLE: Final = "Example: [bold]secretary run report.pdf --include-images[/bold]"
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells report it."""

_HINTS: Final = {"ENCRYPTED_FILE": "Use --password.", "WRONG_PASSWORD": "Use --password with another one."}


def run(
    path: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="The PDF to read.", show_default=False)],
    data_dir: DataDir = None,
    include_images: Annotated[
        bool,
        typer.Option(
            "--include-images", help="Also produce an image and a preview of each page, and the images it holds."
        ),
    ] = False,
    include_tables: Annotated[bool, typer.Option("--include-tables/--no-tables", help="Find tables.")] = True,
    page_start: Annotated[
        int | None, typer.Option(min=1, help="First page, counted from 1.", show_default=False)
    ] = None,
    page_end: Annotated[int | None, typer.Option(min=1, help="Last page, inclusive.", show_default=False)] = None,
    password: Annotated[str | None, typer.Option(help="Password of an encrypted PDF.", show_default=False)] = None,
    whole_text: Annotated[
        bool, typer.Option("--whole-text", help="Print all of the text, not only its beginning.")
    ] = False,
) -> None:
    """Turn one PDF into text, tables, files and an archive, with live progress. Starts what it needs and stops it again."""
    document = _existing(path)
    given = {
        "filename": str(document),
        "include_images": include_images,
        "include_tables": include_tables,
        "page_start": page_start,
        "page_end": page_end,
        "password": password,
    }
    parameters = {name: value for name, value in given.items() if value is not None}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(_settings(document, data_dir), document, parameters, whole_text=whole_text)
    except KeyboardInterrupt:
        remark("Interrupted; the job was cancelled.")
        raise typer.Exit(INTERRUPTED) from None


def _existing(path: Path) -> Path:
    if not path.exists():
        raise CannotStart(f"There is no file {path}.")
    if not path.is_file():
        raise CannotStart(
            f"{path} is not a file; name a PDF in it." if path.is_dir() else f"{path} is not a regular file."
        )
    return path.resolve()


def _settings(document: Path, data_dir: Path | None) -> Settings:
    settings = load_settings(data_dir=data_dir, host="127.0.0.1", port=0, input_roots=(document.parent,))
    # What the processes say about themselves would tear the progress bar apart, unless somebody asked for it.
    return settings if "log_level" in settings.model_fields_set else settings.model_copy(update={"log_level": "error"})


def _run(settings: Settings, document: Path, parameters: dict[str, Any], *, whole_text: bool) -> None:
    from secretary.cli.remote.address import Address
    from secretary.cli.remote.client import Client, Refused
    from secretary.cli.service_at_hand import AlreadySaid, service_at_hand

    try:
        with service_at_hand(settings) as service, Client(Address(service.url, service.key)) as client:
            try:
                job = _follow(client, client.create("pdf", parameters), document.name)
            except Refused as refusal:
                raise CannotStart(_sentence(refusal, service, document)) from None
            # Before the service stops, so that nobody waits for that to read the text.
            _show(document.name, job, whole_text=whole_text)
    except AlreadySaid:
        raise typer.Exit(1) from None


def _follow(client: "Client", job_id: str, name: str) -> dict[str, Any]:
    from secretary.cli.following import follow
    from secretary.cli.showing import showing_progress

    try:
        with showing_progress(out, name) as show:
            for state in follow(client, job_id):
                progress = state.get("progress") or {}
                if state.get("status") == "failed":
                    break
                show(int(progress.get("percent") or 0), str(progress.get("message") or progress.get("step") or ""))
    except KeyboardInterrupt:
        # Otherwise the next start with this data folder would take the job up again.
        client.cancel(job_id)
        raise
    job: dict[str, Any] = client.job(job_id)
    return job


def _sentence(refusal: Exception, service: "ServiceAtHand", document: Path) -> str:
    code = getattr(refusal, "code", "")
    if code == "FILE_NOT_ALLOWED" and not service.own:
        return (
            f"The service running at {service.url} may not read {document.parent}; stop it, start it there or with "
            "SECRETARY_INPUT_ROOTS, or use another folder with --data-dir."
        )
    if code == "UNAUTHORIZED":
        return f"The service at {service.url} does not take the kept key; set a valid one as SECRETARY_API_KEY."
    return str(refusal)


def _show(name: str, job: dict[str, Any], *, whole_text: bool) -> None:
    from secretary.cli.showing import print_results

    if job["status"] == "completed":
        print_results(out, name, job, whole_text=whole_text)
        return
    error = job.get("error") or {}
    message = str(error.get("message") or "The job failed.")
    about = "" if name in message else f"{name}: "
    complain(f"{about}{message} {_HINTS.get(error.get('code', ''), '')}".rstrip())
    raise typer.Exit(1)
