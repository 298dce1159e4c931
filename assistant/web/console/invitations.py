"""The link on which somebody new chooses a password."""

from flask import current_app
from flask_security.recoverable import generate_reset_password_token

from assistant.messages.staff_mail import StaffInvited
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import staff
from assistant.services.staff import Invited
from assistant.web.console.accounts import Account


def send_link(rt: Runtime, spa_id: int, made: Invited, name: str) -> None:
    """Mail it, once what made them is committed: Flask-Security makes the token, for that is what it is judged by."""
    user = current_app.extensions["security"].datastore.find_user(id=made.user_id)
    assert isinstance(user, Account)  # noqa: S101 - it was made a moment ago
    token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]  # Flask-Security tells no types here
    link = f"{rt.public_base_url}/console/password/{token}"

    def write(uow: UnitOfWork) -> None:
        [[spa]] = uow.sql("SELECT name FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
        message = StaffInvited(first_name=name.split(" ", maxsplit=1)[0], spa=spa, link=link)
        staff.tell(uow, made.user_id, message, key=f"staff-invited:{made.user_id}:{uow.now.isoformat()}")

    rt.transact(write)
