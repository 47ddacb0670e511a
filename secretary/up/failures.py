"""Why a service cannot start, as one sentence that names what to do."""


class CannotStart(Exception):
    """The service cannot start; the message says why and what to do."""
