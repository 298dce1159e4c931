"""Has the provider forget the texts that held a card number (`rules.md` 7.1)."""

from assistant.runtime import Runtime

AT_ONCE = 50


def redact_due(rt: Runtime) -> int:
    """Wipe each text's words at the provider; what it will not do now is tried at the next sweep. Returns how many."""
    with rt.unit_of_work() as uow:
        due = uow.sql(
            "SELECT spa_id, id, external_id FROM inbound_event WHERE redact_at_provider ORDER BY id LIMIT %s",
            (AT_ONCE,),
        ).fetchall()
    done = [(spa_id, event_id) for spa_id, event_id, external_id in due if rt.texts.redact(external_id)]
    for spa_id, event_id in done:
        with rt.unit_of_work() as uow:
            uow.sql(
                "UPDATE inbound_event SET redact_at_provider = false WHERE spa_id = %s AND id = %s", (spa_id, event_id)
            )
    return len(done)
