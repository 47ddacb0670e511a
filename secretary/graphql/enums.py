"""The service's own enums made known to GraphQL, before any type that shows them is read: one enum per concept, whichever
door speaks of it."""

import strawberry

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.language.templates import TemplateSource
from secretary.parameters import ExtractionMethod
from secretary.store import OrderField

strawberry.enum(JobStatus, description="Where a job or a batch stands.")
strawberry.enum(ErrorCode, description="What kind of error it is.")
strawberry.enum(ExtractionMethod, description="How the text of a page is read.")
strawberry.enum(OrderField, name="JobOrderField", description="What a list of jobs may be ordered by.")
strawberry.enum(TemplateSource, description="Where a template comes from.")
