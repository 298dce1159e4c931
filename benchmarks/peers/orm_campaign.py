"""Planning's peer: an ORM loop over the clients, and one RQ job for each recipient, as tutorials have it."""

import time

from redis import Redis
from rq import Queue
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from assistant.db.campaigns import CampaignRecipient
from assistant.db.clients import Client, ClientPhone, Phone
from assistant.db.plans import Membership


def send(_recipient: int) -> None:
    """What the job would do: nothing here."""


def plan(url: str, redis_url: str, many: int) -> dict[str, float]:
    """The first so many clients; how long it took."""
    queue = Queue("peer", connection=Redis.from_url(redis_url))
    started, chosen = time.perf_counter(), 0
    with Session(create_engine(url)) as session:
        for client in session.scalars(select(Client).order_by(Client.id).limit(many)):
            phone = session.scalars(
                select(Phone).join(ClientPhone, ClientPhone.phone_id == Phone.id).filter_by(client_id=client.id)
            ).first()
            member = session.scalars(
                select(Membership).filter_by(client_id=client.id).where(Membership.standing != "ended")
            ).first()
            if phone is None or member or phone.suppressed_at or phone.unreachable_at or not phone.sms_marketing:
                continue
            now = client.created_at
            session.add(
                CampaignRecipient(
                    spa_id=1,
                    campaign_id=1,
                    client_id=client.id,
                    address=phone.number,
                    arm=0,
                    place="planned",
                    due_at=now,
                    chosen_at=now,
                )
            )
            session.commit()
            queue.enqueue(send, client.id)
            chosen += 1
    return {"seconds": time.perf_counter() - started, "chosen": chosen}
