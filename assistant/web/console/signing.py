"""How staff sign in: Flask-Security with our accounts, our mail, our pages and a limit on trying."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from flask import Flask, abort, g, request, session, url_for
from flask_login import current_user, user_logged_out
from flask_security import MailUtil, Security
from flask_security.signals import (
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    wan_deleted,
    wan_registered,
)
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from assistant.messages.staff_mail import StaffChanged, StaffReset
from assistant.services import sign_ins, staff, staff_sessions
from assistant.settings import Settings
from assistant.web.console.accounts import Account, datastore
from assistant.web.here import here

PREFIX = "/console"
LASTS = timedelta(hours=12)
SECRET = "of_this_session"  # noqa: S105 - the name of where it is kept
"""In the cookie of each session: what makes it another than the next of the same person."""
FRESH = timedelta(minutes=15)
"""How lately somebody has proved who they are who moves money."""
LEADS_ON = re.compile(r"/console/[A-Za-z0-9/_?&=%.-]*")
"""Where somebody may be led after signing in: to a page of ours, and nowhere else."""
TRIES = {"login", "wan_signin_response", "two_factor_token_validation", "mf_recovery", "forgot_password", "verify"}
PAGES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "RESET_URL": "/password",
    "CHANGE_URL": "/account/password",
    "VERIFY_URL": "/account/again",
    "TWO_FACTOR_SETUP_URL": "/account/codes",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/help",
    "TWO_FACTOR_SELECT_URL": "/sign-in/how",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_DELETE_URL": "/account/passkeys/delete",
    "WAN_SIGNIN_URL": "/sign-in/passkey",
    "WAN_VERIFY_URL": "/account/again/passkey",
}
CHOSEN: dict[str, Any] = {
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_LENGTH_MIN": 12,
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "RETURN_GENERIC_RESPONSES": True,
    "JOIN_USER_ROLES": False,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "TOTP_ISSUER": "Staff console",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "WEBAUTHN": True,
    "WAN_RP_NAME": "Staff console",
    "WAN_ALLOW_USER_HINTS": False,
    "URL_PREFIX": PREFIX,
    "STATIC_FOLDER_URL": "/none",
    "POST_LOGIN_VIEW": f"{PREFIX}/",
    "POST_LOGOUT_VIEW": f"{PREFIX}/sign-in",
    "POST_CHANGE_VIEW": f"{PREFIX}/account",
    "POST_RESET_VIEW": f"{PREFIX}/sign-in",
    "TWO_FACTOR_POST_SETUP_VIEW": f"{PREFIX}/account",
    "WAN_POST_REGISTER_VIEW": f"{PREFIX}/account/passkeys",
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": timedelta(0),
    "LOGOUT_CSRF": True,
    "API_ENABLED_METHODS": ["session"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SEND_PASSWORD_RESET_NOTICE_EMAIL": True,
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
}


def set_up(app: Flask, settings: Settings) -> None:
    """Everything about signing in, on an app."""
    secure = settings.public_base_url.startswith("https://")
    app.config.update({f"SECURITY_{name}": value for name, value in (CHOSEN | PAGES).items()})
    app.config.update(
        SESSION_COOKIE_NAME="__Host-staff" if secure else "staff",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_DURATION=LASTS,
        PERMANENT_SESSION_LIFETIME=LASTS,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=secure,
        SECURITY_TOTP_SECRETS={"1": _key(settings, "totp")},
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[_key(settings, "recovery")],
        SECURITY_DATETIME_FACTORY=lambda: here().runtime.clock.now(),  # noqa: PLW0108 - of the app that is asked
    )
    csrf = CSRFProtect(app)
    app.before_request(lambda: _guard(csrf))
    Security(app, datastore(app), mail_util_cls=Letters)
    hooks = app.before_request_funcs[None]
    hooks[:] = [_of_the_console_alone(hook) for hook in hooks]
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    password_changed.connect(_new_password, app)
    password_reset.connect(_new_password, app)
    for signal, act in (
        (tf_profile_changed, "staff_codes_set"),
        (tf_disabled, "staff_codes_ended"),
        (wan_registered, "staff_passkey_added"),
        (wan_deleted, "staff_passkey_removed"),
    ):
        signal.connect(_told(act), app, weak=False)


def _key(settings: Settings, purpose: str) -> str:
    """A key of its own for each purpose, out of the installation's one."""
    return urlsafe_b64encode(sha256(f"{purpose}:{settings.secret_key}".encode()).digest()).decode()


def _of_the_console_alone(hook: Callable[[], Any]) -> Callable[[], Any]:
    """At every other door nobody signs in: who it is is not asked, and the body is left for its signature."""
    return lambda: hook() if request.path.startswith(f"{PREFIX}/") else None


def _guard(csrf: CSRFProtect) -> None:
    """Every form of the console proves that it is ours, and nobody tries to sign in for ever."""
    if not request.path.startswith(f"{PREFIX}/"):
        return
    _while_it_lasts()
    if not LEADS_ON.fullmatch(request.values.get("next") or f"{PREFIX}/"):
        abort(400)
    if any("\0" in each for given in request.values.listvalues() for each in given):
        abort(400)  # no text holds one, and no database keeps it
    if request.method != "POST":
        return
    try:
        csrf.protect()
    except CSRFError:
        abort(403)
    blueprint, _, view = (request.endpoint or "").partition(".")
    if blueprint == "security" and view in TRIES:
        who = request.form.get("email") or str(session.get("tf_user_id") or "") or _user()
        by = {"account": who, "address": request.remote_addr or ""}
        if not here().runtime.transact(lambda uow: sign_ins.tried(uow, by)):
            abort(429)


def _while_it_lasts() -> None:
    """A copy of a cookie that was signed out of is a stranger's."""
    secret = session.get(SECRET)
    if secret and here().runtime.transact(lambda uow: staff_sessions.is_over(uow, secret), single=True):
        session.clear()


def _signed_out(_app: Flask, **_: object) -> None:
    secret = session.pop(SECRET, None)
    if secret:
        here().runtime.transact(lambda uow: staff_sessions.end(uow, secret, lasts=LASTS))


def _user() -> str:
    return str(current_user.id) if current_user.is_authenticated else ""


def _signed_in(_app: Flask, user: Account, **_: object) -> None:
    """What a form was signed with before is good no more; who they are is known, and written down."""
    session.pop("csrf_token", None)
    session[SECRET] = token_urlsafe(18)
    g.pop("csrf_token", None)
    user_id, email, tf_id = user.id, user.email, str(user.fs_uniquifier)

    def keep(uow: Any) -> None:  # noqa: ANN401 - a unit of work
        for account in (email, tf_id, str(user_id)):
            sign_ins.succeeded(uow, account)
        uow.sql("UPDATE staff_user SET signed_in_at = %s WHERE id = %s", (uow.now, user_id))
        staff.write_down(uow, user_id, "staff_signed_in")

    here().runtime.transact(keep)


def _new_password(_app: Flask, user: Account, **_: object) -> None:
    here().runtime.transact(lambda uow: staff.write_down(uow, user.id, "staff_password_changed"))


def _told(act: str) -> Any:  # noqa: ANN401 - a receiver of signals
    def receive(_app: Flask, user: Account, **_: object) -> None:
        here().runtime.transact(lambda uow: staff.write_down(uow, user.id, act))

    return receive


class Letters(MailUtil):
    """What Flask-Security would mail goes the way of all our mail: words of the catalogue, a row of the outbox."""

    def send_mail(self, template: str, *_: object, user: Account, **facts: object) -> None:  # type: ignore[override]
        first_name = user.name.split(" ")[0]
        message: StaffReset | StaffChanged
        match template.rpartition("/")[2]:
            case "reset_instructions":
                link = here().settings.public_base_url + url_for("security.reset_password", token=facts["reset_token"])
                message = StaffReset(first_name=first_name, link=link)
            case "reset_notice" | "change_notice":
                message = StaffChanged(first_name=first_name)
            case _:
                return

        def write(uow: Any) -> None:  # noqa: ANN401 - a unit of work
            staff.tell(uow, user.id, message, key=f"{template}:{user.id}:{uow.now.isoformat()}")

        here().runtime.transact(write)
