"""The command line. Each command reads the settings, and imports what it needs only when it runs, so that `--help` is quick."""

import sys
from typing import Annotated, Final

import typer

from secretary import __version__
from secretary.cli import (
    changes,
    doctor,
    documents,
    download,
    job,
    jobs,
    keys,
    processes,
    prune,
    run,
    schema,
    submit,
    templates,
    up,
    watch,
)
from secretary.cli.speaking import complain
from secretary.cli.standard_streams import standard_streams
from secretary.settings import SettingsError
from secretary.up.failures import CannotStart

app = typer.Typer(
    name="secretary",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
_SERVICE: Final = "The service"
_JOBS: Final = "Jobs of a running service"
_SETTING_UP: Final = "Setting up"

app.command("run", epilog=run.EXAMPLE, rich_help_panel=_SERVICE)(run.run)
app.command("up", epilog=up.EXAMPLE, rich_help_panel=_SERVICE)(up.up)
app.command("web", epilog=processes.WEB_EXAMPLE, rich_help_panel=_SERVICE)(processes.web)
app.command("worker", epilog=processes.WORKER_EXAMPLE, rich_help_panel=_SERVICE)(processes.worker)
app.command("valkey", epilog=processes.VALKEY_EXAMPLE, rich_help_panel=_SERVICE)(processes.valkey)
app.command("prune", epilog=prune.EXAMPLE, rich_help_panel=_SERVICE)(prune.prune)
app.command("submit", epilog=submit.EXAMPLE, rich_help_panel=_JOBS)(submit.submit)
app.command("watch", epilog=watch.EXAMPLE, rich_help_panel=_JOBS)(watch.watch)
app.command("jobs", epilog=jobs.EXAMPLE, rich_help_panel=_JOBS)(jobs.jobs)
app.command("job", epilog=job.EXAMPLE, rich_help_panel=_JOBS)(job.job)
app.command("download", epilog=download.EXAMPLE, rich_help_panel=_JOBS)(download.download)
app.command("cancel", epilog=changes.CANCEL_EXAMPLE, rich_help_panel=_JOBS)(changes.cancel)
app.command("retry", epilog=changes.RETRY_EXAMPLE, rich_help_panel=_JOBS)(changes.retry)
app.command("delete", epilog=changes.DELETE_EXAMPLE, rich_help_panel=_JOBS)(changes.delete)
app.add_typer(keys.app, name="key", rich_help_panel=_SETTING_UP)
app.add_typer(templates.app, name="template", rich_help_panel=_SETTING_UP)
app.command("doctor", epilog=doctor.EXAMPLE, rich_help_panel=_SETTING_UP)(doctor.doctor)
app.command("schema", epilog=schema.EXAMPLE, rich_help_panel=_SETTING_UP)(schema.schema)
app.command("documents", epilog=documents.EXAMPLE, rich_help_panel=_SETTING_UP)(documents.documents)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"secretary {__version__}")
        raise typer.Exit


@app.callback()
def secretary(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Turns documents into structured results, in the background, with live progress.

    [bold]secretary run FILE.pdf[/bold] does one document here and now; [bold]secretary up[/bold] keeps a service running,
    which [bold]secretary submit[/bold] gives work.
    """


def main() -> None:
    """Run the command line. What cannot be done is one sentence on standard error and exit code 1."""
    with standard_streams():
        try:
            app()
        except (CannotStart, SettingsError) as error:
            complain(str(error))
            sys.exit(1)
