"""The OpenAPI 3.1 description, made from the table of operations and the models of what goes in and comes out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from pydantic_core import to_json

from secretary.errors import (
    BodyTooLarge,
    FileTooLarge,
    Internal,
    InvalidFile,
    InvalidForm,
    InvalidJson,
    NotADocument,
    RateLimited,
    SecretaryError,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from secretary.job_types import JobTypes
from secretary.parameters import JobRequest
from secretary.rest.answers import Job, JobEvent, Refused
from secretary.rest.operations import KEY_NEEDED, Answered, Operation

Mode = Literal["validation", "serialization"]
Schemas = dict[tuple[type[BaseModel], Mode], dict[str, Any]]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SEGMENT: Final = re.compile(r"{(\w+)(?::\w+)?}")
_PATH_PARAMETERS: Final = {
    "job_id": "The job's id.",
    "batch_id": "The batch's id.",
    "delivery_id": "The delivery's id.",
    "name": "The file's name as the job's `files` give it, with `/` between folders.",
}
_SECURITY_SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The API key."},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-Secretary-Api-Key", "description": "The API key."},
}


def described(operations: Sequence[Operation], job_types: JobTypes) -> bytes:
    """The description as JSON."""
    schemas, components = _schemas(operations, job_types)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        path = _SEGMENT.sub(r"{\1}", operation.path)
        paths[path][operation.method.lower()] = _described_operation(operation, schemas)
    return to_json(
        {
            "openapi": "3.1.0",
            "jsonSchemaDialect": _DIALECT,
            "info": {
                "title": "secretary",
                "version": version("secretary"),
                "summary": "Turns documents into structured results, in the background, with live progress.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "security": KEY_NEEDED,
            "paths": paths,
            "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
        }
    )


def _schemas(operations: Iterable[Operation], job_types: JobTypes) -> tuple[Schemas, dict[str, Any]]:
    models: dict[tuple[type[BaseModel], Mode], None] = {(JobRequest, "validation"): None, (Job, "serialization"): None}
    models[Refused, "serialization"] = None
    for operation in operations:
        for answer in operation.answers.values():
            if answer.model is not None:
                models[answer.model, "serialization"] = None
        for asked in (operation.body, operation.query):
            if asked is not None:
                models[asked, "validation"] = None
    for job_type in job_types:
        models[job_type.parameters, "validation"] = None
        models[job_type.results, "serialization"] = None
    found, definitions = models_json_schema(list(models), ref_template="#/components/schemas/{model}")
    schemas: Schemas = {(model, mode): found[model, mode] for model, mode in models}
    components: dict[str, Any] = definitions["$defs"]
    _name_what_job_types_add(schemas, components, job_types)
    return schemas, components


def _name_what_job_types_add(schemas: Schemas, components: dict[str, Any], job_types: JobTypes) -> None:
    """Where a model says "any object", say which objects the job types of this server have there."""

    def component(model: type[BaseModel], mode: Mode) -> dict[str, Any]:
        found: dict[str, Any] = components[schemas[model, mode]["$ref"].rpartition("/")[2]]
        return found

    parameters = [schemas[job_type.parameters, "validation"] for job_type in job_types]
    results = [schemas[job_type.results, "serialization"] for job_type in job_types]
    asked = component(JobRequest, "validation")["properties"]
    asked["job_type"]["examples"] = [job_type.name for job_type in job_types]
    # Historical spellings are taken too, so any object may be right.
    asked["parameters"]["anyOf"] = [*parameters, {"type": "object"}]
    for model in (Job, JobEvent):
        component(model, "serialization")["properties"]["results"]["anyOf"] = [*results, {"type": "object"}]
    for name, schema in components.items():
        if name == "BatchRequest":
            schema["properties"]["jobs"].update(items=schemas[JobRequest, "validation"], minItems=1, maxItems=10_000)


def _described_operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": operation.answer.security,
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
    }
    content: dict[str, Any] = {}
    if operation.body is not None:
        content["application/json"] = {"schema": schemas[operation.body, "validation"]}
    if operation.form is not None:
        content["multipart/form-data"] = {"schema": operation.form}
    if content:
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    text = {"type": "string"}
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": text, "description": _PATH_PARAMETERS[name]}
        for name in _SEGMENT.findall(operation.path)
    ]
    in_headers = [
        {"name": name, "in": "header", "schema": text, "description": description}
        for name, description in operation.headers.items()
    ]
    return [*in_path, *_query(operation), *in_headers]


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {"name": name, "in": "query", "description": asked.pop("description", ""), "schema": asked}
        for name, asked in schema["properties"].items()
    ]


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    refused = {"application/json": {"schema": schemas[Refused, "serialization"]}}
    responses = {str(status): _response(answered, schemas) for status, answered in operation.answers.items()}
    for status, sentences in _refusals(operation).items():
        responses[str(status)] = {"description": "\n".join(sentences), "content": refused}
    return responses


def _response(answered: Answered, schemas: Schemas) -> dict[str, Any]:
    response: dict[str, Any] = {"description": answered.description}
    if answered.headers:
        response["headers"] = {
            name: {"description": description, "schema": {"type": "string"}}
            for name, description in answered.headers.items()
        }
    if answered.model is not None:
        response["content"] = {answered.media_type: {"schema": schemas[answered.model, "serialization"]}}
    elif answered.media_type != "application/json":
        response["content"] = {answered.media_type: {}}
    return response


def _refusals(operation: Operation) -> dict[int, list[str]]:
    """Every refusal the operation can give, by status, each as its code and the sentence that goes with it."""
    kinds: list[type[SecretaryError]] = [*operation.refusals, Internal]
    if operation.answer.security:
        kinds += [Unauthorized, Unavailable]
    if operation.answer.security == KEY_NEEDED:
        kinds.append(RateLimited)
    if operation.body is not None:
        kinds += [InvalidJson, BodyTooLarge, UnsupportedMediaType]
    if operation.form is not None:
        kinds += [InvalidForm, InvalidFile, NotADocument, FileTooLarge]
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for kind in kinds:
        sentence = f"`{kind.code}`: {kind().message}"
        if sentence not in by_status[kind.http_status]:
            by_status[kind.http_status].append(sentence)
    return dict(sorted(by_status.items()))
