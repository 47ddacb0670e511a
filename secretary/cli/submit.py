"""`secretary submit`: files and web addresses as jobs of a running service."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secretary.cli.completion import job_types, methods, template_names
from secretary.cli.options import AsJson, DataDir, Url
from secretary.cli.speaking import complain, err, remark
from secretary.cli.watch import INTERRUPTED, say_how_to_go_on, watch_to_the_end

if TYPE_CHECKING:
    from secretary.cli.inputs import Given
    from secretary.cli.remote.address import Address
    from secretary.cli.submitting import Submitted, Wishes

EXAMPLE: Final = "Example: [bold]secretary submit *.pdf --batch reports --watch[/bold]"


def submit(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILES…",
            help="PDFs, texts (`.txt`, `.md`), web addresses, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    job_type: Annotated[
        str | None,
        typer.Option(
            "--type", help="The job type.", show_default="transformer for texts, else pdf", autocompletion=job_types
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(help="How pages are read: native, ocr, combined …", show_default=False, autocompletion=methods),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of a scan, such as de; of other job types: of what is written.", show_default=False
        ),
    ] = None,
    template: Annotated[
        str | None, typer.Option(help="Template to fill.", show_default=False, autocompletion=template_names)
    ] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="NAME", help="Make one batch of all: all jobs, or none.", show_default=False)
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="Any parameter of the job type; may be repeated. [bold]webhook.url=…[/bold] reaches inside, "
            "[bold]text=@FILE[/bold] reads a file.",
            show_default=False,
        ),
    ] = None,
    pages: Annotated[
        str | None, typer.Option(metavar="A-B", help="Pages, such as 3, 2-5, 2- or -5.", show_default=False)
    ] = None,
    include_images: Annotated[
        bool, typer.Option("--include-images", help="Also produce an image of each page, and the images it holds.")
    ] = False,
    password: Annotated[str | None, typer.Option(help="Password of encrypted PDFs.", show_default=False)] = None,
    ask_password: Annotated[
        bool, typer.Option("--ask-password", help="Ask for it, as others can see what stands on the command line.")
    ] = False,
    name: Annotated[str | None, typer.Option(help="A name to find the job by.", show_default="the file's")] = None,
    priority: Annotated[int | None, typer.Option(help="Higher runs earlier.", show_default="0")] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Follow the jobs to their end.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Make a job of each file and print its id, or one batch of all. The files are sent to the service.

    [bold]secretary watch $(secretary submit *.pdf)[/bold] follows them, as --watch does.
    """
    from secretary.cli.parameters import page_range
    from secretary.cli.remote.address import address_of
    from secretary.cli.submitting import Wishes

    _refuse_what_does_not_fit(files, job_type, name, batch)
    if ask_password:
        password = typer.prompt("Password", hide_input=True, err=True)
    given = {"extraction_method": method, "template": template, "password": password}
    options = {key: value for key, value in given.items() if value is not None} | page_range(pages)
    if include_images:
        options["include_images"] = True
    wishes = Wishes(job_type, options, param or (), language, name, priority)
    ids: dict[str, str] = {}
    code = 0
    try:
        refused = _submit(address := address_of(url, data_dir), files or [], wishes, batch, ids, as_json=as_json)
        if watch and ids:
            code = watch_to_the_end(address, list(ids), names=list(ids.values()), as_json=as_json, console=err)
    except KeyboardInterrupt:
        _say_what_goes_on(list(ids), len(files or [""]), is_batch=batch is not None)
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code or (1 if refused else 0))


def _refuse_what_does_not_fit(
    files: Sequence[str] | None, job_type: str | None, name: str | None, batch: str | None
) -> None:
    if not files and job_type is None:
        raise typer.BadParameter("name at least one file, or a --type that needs none.", param_hint="FILES…")
    if name is not None and len(files or ()) > 1:
        raise typer.BadParameter(
            "several files cannot have one name; --batch names them together.", param_hint="--name"
        )
    if batch is not None and not batch.strip():
        raise typer.BadParameter("it must have a name.", param_hint="--batch")


def _say_what_goes_on(ids: Sequence[str], given: int, *, is_batch: bool) -> None:
    """Of an interrupt before anything was followed."""
    if is_batch or len(ids) == given:
        created = "it goes on" if is_batch or given == 1 else "all jobs go on"
        remark(f"Interrupted; {created if ids else 'nothing was created'}.")
    else:
        remark(f"Interrupted; what was created until then goes on ({len(ids)} of {given}).")
    say_how_to_go_on(ids)


def _submit(
    address: "Address", words: list[str], wishes: "Wishes", batch: str | None, ids: dict[str, str], *, as_json: bool
) -> bool:
    """Adds the ids of what is created to `ids`, with their names; whether anything was refused."""
    from secretary.cli.inputs import inputs_of
    from secretary.cli.remote.client import Client
    from secretary.cli.submitting import Submitting

    refused = False

    def tell(one: "Submitted") -> None:
        nonlocal refused
        if one.job_id is None:
            refused = True
            complain(f"{_called(one.given)}: {one.refusal}")
            return
        ids[one.job_id] = one.body.get("job_name", "")
        _print(one.job_id, {"job_id": one.job_id, "name": one.body.get("job_name")}, as_json=as_json)

    with tempfile.TemporaryDirectory(prefix="secretary-") as kept, Client(address) as client:
        inputs = inputs_of(words, Path(kept))
        submitting = Submitting(client, wishes)
        wanted = submitting.bodies(inputs)
        if batch is None:
            submitting.each(wanted, tell=tell)
        else:
            created = submitting.batch(wanted, batch)
            ids[created["batch_id"]] = batch
            about = {"batch_id": created["batch_id"], "name": batch, "job_ids": created["job_ids"]}
            _print(created["batch_id"], about, as_json=as_json)
    return refused


def _print(one_id: str, about: dict[str, Any], *, as_json: bool) -> None:
    from secretary.cli.remote.client import as_json as encoded

    print(encoded(about) if as_json else one_id, flush=True)


def _called(given: "Given | None") -> str:
    return given.name if given else "The job"
