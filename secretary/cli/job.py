"""`secretary job`: everything about one job, its text or its log."""

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from secretary.cli.completion import job_ids
from secretary.cli.options import DataDir, Url
from secretary.cli.speaking import harmless, one_line, out
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.cli.remote.client import Client

EXAMPLE: Final = "Example: [bold]secretary job job-0199… --text > report.txt[/bold]"

_LOG_LINES: Final = 100
_LONGEST_VALUE: Final = 200
_NAMES: Final = 12
_MORE: Final = {
    "ENCRYPTED_FILE": "Submit it again with --password or --ask-password.",
    "WRONG_PASSWORD": "Submit it again with another --password.",
}


def job(
    job_id: Annotated[
        str, typer.Argument(metavar="ID", help="A job, or a batch.", autocompletion=job_ids, show_default=False)
    ],
    text: Annotated[bool, typer.Option("--text", help="Print the text it made, and nothing else.")] = False,
    log: Annotated[bool, typer.Option("--log", help="Print the end of its log, and nothing else.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON, as REST tells it.")] = False,
    url: Url = None,
    data_dir: DataDir = None,
) -> None:
    """Show everything about one job: progress, parameters, what went wrong, results and files."""
    from secretary.cli.remote.address import address_of
    from secretary.cli.remote.client import Client
    from secretary.cli.remote.client import as_json as encoded

    if text + log + as_json > 1:
        raise typer.BadParameter("--text, --log and --json exclude each other.", param_hint="--text")
    with Client(address_of(url, data_dir)) as client:
        if job_id.startswith("batch-"):
            _batch(client, job_id, as_json=as_json)
            return
        found: dict[str, Any] = client.job(job_id)
    if as_json:
        print(encoded(found))
    elif text:
        _print_text(found)
    elif log:
        for line in found["logs"][-_LOG_LINES:]:
            print(f"{line['timestamp']}  {line['level']:<7}  {one_line(line['message'])}")
    else:
        out.print(Text("\n").join(_shown(found)))


def _print_text(found: Mapping[str, Any]) -> None:
    results = found.get("results") or {}
    texts = (
        results.get("markdown_content"),
        results.get("transformed_text"),
        (results.get("structured_data") or {}).get("extracted_text"),
    )
    text = next((each for each in texts if each is not None), None)
    if text is None:
        why = "has made no text" if found["status"] == "completed" else f"has no text: it is {status_of(found)}"
        raise CannotStart(f"{found['job_id']} {why}.")
    # A program gets what was read, to the letter.
    print(harmless(text) if sys.stdout.isatty() else text)


def status_of(found: Mapping[str, Any]) -> str:
    """REST tells a cancelled job as a failed one."""
    cancelled = (found.get("error") or {}).get("code") == "JOB_CANCELLED"
    return "cancelled" if cancelled else str(found["status"])


def _shown(found: Mapping[str, Any]) -> Iterator[Text]:
    from secretary.cli.bars import STYLES

    status = status_of(found)
    yield Text.assemble((one_line(found.get("job_name") or found["job_id"]), "bold"), "  ", (status, STYLES[status]))
    yield from _rows(_facts(found))
    if found["parameters"]:
        yield Text("Parameters", style="dim")
        for name, value in found["parameters"].items():
            yield Text.assemble("  ", (f"{one_line(name)}  ", "dim"), _brief(value))
    if error := found.get("error"):
        more = _MORE.get(error["code"], f"`secretary retry {found['job_id']}` runs it again.")
        yield Text.assemble((one_line(error["code"]), STYLES["failed"]), f"  {one_line(error['message'])} {more}")
    for warning in (found.get("results") or {}).get("warnings") or ():
        yield Text.assemble(("warning  ", "yellow"), one_line(warning))
    if found["files"]:
        yield Text(f"Files  (`secretary download {found['job_id']}` fetches all)", style="dim")
        for file in found["files"]:
            yield Text.assemble(f"  {one_line(file['name'])}", (f"  {file['size']:,} bytes", "dim"))


def _facts(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from secretary.cli.jobs import moment

    progress = found["progress"]
    yield "ID", found["job_id"]
    yield "Type", found["job_type"]
    yield "Progress", f"{progress['percent']} %  {one_line(progress['message'] or progress['step'])}"
    yield "Created", f"{moment(found['created_at']):%Y-%m-%d %H:%M:%S}" + _by(found)
    if "completed_at" in found:
        began = moment(found.get("processing_started_at") or found["created_at"])
        seconds = (moment(found["completed_at"]) - began).total_seconds()
        cached = ", taken from an equal earlier job" if found.get("from_cache") else ""
        yield "Took", f"{seconds:,.1f} s{cached}"
    if found["attempt"] > 1:
        yield "Attempt", str(found["attempt"])
    if "batch_id" in found:
        yield "Batch", found["batch_id"]
    if summary := _summary(found.get("results") or {}):
        yield "Results", summary
    if target := (found.get("results") or {}).get("target_dir"):
        yield "Folder", one_line(target)


def _by(found: Mapping[str, Any]) -> str:
    return f" by {one_line(found['user_id'])}" if found.get("user_id") else ""


def _summary(results: Mapping[str, Any]) -> str:
    data = results.get("structured_data") or {}
    parts = []
    if "tables" in data:
        parts += [f"{len(data['metadata']['text_contents']):,} pages read", f"{len(data['tables']):,} tables"]
    text = results.get("markdown_content") or results.get("transformed_text") or data.get("extracted_text")
    if text is not None:
        parts.append(f"{len(text):,} characters of text (--text prints it)")
    return ", ".join(parts)


def _rows(facts: Iterator[tuple[str, str]]) -> Iterator[Text]:
    for name, value in facts:
        yield Text.assemble((f"{name:<{_NAMES}}", "dim"), value)


def _brief(value: object) -> str:
    from secretary.cli.remote.client import as_json as encoded

    text = one_line(value if isinstance(value, str) else encoded(value))
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}… ({len(text):,} characters)"


def _batch(client: "Client", batch_id: str, *, as_json: bool) -> None:
    from secretary.cli.bars import STYLES
    from secretary.cli.remote.client import as_json as encoded
    from secretary.cli.remote.client import batch_path

    if as_json:
        print(encoded(client.call("GET", batch_path(batch_id))))
        return
    found = client.ask("Batch", id=batch_id, first=1)
    if found is None:
        raise CannotStart(f"There is no batch {batch_id}.")
    status = found["status"].lower()
    counts = (f"{found[f'{name}Count']:,} {name}" for name in STYLES if found[f"{name}Count"])
    out.print(Text.assemble((one_line(found["name"] or batch_id), "bold"), "  ", (status, STYLES[status])))
    facts = [
        ("ID", batch_id),
        ("Progress", f"{found['percent']:.0f} %"),
        ("Jobs", f"{found['jobCount']:,}: {', '.join(counts)}"),
    ]
    out.print(Text("\n").join(_rows(iter(facts))))
    out.print(Text(f"`secretary jobs --batch {batch_id}` lists its jobs.", style="dim"))
