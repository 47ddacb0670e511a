"""API keys over GraphQL: made for a program of one's own, shown once, and ended."""

from datetime import datetime
from typing import Annotated

import strawberry

from secretary.errors import FieldError, Forbidden, InvalidParameters, NotFound
from secretary.graphql.context import Info
from secretary.graphql.refusals import FieldError as ShownFieldError
from secretary.graphql.refusals import ForbiddenError, InvalidInputError, NotFoundError, not_found
from secretary.models import ApiKeyRow

_NAMES = {"user_id": "userId", "expires_at": "expiresAt"}


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    user_id: str | None = strawberry.field(
        default=None, description="Whom it belongs to: the caller when not given; anybody, for an admin."
    )
    is_admin: bool = strawberry.field(default=False, description="Whether it sees everybody's jobs.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends by itself; never when not given."
    )


@strawberry.type(description="An API key, without what it opens with.")
class ApiKey:
    id: strawberry.ID = strawberry.field(description="The key's id.")
    user_id: str = strawberry.field(description="Whom it belongs to.")
    is_admin: bool = strawberry.field(description="Whether it sees everybody's jobs.")
    hint: str = strawberry.field(description="Its first characters, to know it by.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it ends by itself.")
    revoked_at: datetime | None = strawberry.field(description="When it was ended.")

    @classmethod
    def from_row(cls, row: ApiKeyRow) -> "ApiKey":
        return cls(
            id=strawberry.ID(row.id),
            user_id=row.user_id,
            is_admin=row.is_admin,
            hint=row.hint,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


@strawberry.type(description="The key that was made.")
class CreateApiKeyPayload:
    api_key: ApiKey = strawberry.field(description="The key.")
    secret: str = strawberry.field(description="What it opens with; shown this once.")


@strawberry.type(description="The key that has ended.")
class RevokeApiKeyPayload:
    api_key: ApiKey = strawberry.field(description="The key.")


CreateApiKeyResult = Annotated[
    CreateApiKeyPayload | InvalidInputError | ForbiddenError,
    strawberry.union("CreateApiKeyResult", description="The key, or why none was made."),
]
RevokeApiKeyResult = Annotated[
    RevokeApiKeyPayload | NotFoundError,
    strawberry.union("RevokeApiKeyResult", description="The key, or why it is as it was."),
]


async def create_api_key(info: Info, data: CreateApiKeyInput) -> CreateApiKeyResult:
    """Make a key and show its secret, this once."""
    try:
        made = await info.context.service.keys.create(
            info.context.viewer, user_id=data.user_id, is_admin=data.is_admin, expires_at=data.expires_at
        )
    except Forbidden as error:
        return ForbiddenError(code=error.code, message=error.message)
    except InvalidParameters as error:
        fields = [ShownFieldError.from_error(_translated(field)) for field in error.fields]
        message = f"{fields[0].path[0]}: {fields[0].message}"
        return InvalidInputError(code=error.code, message=message, fields=fields)
    return CreateApiKeyPayload(api_key=ApiKey.from_row(made.row), secret=made.secret)


async def revoke_api_key(info: Info, key_id: str) -> RevokeApiKeyResult:
    """End a key, and the sockets that were opened with it."""
    try:
        row = await info.context.service.keys.revoke(info.context.viewer, key_id)
    except NotFound as error:
        return not_found(error)
    return RevokeApiKeyPayload(api_key=ApiKey.from_row(row))


def _translated(field: FieldError) -> FieldError:
    return FieldError(tuple(_NAMES.get(name, name) for name in field.path), field.message)
