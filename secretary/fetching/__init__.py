"""Requests to other machines: so far those to the providers an operator has set up."""

from secretary.fetching.provider_client import ProviderClient, ProviderRefused, ProviderResting

__all__ = ["ProviderClient", "ProviderRefused", "ProviderResting"]
