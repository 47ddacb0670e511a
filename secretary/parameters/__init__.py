"""What goes in: the parameters of each job type, and how a wrong one is named."""

from secretary.parameters.base import Parameters
from secretary.parameters.pdf import ExtractionMethod, PdfParameters
from secretary.parameters.requests import BatchRequest, JobRequest
from secretary.parameters.validation import field_errors, parse

__all__ = ["BatchRequest", "ExtractionMethod", "JobRequest", "Parameters", "PdfParameters", "field_errors", "parse"]
