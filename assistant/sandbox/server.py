"""The sandbox as a web server: Twilio's and Stripe's APIs, the doors for scripts, and the pages a person sees."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox import wire
from assistant.sandbox.courier import Courier
from assistant.sandbox.inbox import inbox_page
from assistant.sandbox.mail_scripts import mail_scripts
from assistant.sandbox.phone import phone_page
from assistant.sandbox.rest import rest
from assistant.sandbox.scripts import scripts
from assistant.sandbox.sendgrid_rest import sendgrid_rest
from assistant.sandbox.stripe_checkout import checkout
from assistant.sandbox.stripe_rest import API as STRIPE_API
from assistant.sandbox.stripe_rest import stripe_rest, unknown_endpoint
from assistant.sandbox.stripe_scripts import stripe_scripts
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
    if world.stripe is not None:
        for blueprint in (
            stripe_rest(world.stripe, world.bell),
            stripe_scripts(world, world.stripe.book),
            checkout(world, world.stripe.book),
        ):
            app.register_blueprint(blueprint)
    if world.mail is not None:
        for blueprint in (
            sendgrid_rest(world.mail, world.bell),
            inbox_page(world, world.mail),
            mail_scripts(world, world.mail),
        ):
            app.register_blueprint(blueprint)
    app.before_request(_refuse_other_sites)
    app.after_request(_headers)

    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        if courier is not None and not courier.is_alive:
            return jsonify(status="the courier has stopped: nothing is brought any more"), 503
        return jsonify(status="ok")

    @app.errorhandler(404)
    def unknown(_: Exception) -> ResponseReturnValue:
        if world.stripe is not None and request.path.startswith(STRIPE_API):
            return unknown_endpoint()
        return wire.error(20404) if request.path.startswith(wire.API) else ("Not found", 404)

    return app


def _refuse_other_sites() -> ResponseReturnValue | None:
    """A page elsewhere could make this browser post here: the sandbox has no login to stop it."""
    origin = request.headers.get("Origin")
    if request.method == "GET" or origin is None or urlsplit(origin).netloc == request.host:
        return None
    return "This comes from another site.", 403


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
