"""Files that callers send: kept for later jobs, or for one created in the same call."""

from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer
from secretary.errors import SecretaryError
from secretary.forms import Form, FormLimits, received_form, wrong_field
from secretary.parameters import JobRequest, parse
from secretary.rest.answers import UploadedFile, success
from secretary.rest.form_fields import job_request_of
from secretary.service import Created, KeptUpload, Service

FILE: str = "file"


class Uploads:
    """What a caller can send."""

    def __init__(self, service: Service, max_body_bytes: int) -> None:
        self._service = service
        self._limits = FormLimits(service.uploads.incoming, service.uploads.max_file_bytes, max_body_bytes)

    async def create(self, request: Request, viewer: Viewer) -> Response:
        async with received_form(request, self._limits) as form:
            user_id = form.fields.pop("user_id", None)
            if form.fields:
                raise wrong_field(min(form.fields), "is not taken here; send `file`, and only as an admin `user_id`")
            kept = await self._service.uploads.keep(viewer, form.required_file(FILE), user_id=user_id)
        return success(shown_upload(kept))

    async def create_job(self, request: Request, viewer: Viewer) -> Created:
        """Upload and create in one call; when the job is refused, so is the file. Without a name the job is called like its file."""
        async with received_form(request, self._limits) as form:
            asked = self._asked(form)
            file = form.required_file(FILE)
            kept = await self._service.uploads.keep(viewer, file, user_id=asked.user_id)
        parameters = {**asked.parameters, "filename": kept.row.id}
        asked = asked.model_copy(update={"parameters": parameters, "job_name": asked.job_name or kept.row.name})
        try:
            key = request.headers.get("idempotency-key")
            return await self._service.jobs.create(viewer, asked, idempotency_key=key)
        except SecretaryError:
            await self._service.uploads.take_back(kept)
            raise

    def _asked(self, form: Form) -> JobRequest:
        asked = parse(JobRequest, job_request_of(form.fields, self._service.jobs.job_types))
        if "filename" in asked.parameters:
            raise wrong_field("filename", "is the uploaded file itself; leave this field out")
        return asked


def shown_upload(kept: KeptUpload) -> UploadedFile:
    row = kept.row
    return UploadedFile(file_id=row.id, filename=row.name, size=row.size, sha256=row.sha256, media_type=row.media_type)
