"""A member's own pages: nothing opens by looking, everything is shown before it is done, and done once."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.db.spas import Service
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.membership import Standing
from assistant.domain.pausing import PauseRefusal, ResumeRefusal
from assistant.domain.plans import Terms
from assistant.domain.tickets import Quote, Tender
from assistant.messages import pages
from assistant.services import (
    branding,
    cancellations,
    checkout,
    consent,
    links,
    membership_links,
    pauses,
    plans,
    wrong_numbers,
)
from assistant.services.checkout import Sold
from assistant.services.consent import Source
from assistant.services.links import Purpose
from assistant.web.member.signed import Agreed
from tests.web.test_card_pages import everything
from tests.web.test_twilio import SETTINGS
from tests.world import ANA, PUBLIC, World

TODAY = date(2026, 11, 20)
RIGHT, WRONG = ANA[-4:], "9999"
OTHER = "+15055550177"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Browser:
    """Without a script: it fills in the hidden fields of a page's forms and follows no redirect by itself."""

    http: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.http.get(path, base_url=PUBLIC)

    def post(self, path: str, form: dict[str, str] | None = None) -> TestResponse:
        return self.http.post(path, data=form or {}, base_url=PUBLIC)

    def press(self, page: str, path: str, **typed: str) -> TestResponse:
        """Send the form of a page, with its hidden fields as they are."""
        return self.post(path, dict(HIDDEN.findall(self.get(page).text)) | typed)


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.rt, SETTINGS)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def ana(world: World) -> int:
    """She has been a member since March, with a card, two credits and an address."""
    ana = world.client("Ana")
    world.rows("UPDATE client SET region = 'NM' WHERE id = %s RETURNING 1", (ana,))
    world.card(ana)
    world.grant(ana, 2)
    world.grant(ana, 1, unit="extra", expires_on=date(2026, 12, 5))
    world.mailbox(ana, "ana@example.com")
    return ana


@pytest.fixture
def glow(world: World, ana: int) -> int:
    membership = world.enrol(ana, anchor_on=date(2026, 3, 15), first_cycle=8)
    world.bill()
    return membership


def made(world: World, client_id: int) -> str:
    """The path of a new link."""
    with world.rt.unit_of_work() as uow:
        made = links.make(uow, world.spa.spa_id, client_id, Purpose.MEMBERSHIP, sent_to=ANA, asked=True)
        return made.removeprefix(PUBLIC)


@pytest.fixture
def inside(world: World, browser: Browser, ana: int, glow: int) -> Browser:
    """Signed in."""
    assert glow
    assert browser.post(made(world, ana), {"digits": RIGHT}).status_code == 303
    return browser


def words_of(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


# --- the door ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("glow")
def test_looking_opens_nothing_and_changes_nothing(world: World, browser: Browser, ana: int) -> None:
    path = made(world, ana)
    before = everything(world)
    for _ in range(3):
        page = browser.get(path)
        browser.http.head(path, base_url=PUBLIC)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert everything(world) == before
    for secret in ("Ana", "Glow", "$", RIGHT, "example.com"):
        assert secret not in words_of(page)
    assert browser.get("/my").status_code == 403


def test_a_scanner_that_presses_the_button_opens_and_locks_nothing(world: World, browser: Browser, ana: int) -> None:
    path = made(world, ana)
    for digits in ("", "x", "12345"):
        assert browser.post(path, {"digits": digits}).status_code == 422
    assert browser.post(path, {"digits": RIGHT}).status_code == 303


@pytest.mark.usefixtures("glow")
def test_the_right_digits_open_it_once(world: World, browser: Browser, app: Flask, ana: int) -> None:
    path = made(world, ana)
    assert browser.post(path, {"digits": WRONG}).status_code == 422
    opened = browser.post(path, {"digits": RIGHT})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/my")
    cookie = opened.headers["Set-Cookie"]
    assert cookie.startswith("__Host-membership=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600"):
        assert part in cookie
    page = browser.get("/my")
    assert page.status_code == 200
    for told in (
        "Ana",
        "Glow",
        "Active",
        "$149.00",
        "Dec 15, 2026",
        "3 visit credits",
        "1 extra",
        "Dec 5, 2026",
        "Visa",
    ):
        assert told in words_of(page)
    assert "4242" not in page.text
    assert browser.get(path).status_code == 303
    stranger = Browser(app.test_client())
    again = stranger.get(path)
    assert (again.status_code, "used already" in again.text) == (410, True)
    assert stranger.post(path, {"digits": RIGHT}).status_code == 410


def test_it_is_locked_after_five_wrong_tries(world: World, browser: Browser, ana: int) -> None:
    path = made(world, ana)
    told = [browser.post(path, {"digits": WRONG}).status_code for _ in range(6)]
    assert told == [422, 422, 422, 422, 403, 403]
    assert browser.post(path, {"digits": RIGHT}).status_code == 403


def test_a_new_link_ends_the_one_before_and_no_card_link(world: World, browser: Browser, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        card = links.make(uow, 1, ana, Purpose.CARD, sent_to=ANA).removeprefix(PUBLIC)
    first, second = made(world, ana), made(world, ana)
    assert [browser.get(each).status_code for each in (first, second, card)] == [410, 200, 200]


def test_a_card_that_comes_uses_up_no_link_to_a_membership(world: World, browser: Browser, ana: int) -> None:
    path = made(world, ana)
    with world.rt.unit_of_work() as uow:
        links.used(uow, 1, ana)
    assert browser.get(path).status_code == 200


def test_a_link_opens_the_pages_of_its_purpose_alone(world: World, browser: Browser, ana: int) -> None:
    token = made(world, ana).rpartition("/")[2]
    assert browser.get(f"/card/{token}").status_code == 404
    assert browser.post(f"/card/{token}", {"digits": RIGHT}).status_code == 403
    assert browser.post(f"/card/{token}/again").status_code == 403
    assert browser.get(f"/join/{token}").status_code == 404
    with world.rt.unit_of_work() as uow:
        card = links.make(uow, 1, ana, Purpose.CARD, sent_to=ANA).rpartition("/")[2]
    assert browser.get(f"/membership/{card}").status_code == 404
    assert browser.post(f"/membership/{card}", {"digits": RIGHT}).status_code == 403


@pytest.mark.parametrize("token", ["A" * 43, "x", "%00", "A" * 44])
def test_a_token_that_was_never_made(browser: Browser, token: str) -> None:
    assert browser.get(f"/membership/{token}").status_code == 404
    assert browser.post(f"/membership/{token}", {"digits": RIGHT}).status_code == 403
    assert browser.post(f"/membership/{token}/again").status_code == 403


def test_a_new_link_goes_to_the_phone_on_file_and_not_too_often(world: World, browser: Browser, ana: int) -> None:
    path = made(world, ana)
    assert browser.post(f"{path}/again").status_code == 303
    for sent in range(1, 5):
        world.clock.advance(timedelta(hours=73 if sent == 1 else 1))
        answer = browser.post(f"{path}/again")
        world.settle()
        assert answer.status_code == (200 if sent < 4 else 403)
        assert len([each for each in world.received() if "/membership/" in each]) == min(sent, 3)


@pytest.mark.usefixtures("ana")
def test_no_table_holds_a_token_that_was_sent(world: World) -> None:
    [answer] = world.say("MY MEMBERSHIP")
    token = answer.partition("/membership/")[2].split()[0]
    assert len(token) == 43
    assert not [name for name, rows in everything(world).items() if token in str(rows)]


# --- signed in --------------------------------------------------------------------------------------------------------


def test_it_is_over_after_an_hour(world: World, inside: Browser) -> None:
    world.clock.advance(timedelta(minutes=59))
    assert inside.get("/my").status_code == 200
    world.clock.advance(timedelta(minutes=2))
    page = inside.get("/my")
    assert (page.status_code, "MY MEMBERSHIP" in page.text) == (403, True)


def test_and_as_soon_as_the_phone_is_not_theirs(world: World, inside: Browser) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql(wrong_numbers.UNLINK, (world.spa.spa_id, ANA))
    assert inside.get("/my").status_code == 403


def test_signing_out_is_for_good(inside: Browser, app: Flask) -> None:
    cookie = inside.http.get_cookie("__Host-membership", domain="spa.example.com")
    assert cookie is not None
    assert inside.press("/my", "/my/sign-out").status_code == 200
    assert inside.get("/my").status_code == 403
    thief = Browser(app.test_client())
    thief.http.set_cookie("__Host-membership", cookie.value, domain="spa.example.com", secure=True)
    assert thief.get("/my").status_code == 403


POSTS = ("card", "sign-out", "preferences", "{0}/pause?months=1", "{0}/resume", "{0}/cancel", "{0}/undo", "{0}/smaller")


@pytest.mark.parametrize("path", POSTS)
def test_a_form_that_is_not_ours_does_nothing(world: World, inside: Browser, glow: int, path: str) -> None:
    page = "/my/preferences" if path == "preferences" else f"/my/{glow}/cancel"
    hidden = dict(HIDDEN.findall(inside.get(page).text))
    before = everything(world)
    for wrong in ({"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}, {"once": ""}, {"once": "x y"}):
        assert inside.post(f"/my/{path}".format(glow), hidden | wrong).status_code == 403
    assert everything(world) == before


def test_nobody_reaches_another_ones_membership(world: World, inside: Browser, glow: int) -> None:
    leo = world.client("Leo", OTHER)
    other = world.enrol(leo, anchor_on=TODAY)
    world.card(leo)
    world.bill()
    [[invoice]] = world.rows("SELECT id FROM invoice WHERE client_id = %s", (leo,))
    before = everything(world)
    for act in ("pause", "pause?months=1", "resume", "cancel", "undo", "smaller"):
        assert inside.get(f"/my/{other}/{act}").status_code == 404
        assert inside.press(f"/my/{glow}/cancel", f"/my/{other}/{act}").status_code == 404
    with world.rt.unit_of_work() as uow:
        leaving = cancellations.quote_cancel(uow, world.spa.spa_id, other)
        resting = pauses.quote_pause(uow, world.spa.spa_id, other, months=1)
    for act, quote in (("cancel", leaving), ("pause?months=1", resting)):
        known = {"mark": Agreed(quote).mark}  # even who knows what it would be
        assert inside.press(f"/my/{glow}/cancel", f"/my/{other}/{act}", **known).status_code == 404
    assert inside.get(f"/my/receipts/dues/{invoice}").status_code == 404
    assert everything(world) == before


def test_looking_at_every_page_changes_nothing(world: World, inside: Browser, glow: int) -> None:
    before = everything(world)
    pages_ = ["", "/receipts", "/preferences", *(f"/{glow}/{act}" for act in ("pause", "pause?months=1", "cancel"))]
    for page in pages_:
        answer = inside.get(f"/my{page}")
        assert (page, answer.status_code) == (page, 200)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "script" not in answer.text
        assert "style=" not in answer.text
        spanish = inside.get(f"/my{page}{'&' if '?' in page else '?'}lang=es")
        assert '<html lang="es">' in spanish.text
        assert re.findall(r'href="(/my[^"]*)"', spanish.text)
        assert not re.findall(
            r'(?:href|action)="/my(?![^"]*lang=es)[^"]*"', spanish.text.replace("?lang=en", "?lang=es")
        )
    assert everything(world) == before


def test_a_name_is_only_ever_words(world: World, inside: Browser, ana: int) -> None:
    world.rows("UPDATE client SET first_name = '<script>x</script>' WHERE id = %s RETURNING 1", (ana,))
    for page in ("/my", "/my/preferences"):
        assert "<script>" not in inside.get(page).text


# --- what is owed -----------------------------------------------------------------------------------------------------


def test_what_is_owed_and_a_card_in_three_taps(world: World, browser: Browser, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY)
    world.card(ana, "4000000000000341")
    world.bill()
    path = made(world, ana)
    assert browser.post(path, {"digits": RIGHT}).status_code == 303  # 1: the link, 2: its button
    page = browser.get("/my")
    assert "$149.00 is open" in words_of(page)
    leads = browser.press("/my", "/my/card")  # 3
    assert leads.headers["Location"].partition("/checkout/pay/")[1]
    world.stripe.type_card(leads.headers["Location"].rpartition("/")[2], "4242424242424242")
    world.settle()
    assert world.invoices()[-1] == (0, "paid", None)
    session = world.stripe.page(leads.headers["Location"].rpartition("/")[2])
    assert session is not None
    back = session["success_url"].removeprefix(PUBLIC).replace("{CHECKOUT_SESSION_ID}", "x")
    done = browser.get(back)
    assert "Back to my membership" in done.text
    assert "is open" not in words_of(browser.get("/my"))


def test_cards_are_not_tried_out_here(inside: Browser) -> None:
    told = [inside.press("/my", "/my/card").status_code for _ in range(11)]
    assert told == [303] * 10 + [403]


# --- to rest ----------------------------------------------------------------------------------------------------------


def test_a_pause_is_shown_and_then_agreed_to_once(world: World, inside: Browser, glow: int) -> None:
    choose = inside.get(f"/my/{glow}/pause")
    assert [each in words_of(choose) for each in ("1 month", "2 months", "3 months", "4 months")] == [True] * 3 + [
        False
    ]
    path = f"/my/{glow}/pause?months=2"
    shown = words_of(inside.get(path))
    for told in ("Dec 15, 2026", "Feb 15, 2027", "Charges skipped 2", "Fee None"):
        assert told in shown
    hidden = dict(HIDDEN.findall(inside.get(path).text))
    for _ in range(2):
        answer = inside.post(path, hidden)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/my?said=paused")
    assert world.rows("SELECT starts_on, resumes_on, actor FROM pause") == [
        (date(2026, 12, 15), date(2027, 2, 15), "member")
    ]
    world.settle()
    assert len([each for each in world.received() if "Feb 15" in each]) == 1
    page = words_of(inside.get("/my?said=paused"))
    assert "your pause is set" in page
    assert "Pauses on Dec 15, 2026" in page
    assert inside.get(f"/my/{glow}/pause").status_code == 409


def test_until_a_day_and_days_that_are_none(world: World, inside: Browser, glow: int) -> None:
    path = f"/my/{glow}/pause?until=2027-01-20"
    assert inside.press(path, path).status_code == 303
    assert world.rows("SELECT resumes_on FROM pause") == [(date(2027, 1, 20),)]
    for wrong in ("until=2026-12-01", "until=2031-01-01", "until=soon", "until=2026-13-40"):
        page = inside.get(f"/my/{glow}/pause?{wrong}")
        assert page.status_code in {409, 422}


@pytest.mark.parametrize("until", ["2026-12-01", "2031-01-01", "soon", "2026-13-40"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(inside: Browser, glow: int, until: str) -> None:
    page = inside.get(f"/my/{glow}/pause?until={until}")
    assert (page.status_code, 'aria-invalid="true"' in page.text) == (422, True)


def test_what_has_changed_meanwhile_is_shown_anew(world: World, inside: Browser, glow: int) -> None:
    path = f"/my/{glow}/pause?months=1"
    hidden = dict(HIDDEN.findall(inside.get(path).text))
    world.pass_time(timedelta(days=26))
    world.rows("UPDATE member_session SET expires_at = expires_at + interval '40 days' RETURNING 1")
    world.bill()
    answer = inside.post(path, hidden)
    assert answer.status_code == 409
    assert "nothing was done" in words_of(answer)
    assert world.rows("SELECT 1 FROM pause") == []
    assert inside.post(path, dict(HIDDEN.findall(answer.text))).status_code == 303


def test_no_pause_hides_a_debt(world: World, browser: Browser, ana: int) -> None:
    membership = world.enrol(ana, anchor_on=TODAY)
    world.card(ana, "4000000000000341")
    world.bill()
    browser.post(made(world, ana), {"digits": RIGHT})
    assert f"/my/{membership}/pause" not in browser.get("/my").text
    page = browser.get(f"/my/{membership}/pause")
    assert (page.status_code, "A payment is open" in page.text) == (409, True)


def test_a_pause_that_has_not_begun_is_called_off(world: World, inside: Browser, glow: int) -> None:
    path = f"/my/{glow}/pause?months=1"
    inside.press(path, path)
    page = inside.get(f"/my/{glow}/resume")
    assert "Charged today Nothing" in words_of(page)
    assert inside.press(f"/my/{glow}/resume", f"/my/{glow}/resume").headers["Location"] == "/my?said=resumed"
    assert world.rows("SELECT count(*) FROM pause WHERE ended_at IS NULL") == [(0,)]
    assert inside.get(f"/my/{glow}/resume").status_code == 409


def test_coming_back_early_says_what_it_costs(world: World, browser: Browser, ana: int) -> None:
    membership = world.enrol(
        ana, anchor_on=date(2026, 3, 15), first_cycle=8, standing=Standing.PAUSED, resumes_on=date(2027, 1, 15)
    )
    browser.post(made(world, ana), {"digits": RIGHT})
    page = words_of(browser.get(f"/my/{membership}/resume"))
    assert "Come back and pay $149.00" in page
    answer = browser.press(f"/my/{membership}/resume", f"/my/{membership}/resume")
    assert answer.headers["Location"] == "/my?said=resumed"
    assert world.standing(membership) == "active"


# --- to leave ---------------------------------------------------------------------------------------------------------


def test_cancelling_is_one_page_and_one_button(world: World, inside: Browser, glow: int) -> None:
    page = inside.get(f"/my/{glow}/cancel")
    for told in ("Ends on", "Dec 15, 2026", "Charges after this None", "You keep", "visit credits", "Gifts from us"):
        assert told in words_of(page)
    [button] = re.findall(r"<button[^>]*>([^<]+)</button>", page.text)
    assert button == "Cancel my membership"
    hidden = dict(HIDDEN.findall(page.text))
    for _ in range(2):
        answer = inside.post(f"/my/{glow}/cancel", hidden)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/my?said=cancelled")
    [(code, channel, actor)] = world.rows("SELECT code, channel, actor FROM cancellation")
    assert (channel, actor) == ("page", "member")
    world.settle()
    assert len([each for each in world.received() if str(code) in each]) == 1
    home = words_of(inside.get("/my?said=cancelled"))
    assert f"Confirmation {code}" in home
    assert "Cancelled" in home
    assert inside.get(f"/my/{glow}/cancel").status_code == 409


def test_a_cancellation_is_undone_while_it_can_be(world: World, inside: Browser, glow: int) -> None:
    inside.press(f"/my/{glow}/cancel", f"/my/{glow}/cancel")
    assert f"/my/{glow}/undo" in inside.get("/my").text
    answer = inside.press(f"/my/{glow}/undo", f"/my/{glow}/undo")
    assert answer.headers["Location"] == "/my?said=stays"
    assert world.rows("SELECT count(*) FROM cancellation WHERE withdrawn_at IS NOT NULL") == [(1,)]
    assert inside.get(f"/my/{glow}/undo").status_code == 409
    assert f"/my/{glow}/cancel" in inside.get("/my").text


def test_one_offer_stands_beside_it_and_never_in_the_way(world: World, inside: Browser, ana: int, glow: int) -> None:
    page = inside.get(f"/my/{glow}/cancel").text
    assert page.index("Cancel my membership</button>") < page.index("Would a rest suit you better?")
    inside.press(f"/my/{glow}/cancel", f"/my/{glow}/cancel")
    inside.press(f"/my/{glow}/undo", f"/my/{glow}/undo")
    assert "Would a rest" not in inside.get(f"/my/{glow}/cancel").text  # once a year
    world.rows("UPDATE cancellation SET offered = NULL RETURNING 1")
    assert "Would a rest" in inside.get(f"/my/{glow}/cancel").text
    world.rows("UPDATE client SET region = 'MN' WHERE id = %s RETURNING 1", (ana,))
    assert "Would a rest" not in inside.get(f"/my/{glow}/cancel").text


def test_the_last_day_that_was_shown_is_the_last_day(world: World, inside: Browser, glow: int) -> None:
    hidden = dict(HIDDEN.findall(inside.get(f"/my/{glow}/cancel").text))
    world.rows("UPDATE member_session SET expires_at = expires_at + interval '40 days' RETURNING 1")
    world.pass_time(timedelta(days=26))
    world.bill()
    answer = inside.post(f"/my/{glow}/cancel", hidden)
    assert (answer.status_code, "Jan 15, 2027" in words_of(answer)) == (409, True)
    assert world.rows("SELECT 1 FROM cancellation") == []


def test_a_smaller_plan_is_gone_over_to_as_it_was_shown(world: World, inside: Browser, ana: int, glow: int) -> None:
    assert inside.get(f"/my/{glow}/smaller").status_code == 409
    world.spend(ana, 3)
    with world.rt.unit_of_work() as uow:
        for name, cents in (("Lite", 9_900), ("Lux", 29_900)):
            plans.offer(uow, world.spa.spa_id, name.lower(), name, Terms(dues_cents=cents, grants=()), actor="staff:1")
    assert "Lite is $99.00" in words_of(inside.get(f"/my/{glow}/cancel"))
    page = words_of(inside.get(f"/my/{glow}/smaller"))
    for told in ("Change to Lite", "From Dec 15, 2026", "Charged today Nothing", "$99.00"):
        assert told in page
    hidden = dict(HIDDEN.findall(inside.get(f"/my/{glow}/smaller").text))
    for _ in range(2):
        answer = inside.post(f"/my/{glow}/smaller", hidden)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/my?said=smaller")
    assert world.rows("SELECT status, actor FROM plan_change") == [("scheduled", "member")]


# --- receipts ---------------------------------------------------------------------------------------------------------


def test_every_payment_has_a_receipt_that_prints(inside: Browser) -> None:
    listed = inside.get("/my/receipts")
    [path] = re.findall(r'href="(/my/receipts/[^"]+)"', listed.text)
    assert "Glow membership" in words_of(listed)
    receipt = words_of(inside.get(path))
    for told in ("Fern &amp; Lumen", "Glow membership $149.00", "Paid by card $149.00", "Nov 20, 2026"):
        assert told in receipt
    for wrong in ("dues/999999", "visit/1", "x/1", f"{'x' * 300}/1"):
        assert inside.get(f"/my/receipts/{wrong}").status_code == 404


def test_the_receipt_of_a_visit_names_nothing_that_was_done_in_it(world: World, inside: Browser, ana: int) -> None:
    spa_id = world.spa.spa_id
    with world.rt.unit_of_work() as uow:
        uow.session.add_all(
            Service(
                spa_id=spa_id,
                code=code,
                name=name,
                category="x",
                list_price_cents=cents,
                credit_unit=unit,
                taxable=False,
            )
            for code, name, cents, unit in (("a", "Secret Facial", 16_500, "visit"), ("b", "Secret Peel", 14_000, None))
        )
        uow.flush()
        cart = Cart(lines=(CartLine(code="a"), CartLine(code="b")), tip_cents=1_000)
        quote = checkout.quote(uow, spa_id, ana, cart)
    assert isinstance(quote, Quote)
    sold = checkout.commit(world.rt, spa_id, ana, cart, quote, key="till:1", tender=Tender.CASH, actor="staff:1")
    assert isinstance(sold, Sold), sold
    listed = inside.get("/my/receipts")
    assert "Visit" in words_of(listed)
    [path] = re.findall(r'href="(/my/receipts/visit/[^"]+)"', listed.text)
    receipt = inside.get(path)
    for told in ("Visit $140.00", "Tip $10.00", "Paid in cash $150.00", "Credit used 1 visit credit"):
        assert told in words_of(receipt)
    assert "Secret" not in listed.text + receipt.text


# --- preferences ------------------------------------------------------------------------------------------------------


def ways(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="((?:phone|mail)-\d+)"', page)))


@pytest.mark.usefixtures("ana")
def test_preferences_are_saved_as_a_whole_with_their_proof(world: World, inside: Browser) -> None:
    page = inside.get("/my/preferences")
    mail, phone = ways(page.text)
    typed = {"called": "Annie", "locale": "es", mail: "offers", phone: "offers"}
    answer = inside.press("/my/preferences", "/my/preferences", **typed)
    assert answer.headers["Location"] == "/my?said=preferences"
    assert world.rows("SELECT called, first_name, locale FROM client") == [("Annie", "Ana", "es")]
    assert world.rows("SELECT sms_marketing FROM phone") == [(True,)]
    assert world.rows("SELECT email_marketing FROM email") == [(True,)]
    proofs = world.rows(
        "SELECT channel, change, scope, source, evidence ? 'words' AND evidence ? 'session'"
        " FROM consent_change ORDER BY id"
    )
    assert proofs == [(channel, "granted", "marketing", "member", True) for channel in ("sms", "email")]
    assert "Hola, Annie" in inside.get("/my").text
    assert "Annie" in world.say("SALDO")[0]


def test_nothing_is_ticked_that_was_not_chosen(inside: Browser) -> None:
    page = inside.get("/my/preferences").text
    assert re.findall(r'name="(?:phone|mail)-\d+" value="(\w+)" checked', page) == ["service", "service"]
    assert "not a condition of buying" in page


def test_offers_end_and_so_do_all_texts(world: World, inside: Browser) -> None:
    mail, phone = ways(inside.get("/my/preferences").text)
    same = {"called": "Ana", "locale": "en"}
    inside.press("/my/preferences", "/my/preferences", **same, **{mail: "offers", phone: "offers"})
    inside.press("/my/preferences", "/my/preferences", **same, **{mail: "service", phone: "service"})
    assert world.rows("SELECT sms_marketing, sms_transactional FROM phone") == [(False, True)]
    assert world.rows("SELECT email_marketing FROM email") == [(False,)]
    inside.press("/my/preferences", "/my/preferences", **same, **{mail: "service", phone: "nothing"})
    assert world.rows("SELECT sms_transactional, suppressed_at IS NOT NULL FROM phone") == [(False, True)]
    page = inside.get("/my/preferences")
    assert "text START from it to (505) 555-0100" in words_of(page)
    assert phone not in page.text.replace(f'id="{phone}"', "").replace(f'labelledby="{phone}"', "")
    answer = inside.press("/my/preferences", "/my/preferences", **same, **{mail: "service", phone: "offers"})
    assert answer.status_code == 303
    assert world.rows("SELECT sms_marketing, suppressed_at IS NOT NULL FROM phone") == [(False, True)]


def test_a_stop_that_came_meanwhile_is_not_undone(world: World, inside: Browser) -> None:
    mail, phone = ways(inside.get("/my/preferences").text)
    same = {"called": "Ana", "locale": "en", mail: "service"}
    inside.press("/my/preferences", "/my/preferences", **same, **{phone: "offers"})
    form = dict(HIDDEN.findall(inside.get("/my/preferences").text)) | same | {phone: "offers"}
    with world.rt.unit_of_work() as uow:
        consent.hold_offers(uow, world.spa.spa_id, ANA, Source("member", {}))
    assert inside.post("/my/preferences", form).status_code == 409
    assert world.rows("SELECT sms_marketing FROM phone") == [(False,)]


def test_for_another_phone_of_theirs_offers_end_and_never_begin(world: World, inside: Browser, ana: int) -> None:
    world.phone(ana, OTHER)
    [[other]] = world.rows("SELECT id FROM phone WHERE number = %s", (OTHER,))
    page = inside.get("/my/preferences").text
    assert re.findall(rf'name="phone-{other}" value="(\w+)"', page) == ["service", "nothing"]
    inside.press("/my/preferences", "/my/preferences", called="Ana", locale="en", **{f"phone-{other}": "offers"})
    assert world.rows("SELECT sms_marketing FROM phone WHERE id = %s", (other,)) == [(False,)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Ana\u202eevil"])
def test_a_name_that_cannot_be_greeted(world: World, inside: Browser, name: str) -> None:
    answer = inside.press("/my/preferences", "/my/preferences", called=name, locale="es")
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert re.findall(r'name="locale" value="(\w+)" checked', answer.text) == ["es"]
    assert world.rows("SELECT called, locale FROM client") == [(None, "en")]


def test_what_a_page_shows_of_an_address_is_not_the_address(inside: Browser) -> None:
    page = inside.get("/my/preferences").text
    assert "ana@example.com" not in page
    assert ANA not in page
    assert "a…@example.com" in page


# --- the ways there ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "told"), [("my membership", "secure link"), ("MI MEMBRESIA", "enlace seguro")])
@pytest.mark.usefixtures("ana")
def test_it_is_asked_for_by_text(world: World, browser: Browser, said: str, told: str) -> None:
    [answer] = world.say(said)
    assert told in answer
    path = re.findall(r"https://spa.example.com(/membership/\S+)", answer)[0]
    assert browser.post(path, {"digits": RIGHT}).status_code == 303


@pytest.mark.usefixtures("ana", "glow")
def test_every_mail_to_a_client_says_how_to_get_there(world: World, browser: Browser) -> None:
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, world.spa.spa_id, ANA, Source("member", {}))
    world.clock.advance(timedelta(days=26))
    world.bill()
    letter = world.mailed("ana@example.com")[-1]
    [path] = set(re.findall(r"https://spa\.example\.com(/manage/[A-Za-z0-9_-]+)", letter.text))
    before = everything(world)
    page = browser.get(path)
    assert (page.status_code, everything(world)) == (200, before)
    assert "Ana" not in words_of(page)
    assert browser.post(path).status_code == 200
    world.settle()
    assert "/membership/" in world.mailed("ana@example.com")[-1].text
    link = re.findall(r"https://spa\.example\.com(/membership/\S+)", world.mailed("ana@example.com")[-1].text)[0]
    assert browser.post(link, {"digits": RIGHT}).status_code == 303


@pytest.mark.parametrize("token", ["x" * 20, "A" * 60, "~"])
def test_nobody_makes_up_the_way_in_a_mail(browser: Browser, token: str) -> None:
    assert browser.get(f"/manage/{token}").status_code == 404
    assert browser.post(f"/manage/{token}").status_code == 403


def test_no_link_goes_to_a_phone_that_may_be_anothers(world: World, ana: int) -> None:
    world.rows("UPDATE phone SET shaken_at = %s RETURNING 1", (world.clock.now(),))
    with world.rt.unit_of_work() as uow:
        assert not membership_links.send(uow, world.spa.spa_id, ana, actor="member", evidence="E0")


# --- the spa's own colour ---------------------------------------------------------------------------------------------


def test_a_colour_that_can_be_read_is_on_every_page(world: World, inside: Browser, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        assert branding.choose(uow, world.spa.spa_id, "#7A1F5C", actor="staff:1") == branding.Branded("#7a1f5c")
    for page in ("/my", made(world, ana)):
        [address] = re.findall(r'href="(/brand/[^"]+)"', inside.get(page).text)
        sheet = inside.get(address)
        assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
        assert "immutable" in sheet.headers["Cache-Control"]
        assert "--green:#7a1f5c" in sheet.text
        assert len(sheet.data) < 500


def test_one_that_cannot_is_refused_with_the_nearest_that_can(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        refused = branding.choose(uow, world.spa.spa_id, "#ffd54a", actor="staff:1")
        assert isinstance(refused, branding.Illegible)
        assert branding.choose(uow, world.spa.spa_id, "gold", actor="staff:1") == branding.NotAColour()
        assert branding.accent_of(uow, world.spa.spa_id) is None
        assert branding.choose(uow, world.spa.spa_id, refused.nearest, actor="staff:1") == branding.Branded(
            refused.nearest
        )
        assert branding.choose(uow, world.spa.spa_id, " ", actor="staff:1") == branding.Branded(None)
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'accent_set'") == [(2,)]


@pytest.mark.parametrize("accent", ["ffd54a", "7A1F5C", "7a1f5", "zzzzzz", "7a1f5c7", "..%2fapp"])
def test_no_other_colour_is_served(browser: Browser, accent: str) -> None:
    assert browser.get(f"/brand/{accent}.css").status_code == 404


# --- the words --------------------------------------------------------------------------------------------------------


def test_both_languages_say_the_same_things() -> None:
    en, es = pages.words("en"), pages.words("es")
    assert {name: set(table) for name, table in en.items()} == {name: set(table) for name, table in es.items()}
    for name, table in en.items():
        for key, said in table.items():
            assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", es[name][key])), (name, key)


def test_every_refusal_has_words() -> None:
    assert {*PauseRefusal, *ResumeRefusal} <= pages.words("en")["why"].keys()
