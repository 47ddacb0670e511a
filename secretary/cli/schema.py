"""`secretary schema`: the GraphQL schema as text."""

from pathlib import Path
from typing import Annotated, Final

import typer

from secretary.cli.speaking import remark
from secretary.up.failures import CannotStart

EXAMPLE: Final = "Example: [bold]secretary schema --output schema.graphql[/bold]"


def schema(
    output: Annotated[
        str, typer.Option("--output", "-o", help="File to write, or - for standard output.", metavar="FILE")
    ] = "-",
) -> None:
    """Print the GraphQL schema that this version serves."""
    from secretary.graphql import schema_text

    text = schema_text().rstrip("\n") + "\n"
    if output == "-":
        print(text, end="")
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"The schema cannot be written to {output} ({error.strerror}).") from None
    remark(f"The schema is in {output}.")
