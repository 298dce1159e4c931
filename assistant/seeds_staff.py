"""The invented staff of the invented spa: an owner, a manager and somebody at the desk, all with one password."""

from assistant.domain.permissions import Role
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import staff

PASSWORD = "calm-river-lantern"  # noqa: S105 - of a demo that listens on this machine alone; it is printed
PEOPLE = (
    ("owner@example.com", "Olive Owner", Role.OWNER),
    ("manager@example.com", "Milo Manager", Role.MANAGER),
    ("desk@example.com", "Dana Desk", Role.DESK),
)


def seed(rt: Runtime, spa_id: int) -> None:
    """Once: whoever was taken away since stays away."""
    rt.transact(lambda uow: _seed(uow, spa_id))


def _seed(uow: UnitOfWork, spa_id: int) -> None:
    if uow.sql("SELECT 1 FROM staff_post WHERE spa_id = %s LIMIT 1", (spa_id,)).fetchone():
        return
    for email, name, role in PEOPLE:
        made = staff.invite(uow, spa_id, email=email, name=name, role=role, actor="seed")
        staff.set_password(uow, made.user_id, PASSWORD)


def facts() -> dict[str, object]:
    """For `.local/demo.json`."""
    return {"staff": [{"email": email, "role": str(role), "password": PASSWORD} for email, _, role in PEOPLE]}
