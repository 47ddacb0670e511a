"""Telling owners: each due delivery is claimed, put into words, signed, posted and entered; `docs/decisions/0012` says why so."""

from secretary.webhooks.composing import Composer
from secretary.webhooks.desk import Desk
from secretary.webhooks.sender import Sender

__all__ = ["Composer", "Desk", "Sender"]
