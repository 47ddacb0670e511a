"""`secretary template`: look a template over before a job uses it, and list those there are."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from secretary.cli.speaking import out, remark
from secretary.errors import TemplateError
from secretary.settings import load_settings
from secretary.up.failures import CannotStart

if TYPE_CHECKING:
    from secretary.language.templates import ListedTemplate

_TABLE_WIDTH: Final = 300
_COLUMNS: Final = ("name", "source", "languages", "fields", "variables")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Check a template file, and list templates.",
    epilog="Example: [bold]secretary template list[/bold]",
)


@app.command(epilog="Example: [bold]secretary template check MyMinutes.md[/bold]")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The template file.")],
) -> None:
    """Show a template's fields, variables and system prompt, or what is wrong with it and where. Exit code 1 when it is wrong."""
    from secretary.language.templates import read_template

    try:
        template = read_template(file)
    except TemplateError as error:
        raise CannotStart(error.message) from None
    for field in template.fields:
        kind = "list" if field.many else "text"
        place = field.place.replace("_", " ")
        out.print(Text.assemble("field     ", (field.name, "bold"), f"  {kind}, line {field.line}, {place}"))
        for line in field.question.splitlines():
            out.print(Text(f"          {line}", style="dim"))
    for name in template.variables:
        out.print(Text.assemble("variable  ", (name, "bold")))
    out.print(f"system prompt: {'yes' if template.system_prompt else 'no'}")
    for note in template.notes:
        remark(note)


@app.command("list", epilog="Example: [bold]secretary template list[/bold]")
def list_() -> None:
    """List your own and the bundled templates; one that cannot be used is listed with what is wrong with it."""
    from secretary.language.templates import TemplateLibrary

    listed = TemplateLibrary(load_settings().templates_dir).list()
    if not sys.stdout.isatty():
        for cells in (_COLUMNS, *map(_cells, listed)):
            print("\t".join(cells))
        return
    table = Table(*_COLUMNS, box=None, pad_edge=False, header_style="dim")
    for template in listed:
        table.add_row(*map(Text, _cells(template)), style="red" if template.error else "")
    out.print(table, width=_TABLE_WIDTH, crop=False)


def _cells(listed: "ListedTemplate") -> tuple[str, ...]:
    languages = " ".join(listed.languages)
    if listed.template is None:
        return listed.name, listed.source, languages, listed.error.message if listed.error else "", ""
    fields = ", ".join(field.name for field in listed.template.fields)
    return listed.name, listed.source, languages, fields, ", ".join(listed.template.variables)
