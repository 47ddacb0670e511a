"""Requests to other machines, opened nowhere else: to addresses of callers, guarded, and to the providers an operator has set up."""

from secretary.fetching.answers import Fetched, Page, Posted
from secretary.fetching.async_client import AsyncOutboundClient
from secretary.fetching.client import OutboundClient
from secretary.fetching.filenames import safe_filename
from secretary.fetching.patience import FetchCancelled
from secretary.fetching.policy import OutboundPolicy
from secretary.fetching.provider_client import ProviderClient, ProviderRefused, ProviderResting, RequestRefused
from secretary.fetching.urls import check_url

__all__ = [
    "AsyncOutboundClient",
    "FetchCancelled",
    "Fetched",
    "OutboundClient",
    "OutboundPolicy",
    "Page",
    "Posted",
    "ProviderClient",
    "ProviderRefused",
    "ProviderResting",
    "RequestRefused",
    "check_url",
    "safe_filename",
]
