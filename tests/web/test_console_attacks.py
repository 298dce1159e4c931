"""What an attacker tries at the console, and what comes of it: forged forms, fixed sessions, other spas."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha1
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from assistant.db.spas import Service
from assistant.domain.campaigns import Purpose
from assistant.domain.credits import MILLI
from assistant.domain.permissions import Role
from assistant.domain.plans import GrantTerms, Terms
from assistant.services import approvals, campaigns, canned, handovers, plans, tasks
from assistant.services.approvals import Wanted
from assistant.services.campaigns import Draft
from tests.console import ONCE, PASSWORD, TOKEN, Visitor, console_app, employ, signed_in
from tests.demo import sell
from tests.walking import addressed, parameters, routes
from tests.web.test_console_policy import other_spa
from tests.world import PUBLIC, World

WRITTEN = ("audit", "staff_act", "outbound_message", "ticket", "invoice", "pause", "client", "staff_post", "credit_lot")
"""What would grow if somebody did something."""


@pytest.fixture
def app(world: World) -> Flask:
    """A spa that has one of everything, so that there is something to be got at."""
    furnish(world)
    return console_app(world)


def furnish(world: World, said: str = "Glow", *, spa_id: int = 1) -> int:
    """One of everything; `said` is every name and word in it. The client."""
    ana = world.client(said)
    world.enrol(ana, anchor_on=world.clock.now().date() + timedelta(days=9))
    world.grant(ana)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE client SET last_name = %s, tags = ARRAY[%s] WHERE id = %s", (said, said, ana))
        uow.sql("UPDATE plan SET name = %s", (said,))
        uow.session.add(Service(spa_id=spa_id, code="peel", name=said, category=said, list_price_cents=9_900))
        terms = Terms(dues_cents=9_900, grants=(GrantTerms("visit", MILLI),))
        plans.offer(uow, spa_id, "second", said, terms, actor="staff:1")
        tasks.open_task(uow, spa_id, key="t:1", kind="void_asked", client_id=ana, facts={"reason": said, "ticket": 1})
        campaigns.draft(uow, spa_id, Draft(name=said, purpose=Purpose.OFFER, texts=({"en": said},)), actor="staff:1")
        asked = Wanted(kind="grant", client_id=ana, payload={"client": ana, "answers": {}}, mark="", lines=(), why=said)
        approvals.ask(uow, spa_id, asked, token="a-form-token", actor="staff:999")
        assert canned.keep(uow, spa_id, None, locale="en", name=said, words="See you soon.", by="staff:1")
    sell(world, spa_id, ana, "peel")
    employ(world, Role.DESK, f"desk{spa_id}@example.com", spa_id=spa_id)
    world.text(said)
    world.settle()
    with world.rt.unit_of_work() as uow:
        [[event, sender]] = uow.sql("SELECT id, sender FROM inbound_event ORDER BY id DESC LIMIT 1").fetchall()
        handovers.open_(
            uow, spa_id, channel="sms", address=sender, client_id=ana, topic="question", summary=said, event_id=event
        )
    return ana


def done(world: World) -> list[Any]:
    """How much has been written down."""
    return [world.rows(f"SELECT count(*) FROM {each}")[0][0] for each in WRITTEN]


# --- forged forms -----------------------------------------------------------------------------------------------------


def posts(app: Flask, world: World) -> Iterator[str]:
    """Every address that takes a form: the console's own, and those of signing in."""
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and rule.rule.startswith("/console"):
            yield addressed(world.rt, rule, 1) or re.sub(r"<[^>]+>", "1", rule.rule)


def taken(
    app: Flask, world: World, visitor: Visitor, form: dict[str, str], referer: str | None
) -> list[tuple[str, int]]:
    """The addresses that did not refuse a form."""
    headers = {"Referer": referer} if referer else {}
    found = []
    for path in posts(app, world):
        answer = visitor.http.post(path, data=form, base_url=visitor.base, headers=headers)
        found += [(path, answer.status_code)] if answer.status_code != 403 else []
    return found


@pytest.fixture
def owner(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.OWNER)


def token_of(visitor: Visitor) -> str:
    found = TOKEN.search(visitor.get("/console/account").text)
    assert found
    return found[1]


def test_a_form_from_elsewhere_is_refused_everywhere(app: Flask, world: World, owner: Visitor) -> None:
    """None, an invented one, another's own, and their own one sent from another site."""
    employ(world, Role.MANAGER)
    other = Visitor(app.test_client())
    other.sign_in("manager@example.com")
    before, ours = done(world), f"{owner.base}/console/account"
    for form, referer in (
        ({}, ours),
        ({"csrf_token": ""}, ours),
        ({"csrf_token": "IjEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}, ours),
        ({"csrf_token": token_of(other)}, ours),
        ({"csrf_token": token_of(owner)}, "https://evil.example.com/console/account"),
        ({"csrf_token": token_of(owner)}, None),
    ):
        assert taken(app, world, owner, form, referer) == [], (form, referer)
    assert done(world) == before
    assert len(list(posts(app, world))) > 30


def test_a_door_without_its_guard_is_seen(app: Flask, world: World, owner: Visitor) -> None:
    app.before_request_funcs[None] = []
    assert len(taken(app, world, owner, {}, None)) > 10


def test_to_look_is_not_to_do(app: Flask, world: World, owner: Visitor) -> None:
    """An address in an image or a link, even with a form's own fields, changes nothing; nor is one signed out by it."""
    before = done(world)
    for rule in routes(app):
        path = addressed(world.rt, rule, 1)
        if path:
            owner.get(f"{path}?once=a-made-up-token&mark=x&csrf_token={token_of(owner)}&months=1&tender=cash&reason=x")
    assert owner.get("/console/sign-out").status_code == 405
    assert owner.get("/console/account").status_code == 200
    assert done(world) == before


# --- sessions ---------------------------------------------------------------------------------------------------------


EMPTIED = ("remember_token=;", "__Host-staff=;")


def staff_cookie(visitor: Visitor) -> str:
    found = visitor.http.get_cookie("__Host-staff", domain="spa.example.com")
    assert found
    return found.value


def with_cookie(app: Flask, value: str) -> Visitor:
    """A browser that brings a cookie somebody else had."""
    visitor = Visitor(app.test_client())
    visitor.http.set_cookie("__Host-staff", value, domain="spa.example.com", secure=True)
    return visitor


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/console/account").status_code == 200


def test_a_planted_session_is_another_one_after_signing_in(app: Flask, world: World) -> None:
    employ(world, Role.DESK)
    attacker = Visitor(app.test_client())
    attacker.get("/console/sign-in")
    planted = staff_cookie(attacker)
    victim = with_cookie(app, planted)
    assert victim.sign_in("desk@example.com").status_code == 302
    assert staff_cookie(victim) != planted
    assert is_in(victim)
    assert not is_in(attacker)
    assert not is_in(with_cookie(app, planted))


def test_a_kept_cookie_is_worth_nothing_once_all_are_signed_out(app: Flask, world: World) -> None:
    desk = signed_in(app, world, Role.DESK)
    kept = staff_cookie(desk)
    assert is_in(with_cookie(app, kept))
    assert desk.post("/console/account/sign-out", {}, page="/console/account").status_code == 303
    assert not is_in(desk)
    assert not is_in(with_cookie(app, kept))


def test_nor_once_the_password_is_another(app: Flask, world: World) -> None:
    desk = signed_in(app, world, Role.DESK)
    kept = staff_cookie(desk)
    form = {"password": PASSWORD, "new_password": "another quiet river", "new_password_confirm": "another quiet river"}
    assert desk.post("/console/account/password", form).status_code == 302
    assert not is_in(with_cookie(app, kept))


def test_a_cookie_of_ones_own_making_is_none(app: Flask, world: World) -> None:
    """With another key, changed by a letter, or of yesterday: nobody. The same by our own key, made now: somebody."""
    desk = signed_in(app, world, Role.DESK)
    real = staff_cookie(desk)
    held = serializer(app.secret_key).loads(real)
    assert is_in(with_cookie(app, serializer(app.secret_key).dumps(held)))
    assert not is_in(with_cookie(app, serializer("guessed").dumps(held)))
    assert not is_in(with_cookie(app, real[:-1] + ("A" if real[-1] != "A" else "B")))
    assert not is_in(with_cookie(app, serializer(app.secret_key, older=timedelta(hours=13)).dumps(held)))
    assert not is_in(with_cookie(app, urlsafe_b64encode(b'{"_user_id":"1","_fresh":true}').decode()))


def serializer(key: Any, older: timedelta = timedelta(0)) -> URLSafeTimedSerializer:  # noqa: ANN401 - as Flask has it
    class Older(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - int(older.total_seconds())

    return URLSafeTimedSerializer(
        key,
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer=Older,
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha1},
    )


def test_every_cookie_is_for_https_and_no_script(app: Flask, world: World) -> None:
    employ(world, Role.DESK)
    visitor = Visitor(app.test_client())
    pages = [visitor.get("/console/sign-in")]
    pages.append(visitor.post("/console/sign-in", {"email": "desk@example.com", "password": PASSWORD, "remember": "y"}))
    pages += [visitor.get("/console/1/today"), visitor.post("/console/sign-out", {}, page="/console/account")]
    cookies = [each for page in pages for each in page.headers.getlist("Set-Cookie") if not each.startswith(EMPTIED)]
    assert len(cookies) >= 2
    for each in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(each.split("; ")), each
        assert not parse_cookie(each).get("Domain"), each


# --- other doors ------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "//evil.example.com",
    "https://evil.example.com/console/",
    "https:evil.example.com",
    "https:/evil.example.com",
    "http://spa.example.com@evil.example.com/",
    "\\\\evil.example.com",
    "/\\evil.example.com",
    "/%09/evil.example.com",
    "/\t/evil.example.com",
    "\t//evil.example.com",
    " //evil.example.com",
    "///evil.example.com",
    "/%2F/evil.example.com",
    "%2F%2Fevil.example.com",
    "/console/\r\nLocation: https://evil.example.com",
    "/console/%0d%0aLocation:%20https://evil.example.com",
    "/console/@evil.example.com:8@",
    "javascript:alert(1)",
    "data:text/html,x",
    "/webhooks/twilio/inbound",
    "/consoles/x",
    "console/account",
)


def leaves(answer: TestResponse) -> bool:
    """Whether a browser would be led off the console by it."""
    where = answer.headers.get("Location", "")
    parts = urlsplit(where)
    return bool(where) and (
        bool(parts.netloc) or not parts.path.startswith("/console/") or bool(re.search(r"[\\\s]", where))
    )


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_elsewhere(app: Flask, world: World, elsewhere: str) -> None:
    employ(world, Role.DESK)
    form = {"email": "desk@example.com", "password": PASSWORD}
    for asked, sent in ((f"?next={quote(elsewhere)}", form), ("", form | {"next": elsewhere})):
        visitor = Visitor(app.test_client())
        answers = [visitor.get(f"/console/sign-in{asked}")]
        answers.append(visitor.post(f"/console/sign-in{asked}", sent, page="/console/sign-in"))
        visitor.sign_in("desk@example.com")
        answers.append(visitor.get(f"/console/sign-in{asked}"))
        again = {"password": PASSWORD} | ({"next": elsewhere} if not asked else {})
        answers.append(visitor.post(f"/console/account/again{asked}", again, page="/console/account"))
        assert [each.headers.get("Location") for each in answers if leaves(each)] == []


def test_where_they_came_from_is_not_where_they_go(app: Flask, world: World, owner: Visitor) -> None:
    """A form that asks them to prove it again goes back to our own page, whatever page says that it sent it."""
    with owner.http.session_transaction(base_url=owner.base) as session:
        session["fs_paa"] = 1.0
    path = addressed(world.rt, next(each for each in routes(app, "POST") if each.endpoint == "console.act_grant"), 1)
    assert path
    for referer in (
        f"{owner.base}//evil.example.com/console/",
        f"{owner.base}/console/\\evil",
        f"{owner.base}/console/x",
    ):
        form = {"csrf_token": token_of(owner)}
        answer = owner.http.post(path, data=form, base_url=owner.base, headers={"Referer": referer})
        assert answer.status_code == 303
        assert urlsplit(answer.location).path == "/console/account/again"
        assert not leaves(owner.get(answer.location))


def test_a_link_by_mail_is_to_us_whatever_host_was_asked(app: Flask, world: World) -> None:
    employ(world, Role.DESK)
    visitor = Visitor(app.test_client(), base="https://evil.example.com")
    answer = visitor.post("/console/password", {"email": "desk@example.com"})
    assert answer.status_code == 200
    [(body,)] = world.rows("SELECT body FROM outbound_message WHERE message = 'staff-reset'")
    assert "evil" not in str(body)
    assert f"{PUBLIC}/console/password/" in str(body)


# --- other spas -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(app: Flask, world: World) -> Visitor:
    """The owner of another spa, who knows every id of ours."""
    employ(world, Role.OWNER, "stranger@example.com", spa_id=other_spa(world))
    visitor = Visitor(app.test_client())
    assert visitor.sign_in("stranger@example.com").status_code == 302
    return visitor


def test_an_id_of_ours_opens_nothing_at_theirs(app: Flask, world: World, stranger: Visitor) -> None:
    """Every page and form whose address names a thing, with ours, at the spa that they own: nothing is there."""
    before, found, tried = done(world), [], 0
    for method in ("GET", "POST"):
        for rule in routes(app, method):
            if not any(kind == "int" for _, kind in parameters(rule)):
                continue
            path = addressed(world.rt, rule, 2, of=1)
            assert path, f"{rule.rule}: furnish() is to make one"
            if method == "GET":
                answers = [stranger.get(path), stranger.get(f"{path}?months=1&unit=visit&many=1&reason=x&channel=desk")]
            else:
                answers = [stranger.post(path, FORM, page="/console/account")]
            found += [(method, path, each.status_code) for each in answers if each.status_code != 404]
            tried += 1
    assert found == []
    assert done(world) == before
    assert tried > 25


FORM = {
    "once": "a-made-up-token",
    "mark": "x",
    "tender": "cash",
    "channel": "sms",
    "reason": "x",
    "amount": "1.00",
    "months": "1",
    "pays": "cash",
    "agreed": "1",
    "code-1": "peel",
    "many-1": "1",
}


def theirs(world: World) -> int:
    """A client of the other spa."""
    named = "VALUES (2, 'Bo', 'Example', 'en', %s) RETURNING id"
    with world.rt.unit_of_work() as uow:
        made = uow.sql(f"INSERT INTO client (spa_id, first_name, last_name, locale, created_at) {named}", (uow.now,))
        return int(made.fetchall()[0][0])


def test_what_another_spa_sells_is_in_no_cart(world: World, stranger: Visitor) -> None:
    """Our service, plan and booking, named in the fields of a form for a client of theirs."""
    client_id = theirs(world)
    before, till = done(world), f"/console/2/checkout/{client_id}"
    cart = stranger.get(f"{till}?code-1=peel&many-1=1")
    assert cart.status_code == 422
    assert "$99.00" not in cart.text
    assert "Glow" not in cart.text
    assert stranger.post(till, FORM, page=till).status_code == 422
    joining = stranger.get(f"{till}/join?plan=second")
    assert "$99.00" not in joining.text
    assert "Glow" not in joining.text
    assert stranger.post(f"{till}/join?plan=second", FORM | {"hash": "x"}, page=till).status_code in {409, 422}
    assert done(world) == before


def test_a_member_of_theirs_and_a_membership_of_ours(world: World, stranger: Visitor) -> None:
    client_id = theirs(world)
    [(ours,)] = world.rows("SELECT id FROM membership WHERE spa_id = 1")
    for act in ("pause", "cancel", "resume", "undo"):
        page = stranger.get(f"/console/2/members/{client_id}/{act}?membership={ours}&months=1&channel=desk&reason=x")
        assert not ONCE.search(page.text), act
        assert 'name="mark"' not in page.text, act


def test_what_no_text_holds_is_refused_before_anything_is_asked(app: Flask, world: World, owner: Visitor) -> None:
    for rule in routes(app):
        path = addressed(world.rt, rule, 1)
        assert path is None or owner.get(f"{path}?q=a%00&name=%00&reason=%00&tip=%00&on=%00").status_code == 400, path
    token = token_of(owner)
    for path in posts(app, world):
        form = {"csrf_token": token, "reason": "a\0", "once": "a-made-up-token"}
        answer = owner.http.post(path, data=form, base_url=owner.base, headers={"Referer": owner.base + path})
        assert answer.status_code == 400, path


# --- what every answer says -------------------------------------------------------------------------------------------


def test_every_answer_has_its_headers(app: Flask, world: World, owner: Visitor) -> None:
    paths = [addressed(world.rt, rule, 1) for rule in routes(app)]
    paths += ["/console/none", "/console/2/today", "/console/sign-in", "/console/password", "/console/account/password"]
    for path in filter(None, paths):
        for visitor in (owner, Visitor(app.test_client())):
            headers = visitor.get(path).headers
            policy = headers["Content-Security-Policy"]
            for word in (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            ):
                assert word in policy, (path, word)
            assert not re.search(r"unsafe|\*|https?:", policy), path
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "same-origin", path
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert headers["Cache-Control"] == "no-store", path
            assert "Access-Control-Allow-Origin" not in headers, path
