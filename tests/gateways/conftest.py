"""Local servers for the gateways' tests, and the vendor's own description of its API."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from openapi_core import OpenAPI
from werkzeug.serving import WSGIRequestHandler, make_server

SPECS = Path(__file__).parents[3] / "shared" / "specs"
Serve = Callable[..., AbstractContextManager[str]]


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def serving(app: WSGIApplication, port: int = 0) -> Iterator[str]:
    """Serve a WSGI app on 127.0.0.1; yields its address."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Serve:
    return serving


@pytest.fixture(scope="session")
def twilio_spec() -> OpenAPI | None:
    """Twilio's OpenAPI description, or None where the specs are not at hand."""
    path = SPECS / "twilio_api_v2010.json"
    if not path.exists():
        return None
    return OpenAPI.from_dict(_messages_only(json.loads(path.read_text())))


def _messages_only(spec: dict[str, Any]) -> dict[str, Any]:
    spec["paths"] = {path: item for path, item in spec["paths"].items() if "/Messages" in path}
    return spec
