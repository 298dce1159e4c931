"""Finds what was forgotten: the queue may lose any ring, and any worker may die."""

from datetime import timedelta

from assistant.db import spas
from assistant.db.spas import House
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime
from assistant.services import chasing, credits, doubts, messaging, redaction

STALE = timedelta(seconds=5)


def sweep(rt: Runtime) -> None:
    """Ring for what waits to be answered, sent, charged or heard; settle doubts; see that the owing are told."""
    with rt.unit_of_work() as uow:
        stale = uow.now - STALE
        unanswered = "SELECT 1 FROM inbound_event WHERE status = 'kept' AND received_at <= %s LIMIT 1"
        unsent = (
            "SELECT 1 FROM outbound_message WHERE status = 'waiting' AND asked_at IS NULL AND due_at <= %s"
            " AND NOT (message_class = 'marketing' AND channel = 'sms') LIMIT 1"
        )
        unoffered = (
            "SELECT 1 FROM outbound_message WHERE status = 'waiting' AND asked_at IS NULL AND due_at <= %s"
            " AND message_class = 'marketing' AND channel = 'sms' LIMIT 1"
        )
        uncharged = "SELECT 1 FROM invoice WHERE status = 'open' AND next_attempt_at <= %s LIMIT 1"
        unheard = "SELECT 1 FROM provider_event WHERE status = 'kept' AND try_at <= %s LIMIT 1"
        for forgotten, bell in (
            (unanswered, Doorbell.ANSWER),
            (unsent, Doorbell.DELIVER),
            (unoffered, Doorbell.SEND_OFFERS),
            (uncharged, Doorbell.CHARGE),
            (unheard, Doorbell.HEAR),
        ):
            if uow.sql(forgotten, (stale,)).fetchone():
                uow.later(bell)
    messaging.resolve_doubt(rt)
    redaction.redact_due(rt)
    while doubts.resolve_next(rt):
        pass
    chasing.assure_told(rt)


def expire_credits(rt: Runtime) -> int:
    """Expire at every spa what its own day says is over. Returns how many lots."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(_expire_at(rt, house) for house in houses)


def _expire_at(rt: Runtime, house: House) -> int:
    return rt.transact(lambda uow: credits.expire(uow, house.spa_id, house.zone))


def time_out_holds(rt: Runtime) -> int:
    """Let go at every spa what is held past its time. Returns how many holds."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(_time_out_at(rt, house) for house in houses)


def _time_out_at(rt: Runtime, house: House) -> int:
    return rt.transact(lambda uow: credits.time_out(uow, house.spa_id))
