"""What this deployment permits, built once from the settings; the rules over it are pure functions."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from secretary.auth import Viewer
from secretary.errors import (
    FieldError,
    FieldRefusal,
    FileMissing,
    Forbidden,
    InvalidParameters,
    JobFailure,
    ProviderNotConfigured,
    SecretaryError,
    TemplateError,
    UploadExpired,
    UrlNotAllowed,
)
from secretary.fetching import OutboundPolicy, check_url
from secretary.files import resolve_input
from secretary.job_types import JobType, JobTypes
from secretary.jobs import new_id
from secretary.language.templates import TemplateLibrary
from secretary.language.wishes import find_template
from secretary.parameters import JobRequest, Parameters, Webhook, masked, parse, with_secrets
from secretary.parameters.secrets import MASK
from secretary.parameters.templating import TemplateWish
from secretary.providers import ProviderName, not_configured
from secretary.secrecy import Secrecy
from secretary.service.sent_files import SentFiles, is_upload_id
from secretary.store import Room

MAX_KEY = 255
"""Characters of an idempotency key."""


_ABOUT: Final[dict[type[SecretaryError], str]] = {
    ProviderNotConfigured: "extraction_method",
    TemplateError: "template",
}
"""Which parameter a job's failure is about that refuses at once, if not the input file."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits, folders, configured providers, templates and the key for secrets of this deployment."""

    job_types: JobTypes
    input_roots: tuple[Path, ...]
    max_file_bytes: int
    secrecy: Secrecy
    providers: frozenset[ProviderName] = frozenset()
    templates: TemplateLibrary = field(default_factory=TemplateLibrary)
    room: Room = field(default_factory=Room)
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)


def new_job(
    policy: Policy, viewer: Viewer, request: JobRequest, sent: SentFiles, *, known: set[TemplateWish] | None = None
) -> dict[str, object]:
    """The columns of a job as `viewer` asks for it. `known` collects templates that are fine, for the next job of a batch.

    Raises UnknownJobType, InvalidParameters, ProviderNotConfigured, UnknownTemplate, TemplateError, Forbidden for another
    user's job, and the refusals of `files.resolve_input` for an input that cannot be read.
    """
    job_type = policy.job_types.get(request.job_type)
    parameters = parse(job_type.parameters, request.parameters, under=("parameters",))
    check_provider(policy, parameters)
    check_template(policy, parameters, set() if known is None else known)
    upload_id = check_input(policy, job_type, parameters, sent)
    if parameters.webhook is not None:
        check_url_field(policy, "parameters.webhook.url", parameters.webhook.url)
    return {
        "id": new_id("job"),
        "job_type": job_type.name,
        "name": request.job_name,
        "owner": owner_for(viewer, request.user_id),
        "priority": request.priority,
        "max_attempts": request.max_attempts,
        "upload_id": upload_id,
        "parameters": with_secrets(
            parameters.model_dump(mode="json", exclude_unset=True), parameters.secret_names(), policy.secrecy.seal
        ),
    }


def sealed_webhook(policy: Policy, webhook: Webhook | None) -> dict[str, object] | None:
    """A batch's webhook as its row has it; raises UrlNotAllowed."""
    if webhook is None:
        return None
    check_url_field(policy, "webhook.url", webhook.url)
    return with_secrets(webhook.model_dump(mode="json", exclude_unset=True), ("token", "secret"), policy.secrecy.seal)


def owner_for(viewer: Viewer, user_id: str | None) -> str:
    """Whose job it becomes: an admin may name anybody, others only themselves (Forbidden)."""
    if user_id is None or user_id == viewer.user_id:
        return viewer.user_id
    if not viewer.is_admin:
        raise Forbidden("This key acts for its own user only; name no other.")
    return user_id


def room_for(policy: Policy, viewer: Viewer) -> Room | None:
    """How much the owner of a new job may have; an admin's calls are not held to it."""
    return None if viewer.is_admin else policy.room


def check_provider(policy: Policy, parameters: Parameters) -> None:
    """Refuse at once what needs a remote service for which this deployment has no key."""
    needed = parameters.needs_provider
    if needed is not None and needed[0] not in policy.providers:
        raise not_configured(*needed)


def check_template(policy: Policy, parameters: Parameters, known: set[TemplateWish]) -> None:
    """Refuse at once a template that is not there or cannot be read; one that came with the job is a wrong parameter."""
    wish = parameters.template_wish
    if wish is None or wish in known:
        return
    try:
        find_template(wish, policy.templates)
    except TemplateError as error:
        if wish.content is None:
            raise
        named = FieldError(("parameters", wish.field), error.message)
        raise InvalidParameters(f"{named.field}: {named.message}", fields=(named,)) from None
    known.add(wish)


def check_input(policy: Policy, job_type: JobType, parameters: Parameters, sent: SentFiles) -> str | None:
    """The upload that the job reads, if it names one: an owner's own upload comes before a file of that name in a folder.

    Refuses at once what the worker could not open: a missing file, a folder, a place outside the allowed folders, a URL
    whose spelling alone shows that it is not opened. No name server is asked here.
    """
    name = job_type.parameters.url_field
    url = getattr(parameters, name) if name else None
    if name and url is not None:
        check_url_field(policy, f"parameters.{name}", url)
    for name, address in parameters.addresses:
        check_url_field(policy, f"parameters.{name}", address)
    name = job_type.parameters.input_field
    filename: str | None = getattr(parameters, name) if name else None
    if filename is None:
        return None
    if upload := sent.known.get(filename):
        return upload.id
    if filename in sent.expired:
        raise UploadExpired(f"The uploaded file {filename} is kept no longer; send it again.")
    if is_upload_id(filename):
        raise FileMissing(f"there is no uploaded file {filename}")
    resolve_input(filename, policy.input_roots, max_bytes=policy.max_file_bytes)
    return None


def check_url_field(policy: Policy, field: str, url: str) -> None:
    """Refuse a URL by its spelling, naming the field of the request."""
    try:
        check_url(url, policy.outbound)
    except UrlNotAllowed as error:
        details = [{"field": field, "message": error.message}]
        raise UrlNotAllowed(error.message, details=details) from None


def refused_fields(error: SecretaryError) -> tuple[FieldError, ...]:
    """The fields of a job's request that a refusal is about.

    A job's own failure that refuses at once is about the method that has no provider, the template that cannot be read, or
    else the input file; the one that refuses a whole batch has the fields in its details."""
    if isinstance(error, FieldRefusal):
        return error.fields
    if isinstance(error, JobFailure) and isinstance(error.details, list):
        return tuple(FieldError(tuple(entry["field"].split(".")), entry["message"]) for entry in error.details)
    if isinstance(error, JobFailure):
        return (FieldError(("parameters", _ABOUT.get(type(error), "filename")), error.message),)
    return ()


def shown_parameters(job_types: JobTypes, job_type: str, parameters: dict[str, object]) -> dict[str, object]:
    """The parameters as answers show them: secrets read `***`. Those of a type no longer installed hide every text."""
    known = job_types.known(job_type)
    if known is None:
        return dict.fromkeys(parameters, MASK)
    return masked(parameters, known.parameters.secret_names())


def empty_key_refused(key: str | None) -> str | None:
    """An idempotency key of 1 to 255 characters, or None; raises InvalidParameters."""
    if key is not None and not 1 <= len(key) <= MAX_KEY:
        message = f"must have 1 to {MAX_KEY} characters"
        raise InvalidParameters(f"idempotency_key: {message}", fields=(FieldError(("idempotency_key",), message),))
    return key
