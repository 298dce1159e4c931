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
    if done:
        with rt.unit_of_work() as uow:
            uow.sql(
                "UPDATE inbound_event e SET redact_at_provider = false"
                " FROM unnest(%s::bigint[], %s::bigint[]) AS done(spa_id, id)"
                " WHERE (e.spa_id, e.id) = (done.spa_id, done.id)",
                ([spa_id for spa_id, _ in done], [event_id for _, event_id in done]),
            )
    return len(done)
