"""Requests to other machines: so far those to the providers an operator has set up."""

from secretary.fetching.provider_client import ProviderClient, ProviderRefused, ProviderResting, RequestRefused

__all__ = ["ProviderClient", "ProviderRefused", "ProviderResting", "RequestRefused"]
