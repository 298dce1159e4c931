"""Whether an error proves that a request never left us: then it may simply be made again."""

import ssl

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError


def never_left(error: BaseException) -> bool:
    """Whether this error of urllib3 proves that no byte of the request was sent: there was no connection to send it on.

    Three do: connecting took too long; connecting was refused or the name is unknown (`NewConnectionError`, which
    `NameResolutionError` extends); the certificate was not the provider's, so the handshake was never finished.
    A read timeout, a reset and any other TLS error do not: the request may have been read before.
    It holds where nothing retries below us: what failed was the only attempt.
    """
    if isinstance(error, SSLError):
        return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args)
    return isinstance(error, ConnectTimeoutError | NewConnectionError)
