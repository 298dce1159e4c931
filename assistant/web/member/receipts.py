"""A member's receipts: a list, and a page for each that prints as one."""

from flask import Response, abort

from assistant.db.spas import credit_words
from assistant.messages.message import Credits
from assistant.services import membership_views, receipts
from assistant.services.member_sessions import Session
from assistant.web.here import here
from assistant.web.member import language
from assistant.web.member.changes import bp
from assistant.web.member.signed import page, signed_in

__all__ = ["bp"]


@bp.get("/my/receipts")
@signed_in
def my_receipts(session: Session) -> Response:
    """Every payment, the newest first."""
    with here().runtime.unit_of_work() as uow:
        account = membership_views.who(uow, session)
        found = receipts.of(uow, session, account.zone)
    return page("receipts", session, account, receipts=found, most=receipts.MOST)


@bp.get("/my/receipts/<kind>/<int:number>")
@signed_in
def my_receipt(session: Session, kind: str, number: int) -> Response:
    """One of theirs."""
    with here().runtime.unit_of_work() as uow:
        account = membership_views.who(uow, session)
        receipt = receipts.find(uow, session, account.zone, kind[:20], number) or abort(404)
        words = credit_words(uow, session.spa_id, language() or account.locale)
        taken = receipts.credit_used(uow, session, receipt) if receipt.kind == "visit" else ()
    used = [Credits.of(words, unit, amount) for unit, amount in taken]
    return page("receipt", session, account, account=account, receipt=receipt, used=used)
