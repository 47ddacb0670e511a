"""The command line. Each command reads the settings, and imports what it needs only when it runs, so that `--help` is quick."""

import sys
from typing import Annotated

import typer

from secretary import __version__
from secretary.cli import doctor, documents, keys, processes, prune, run, schema, templates, up
from secretary.cli.speaking import complain
from secretary.settings import SettingsError
from secretary.up.failures import CannotStart

app = typer.Typer(
    name="secretary",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("up", epilog=up.EXAMPLE)(up.up)
app.command("run", epilog=run.EXAMPLE)(run.run)
app.command("web", epilog=processes.WEB_EXAMPLE)(processes.web)
app.command("worker", epilog=processes.WORKER_EXAMPLE)(processes.worker)
app.command("valkey", epilog=processes.VALKEY_EXAMPLE)(processes.valkey)
app.command("prune", epilog=prune.EXAMPLE)(prune.prune)
app.add_typer(keys.app, name="key")
app.add_typer(templates.app, name="template")
app.command("schema", epilog=schema.EXAMPLE)(schema.schema)
app.command("documents", epilog=documents.EXAMPLE)(documents.documents)
app.command("doctor", epilog=doctor.EXAMPLE)(doctor.doctor)


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

    [bold]secretary run FILE.pdf[/bold] does one document here and now; [bold]secretary up[/bold] keeps a service running.
    """


def main() -> None:
    """Run the command line. What cannot be done is one sentence on standard error and exit code 1."""
    try:
        app()
    except (CannotStart, SettingsError) as error:
        complain(str(error))
        sys.exit(1)
