"""Campaigns: written with the count of whom they reach beside them, sent with that count typed, and read."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.domain import phones, segments
from assistant.domain.campaigns import CampaignStatus, may_become
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import campaign_results, campaign_trials, campaign_views, once
from assistant.services import campaigns as service
from assistant.services import plans as plan_service
from assistant.services.campaigns import Draft, Refused
from assistant.services.preflight import Preflight, foretell, preflight
from assistant.web.console import bp, campaign_charts, moment, shown
from assistant.web.console.acts import Ask, Cannot, carried_out
from assistant.web.console.campaign_acts import SEND, hour
from assistant.web.console.campaign_form import Typed, typed_of
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

ACTS = {
    "pause": (CampaignStatus.HELD, "Paused. What is not on the wire yet waits."),
    "resume": (CampaignStatus.SENDING, "It goes on."),
    "undo": (CampaignStatus.DRAFT, "A draft again. Nothing was sent."),
    "stop": (CampaignStatus.STOPPED, "Stopped for good."),
}
NEW = Typed({"holdout_percent": "10", "within_days": "365"})
LONGEST = 64
UNSENDABLE = "Its words cannot be sent yet: see what stands beside them."


@bp.get("/<int:spa_id>/campaigns")
@allowed(Permission.SEE_CAMPAIGNS)
def campaigns() -> ResponseReturnValue:
    """Every campaign and how far it is."""
    spa_id = desk().spa_id
    return shown("campaigns", listed=here().runtime.transact(lambda uow: campaign_views.listed(uow, spa_id)))


@bp.get("/<int:spa_id>/campaigns/new")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_new() -> ResponseReturnValue:
    """An empty one."""
    return here().runtime.transact(lambda uow: _form(uow, Typed(dict(NEW.fields)), None))


@bp.post("/<int:spa_id>/campaigns/new")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_written() -> ResponseReturnValue:
    """Look at it, or write it down as a draft."""
    return here().runtime.transact(lambda uow: _written(uow, None))


@bp.get("/<int:spa_id>/campaigns/<int:campaign_id>/edit")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_edit(campaign_id: int) -> ResponseReturnValue:
    """A draft, to be written anew."""
    spa_id = desk().spa_id

    def opened(uow: UnitOfWork) -> ResponseReturnValue:
        campaign = table.live(uow, spa_id, campaign_id) or abort(404)
        if campaign.status is not CampaignStatus.DRAFT:
            return redirect(_at(campaign_id), 303)
        return _form(uow, typed_of(campaign), campaign_id, foretell(uow, campaign))

    return here().runtime.transact(opened)


@bp.post("/<int:spa_id>/campaigns/<int:campaign_id>/edit")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_rewritten(campaign_id: int) -> ResponseReturnValue:
    """The same of a draft there is."""
    spa_id = desk().spa_id

    def rewritten(uow: UnitOfWork) -> ResponseReturnValue:
        if table.live(uow, spa_id, campaign_id) is None:
            abort(404)
        return _written(uow, campaign_id)

    return here().runtime.transact(rewritten)


@bp.get("/<int:spa_id>/campaigns/<int:campaign_id>")
@allowed(Permission.SEE_CAMPAIGNS)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """A draft with all that would come of it; one that was sent with what did."""
    return here().runtime.transact(lambda uow: _one(uow, campaign_id))


@bp.post("/<int:spa_id>/campaigns/<int:campaign_id>/send")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_send(campaign_id: int) -> ResponseReturnValue:
    """With the number of people typed, in a minute or at an hour of the spa's."""
    return here().runtime.transact(lambda uow: _send(uow, campaign_id))


@bp.post("/<int:spa_id>/campaigns/<int:campaign_id>/test")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_test(campaign_id: int) -> ResponseReturnValue:
    """To one's own phone, once a form."""
    number, token, spa_id = phones.parse(request.form.get("number", "")), request.form.get("once", ""), desk().spa_id
    if number is None or not 8 <= len(token) <= LONGEST:
        wrong = {"number": "That is no phone number we can text. Type it with its area code."}
        return here().runtime.transact(lambda uow: _one(uow, campaign_id, wrong, status=422))

    def tried(uow: UnitOfWork) -> str:
        if (before := once.said_before(uow, spa_id, token, actor=desk().actor)) is None:
            if table.live(uow, spa_id, campaign_id) is None:
                abort(404)
            campaign_trials.send(uow, spa_id, campaign_id, number, key=token, actor=desk().actor)
            once.say(uow, spa_id, token, "tried")
        return before or "tried"

    return _after(campaign_id, tried, "On its way to your phone.")


@bp.post("/<int:spa_id>/campaigns/<int:campaign_id>/<any(pause, resume, undo, stop):act>")
@allowed(Permission.SEND_CAMPAIGNS)
def campaign_act(campaign_id: int, act: str) -> ResponseReturnValue:
    """Pause it, go on, take it back within its minute, end it. Asked for twice it is done once."""
    spa_id, actor = desk().spa_id, desk().actor
    then, said = ACTS[act]

    def done(uow: UnitOfWork) -> None:
        campaign = table.live(uow, spa_id, campaign_id, lock=True) or abort(404)
        if campaign.status is then:
            return
        if act == "pause":
            service.hold(uow, spa_id, campaign_id, why="person", actor=actor)
        else:
            {"resume": service.resume, "undo": service.undo, "stop": service.stop}[act](
                uow, spa_id, campaign_id, actor=actor
            )

    return _after(campaign_id, done, said)


# --- writing ----------------------------------------------------------------------------------------------------------


def _written(uow: UnitOfWork, campaign_id: int | None) -> ResponseReturnValue:
    spa_id, typed = desk().spa_id, Typed.of(request.form)
    wanted = typed.draft(tuple(each.code for each in plan_service.on_offer(uow, spa_id)))
    if wanted is None:
        return _form(uow, typed, campaign_id, status=422)
    if "save" not in request.form:
        return _form(uow, typed, campaign_id, foretell(uow, service.in_hand(uow, spa_id, wanted, campaign_id or 0)))
    try:
        campaign_id = _kept(uow, wanted, campaign_id)
    except Refused:
        typed.wrong["name"] = "There is a campaign of that name, or this one is no draft any more."
        return _form(uow, typed, campaign_id, status=409)
    flash("Written down. Nothing is sent yet.", "success")
    return redirect(_at(campaign_id), 303)


def _kept(uow: UnitOfWork, wanted: Draft, campaign_id: int | None) -> int:
    spa_id, actor = desk().spa_id, desk().actor
    if campaign_id is None:
        return service.draft(uow, spa_id, wanted, actor=actor)
    service.redraft(uow, spa_id, campaign_id, wanted, actor=actor)
    return campaign_id


def _form(
    uow: UnitOfWork, typed: Typed, campaign_id: int | None, found: Preflight | None = None, *, status: int = 200
) -> ResponseReturnValue:
    spa_id = desk().spa_id
    return shown(
        "campaign_form",
        status=status,
        typed=typed.fields,
        wrong=typed.wrong,
        campaign_id=campaign_id,
        plans=plan_service.on_offer(uow, spa_id),
        kinds=campaign_views.kinds(uow, spa_id),
        found=found,
        counts={name: segments.count(segments.fold(words)) for name, words in typed.fields.items() if "text_" in name},
        area="campaigns",
    )


# --- one campaign -----------------------------------------------------------------------------------------------------


def _one(
    uow: UnitOfWork, campaign_id: int, wrong: dict[str, str] | None = None, *, status: int = 200
) -> ResponseReturnValue:
    spa_id = desk().spa_id
    campaign = table.live(uow, spa_id, campaign_id) or abort(404)
    draft = campaign.status is CampaignStatus.DRAFT
    results = (
        None
        if draft
        else campaign_results.results(uow, spa_id, campaign_id, segment_millicents=campaign.policy.segment_millicents)
    )
    return shown(
        "campaign",
        status=status,
        campaign=campaign,
        found=foretell(uow, campaign) if draft else None,
        results=results,
        funnel=results and campaign_charts.funnel(results),
        lift=results and campaign_charts.lift(results),
        arms=results and campaign_charts.arms(results),
        acts=[each for each, (then, _) in ACTS.items() if may_become(campaign.status, then) and not draft],
        wrong=wrong or {},
        typed=request.form,
        mark=service.mark(campaign),
        kept=campaign_views.kept(uow, spa_id, campaign_id),
        area="campaigns",
    )


def _send(uow: UnitOfWork, campaign_id: int) -> ResponseReturnValue:
    spa_id = desk().spa_id
    campaign = table.live(uow, spa_id, campaign_id, lock=True) or abort(404)
    if campaign.status in (CampaignStatus.SCHEDULED, CampaignStatus.SENDING):
        return redirect(_at(campaign_id), 303)
    found = preflight(uow, spa_id, campaign_id)
    wrong = _unfit(uow, campaign, found)
    if wrong:
        return _one(uow, campaign_id, wrong, status=409 if "mark" in wrong else 422)
    if found.audience > desk().limits.recipients:
        return _asked(uow, campaign_id)
    try:
        begins = service.confirm(
            uow,
            spa_id,
            campaign_id,
            typed=found.audience,
            foretold=found.to_json(),
            at=hour(campaign, request.form.get("at", "")),
            actor=desk().actor,
        )
    except Refused:
        wrong["people"] = UNSENDABLE
        return _one(uow, campaign_id, wrong, status=422)
    flash(f"It begins {moment(begins)}. Until then you can take it back.", "success")
    return redirect(_at(campaign_id), 303)


def _asked(uow: UnitOfWork, campaign_id: int) -> ResponseReturnValue:
    """It is more than one hand may send: another person reads it, and says yes to exactly that."""
    answers = {"campaign": str(campaign_id), "at": request.form.get("at", "")}
    ask = Ask(desk(), 0, answers, token=request.form.get("once", ""))
    offered = SEND.quote(uow, ask)
    if isinstance(offered, Cannot) or not 8 <= len(ask.token) <= LONGEST:
        return _one(uow, campaign_id, {"people": UNSENDABLE}, status=422)
    if (said := once.said_before(uow, ask.spa_id, ask.token, actor=ask.by.actor)) is None:
        said = str(carried_out(uow, SEND, ask, offered))
    flash(said, "success")
    return redirect(_at(campaign_id), 303)


def _unfit(uow: UnitOfWork, campaign: Live, found: Preflight) -> dict[str, str]:
    """What is wrong with how it was confirmed, by field: the number is typed, so it was read."""
    wrong = {}
    if request.form.get("mark") != service.mark(campaign):
        wrong["mark"] = "Somebody has written it anew since you read it: this is how it is now."
    if request.form.get("people", "").replace(",", "").strip() != str(found.audience):
        wrong["people"] = f"It would go to {found.audience:,} people. Type that number to send it."
    try:
        if (at := hour(campaign, request.form.get("at", ""))) is not None and at < uow.now:
            wrong["at"] = "That hour has gone by. Leave it empty to begin in a minute."
    except ValueError:
        wrong["at"] = "That is no day and hour, or the clocks change in it. Leave it empty to begin in a minute."
    return wrong


def _after(campaign_id: int, act: Callable[[UnitOfWork], object], said: str) -> ResponseReturnValue:
    """Do it, and back to its page; what cannot be done as it stands is said there."""
    try:
        here().runtime.transact(act)
        flash(said, "success")
    except Refused as refused:
        flash(f"{refused.args[0][0].upper()}{refused.args[0][1:]}.", "error")
    return redirect(_at(campaign_id), 303)


def _at(campaign_id: int) -> str:
    return url_for("console.campaign", spa_id=desk().spa_id, campaign_id=campaign_id)
