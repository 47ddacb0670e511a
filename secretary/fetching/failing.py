"""What goes wrong on the way to another server, as sentences that hold neither addresses of the inside nor secrets of URLs."""

import contextlib
import ssl
from collections.abc import Iterator

import httpcore

from secretary.errors import FetchFailed, FetchRefused
from secretary.fetching.patience import TooSlow


@contextlib.contextmanager
def told_as_failures(host: str) -> Iterator[None]:
    """Turns what httpcore raises into FetchFailed or FetchRefused about `host`."""
    try:
        yield
    except TooSlow as error:
        raise FetchFailed(f"{host} took longer than it may take.") from error
    except httpcore.ConnectTimeout as error:
        raise FetchFailed(f"{host} did not accept a connection in time.") from error
    except httpcore.TimeoutException as error:
        raise FetchFailed(f"{host} did not answer in time.") from error
    except httpcore.ConnectError as error:
        raise _unconnected(host, error) from error
    except httpcore.NetworkError as error:
        raise FetchFailed(f"The connection to {host} broke off.") from error
    except httpcore.RemoteProtocolError as error:
        raise FetchFailed(f"{host} did not send a complete HTTP answer.") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise FetchRefused("A request for this address cannot be written.") from error


def _unconnected(host: str, error: httpcore.ConnectError) -> FetchFailed:
    # The pool cuts the chain of causes; what it was made from is its argument.
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchRefused(f"The certificate of {host} is not valid: {cause.verify_message.rstrip('.')}.")
    if isinstance(cause, ssl.SSLError):
        return FetchFailed(f"No secure connection to {host} could be made.")
    return FetchFailed(f"{host} cannot be connected to.")
