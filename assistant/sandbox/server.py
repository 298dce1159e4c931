"""The sandbox as a web server: Twilio's API, the doors for scripts, and the page with a phone on it."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox import wire
from assistant.sandbox.courier import Courier
from assistant.sandbox.phone import phone_page
from assistant.sandbox.rest import rest
from assistant.sandbox.scripts import scripts
from assistant.sandbox.world import World

TEMPLATES = Path(__file__).parents[2] / "templates" / "sandbox"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_sandbox(world: World, courier: Courier | None = None) -> Flask:
    """The WSGI app. `courier`, when given, is watched by /healthz; whoever made it starts and stops it."""
    app = Flask("assistant.sandbox", template_folder=str(TEMPLATES))
    for blueprint in (rest(world), scripts(world), phone_page(world)):
        app.register_blueprint(blueprint)
    app.before_request(_refuse_other_sites)
    app.after_request(_headers)

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        if courier is not None and not courier.is_alive:
            return jsonify(status="the courier has stopped: texts are no longer brought"), 503
        return jsonify(status="ok")

    @app.errorhandler(404)
    def unknown(_: Exception) -> ResponseReturnValue:
        return wire.error(20404) if request.path.startswith(wire.API) else ("Not found", 404)

    return app


def _refuse_other_sites() -> ResponseReturnValue | None:
    """A page elsewhere could make this browser post here: the sandbox has no login to stop it."""
    origin = request.headers.get("Origin")
    if request.method == "GET" or origin is None or urlsplit(origin).netloc == request.host:
        return None
    return "This comes from another site.", 403


def _headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
