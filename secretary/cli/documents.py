"""`secretary documents`: the manifest of a folder of GraphQL operations, for clients that send hashes instead of texts."""

from pathlib import Path
from typing import Annotated, Final

import typer

from secretary.cli.speaking import remark
from secretary.up.failures import CannotStart

EXAMPLE: Final = "Example: [bold]secretary documents operations/ --output persisted.json[/bold]"


def documents(
    folder: Annotated[Path, typer.Argument(help="Folder of `*.graphql` files.", exists=True, file_okay=False)],
    output: Annotated[
        str, typer.Option("--output", "-o", help="File to write, or - for standard output.", metavar="FILE")
    ] = "-",
) -> None:
    """Print the manifest of a folder of GraphQL operations, for [bold]SECRETARY_PERSISTED_DOCUMENTS[/bold]."""
    from graphql import GraphQLError

    from secretary.graphql.persisted import manifest_of

    try:
        text = manifest_of(folder)
        if output == "-":
            print(text, end="")
            return
        Path(output).write_text(text, encoding="utf-8")
    except GraphQLError as error:
        raise CannotStart(f"{folder} holds a file that is no GraphQL document: {error.message}") from None
    except OSError as error:
        raise CannotStart(f"The manifest cannot be written to {output} ({error.strerror}).") from None
    remark(f"The manifest is in {output}.")
