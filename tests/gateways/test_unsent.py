"""What proves that a request never left us, and what does not."""

import ssl

import pytest
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from assistant.gateways.unsent import never_left

LINE = HTTPConnection("api.example.com")


@pytest.mark.parametrize(
    ("error", "proof"),
    [
        (ConnectTimeoutError(), True),
        (NewConnectionError(LINE, "refused"), True),
        (NameResolutionError("x", LINE, OSError()), True),
        (SSLError(ssl.SSLCertVerificationError()), True),
        (SSLError(ssl.SSLEOFError()), False),
        (SSLError(), False),
        (ReadTimeoutError(HTTPConnectionPool("api.example.com"), "/", "x"), False),
        (ProtocolError("Connection aborted.", ConnectionResetError()), False),
        (OSError(), False),
    ],
    ids=lambda given: str(type(given).__name__),
)
def test_what_proves_that_nothing_was_sent(error: Exception, proof: bool) -> None:
    assert never_left(error) is proof
