"""A file over GraphQL: the form of the GraphQL multipart request specification, and what `uploadFile` answers.

A browser may send such a form to any site without asking it first; but the key that must come with it travels in a header, which it
may not, so no other site can use it."""

import contextlib
from typing import Annotated, Any

import strawberry
from graphql import GraphQLSyntaxError, OperationDefinitionNode, print_ast
from pydantic_core import from_json

from secretary.errors import Forbidden, InvalidJson, RateLimited
from secretary.files import IncomingFile
from secretary.forms import Form, wrong_field
from secretary.graphql.checks import parsed
from secretary.graphql.context import Info
from secretary.graphql.refusals import ForbiddenError, InvalidInputError, RateLimitedError
from secretary.graphql.scalars import Long, Upload
from secretary.service import KeptUpload


@strawberry.type(description="A file that was sent.")
class UploadedFile:
    id: strawberry.ID = strawberry.field(description="Serves as a job's filename, and always means this file.")
    filename: str = strawberry.field(
        description="Serves as a job's filename, too, and means the last file sent by this name."
    )
    size: Long = strawberry.field(description="Bytes.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, hexadecimal.")
    media_type: str = strawberry.field(description="What it is by its own first bytes.")

    @classmethod
    def from_kept(cls, kept: KeptUpload) -> "UploadedFile":
        row = kept.row
        return cls(
            id=strawberry.ID(row.id),
            filename=row.name,
            size=Long(row.size),
            sha256=row.sha256,
            media_type=row.media_type,
        )


@strawberry.type(description="The file as it is kept.")
class UploadFilePayload:
    file: UploadedFile = strawberry.field(description="The file.")


UploadFileResult = Annotated[
    UploadFilePayload | InvalidInputError | RateLimitedError | ForbiddenError,
    strawberry.union("UploadFileResult", description="The file, or why it was not kept."),
]


def operation_in(form: Form) -> Any:
    """The operation that the form carries, with its file at the place the map names; raises InvalidJson, InvalidParameters."""
    operation = _json(form, "operations")
    places = _json(form, "map")
    if form.file is None or not isinstance(places, dict) or list(places) != [form.file_field]:
        raise wrong_field("map", "must name the one file of the form, and nothing else")
    paths = places[form.file_field]
    if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
        raise wrong_field("map", "must give the file one place, such as variables.file")
    _put(operation, paths[0], form.file)
    return operation


def refuse_misplaced_file(query: str, variables: dict[str, Any]) -> None:
    """Raises InvalidParameters for a file in a variable that is no Upload: no other type knows what to make of it."""
    with contextlib.suppress(GraphQLSyntaxError):
        document = parsed(query)
        declared = {
            variable.variable.name.value: print_ast(variable.type).strip("!")
            for operation in document.definitions
            if isinstance(operation, OperationDefinitionNode)
            for variable in operation.variable_definitions or ()
        }
        for name, value in variables.items():
            if isinstance(value, IncomingFile) and declared.get(name) != "Upload":
                raise wrong_field("map", f"must give the file to a variable of type Upload, which ${name} is not")


def _json(form: Form, name: str) -> Any:
    text = form.fields.get(name, "")
    if "\\u0000" in text:
        raise InvalidJson(f"The form's field `{name}` holds a null byte (\\u0000), which no database column takes.")
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJson(f"The form's field `{name}` is not valid JSON: {error}.") from None


def _put(operation: Any, path: str, file: Any) -> None:
    variables = operation.get("variables") if isinstance(operation, dict) else None
    # No input type of the schema has an Upload in it, so the place is a variable itself.
    place, _, name = path.partition(".")
    if place != "variables" or not isinstance(variables, dict) or "." in name or variables.get(name, file) is not None:
        raise wrong_field("map", "must give the file the place of a variable that is null in `operations`")
    variables[name] = file


async def upload_file(info: Info, file: Upload) -> UploadFileResult:
    """Keep the file; what can be wrong with it otherwise was refused while it came."""
    try:
        info.context.check_counted()
        kept = await info.context.service.uploads.keep(info.context.viewer, file)
    except Forbidden as error:
        return ForbiddenError(code=error.code, message=error.message)
    except RateLimited as error:
        return RateLimitedError(code=error.code, message=error.message, retry_after_seconds=error.retry_after)
    return UploadFilePayload(file=UploadedFile.from_kept(kept))
