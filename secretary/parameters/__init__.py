"""What goes in: the parameters of each job type, and how a wrong one is named."""

from secretary.parameters.base import Parameters
from secretary.parameters.pdf import ExtractionMethod, PdfParameters
from secretary.parameters.requests import BatchRequest, JobRequest
from secretary.parameters.secrets import masked, with_secrets
from secretary.parameters.session import SessionParameters
from secretary.parameters.transformer import TransformerParameters
from secretary.parameters.validation import field_errors, parse
from secretary.parameters.webhook import Webhook

__all__ = [
    "BatchRequest",
    "ExtractionMethod",
    "JobRequest",
    "Parameters",
    "PdfParameters",
    "SessionParameters",
    "TransformerParameters",
    "Webhook",
    "field_errors",
    "masked",
    "parse",
    "with_secrets",
]
