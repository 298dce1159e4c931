"""What every browser test shares: a served app, and a page on which nothing is forgiven."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def serving(app: Flask, *, port: int = 0) -> Iterator[str]:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def opened(browser: Browser, *, scripted: bool, width: int) -> Iterator[Page]:
    """A page on which no error and no broken content policy is forgiven."""
    context = browser.new_context(java_script_enabled=scripted, viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda failed: complaints.append(f"{failed.url} {failed.failure}"))
    yield page
    page.goto("about:blank")
    context.close()
    assert [each for each in complaints if "ERR_ABORTED" not in each] == []
