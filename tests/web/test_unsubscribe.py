"""The page that ends offers: looking does nothing, one click does, twice is once, and nobody makes another's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from assistant.app import create_app
from assistant.services import consent, email_consent, unsubscribing
from assistant.settings import Settings
from tests.web.test_card_pages import SETTINGS
from tests.world import World

AT = "ana@example.com"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def web(world: World) -> FlaskClient:
    client = world.client("Ana", locale="es")
    world.mailbox(client, AT, marketing=True)
    settings: Settings = SETTINGS
    return create_app(world.rt, settings).test_client(use_cookies=False)


@pytest.fixture
def path(world: World, web: FlaskClient) -> str:  # noqa: ARG001 - there is somebody
    with world.rt.unit_of_work() as uow:
        return f"/unsubscribe/{unsubscribing.token(uow, world.spa.spa_id, AT)}"


def state(world: World) -> tuple[object, list[tuple[object, ...]]]:
    [(marketing,)] = world.rows("SELECT email_marketing FROM email WHERE address = %s", (AT,))
    changes = "SELECT change, scope, source, evidence ->> 'page' FROM consent_change WHERE channel = 'email'"
    return marketing, world.rows(changes)


UNTOUCHED: tuple[object, list[tuple[object, ...]]] = (True, [])
ENDED = (False, [("stopped", "marketing", "member", "unsubscribe")])


def test_looking_changes_nothing_however_it_is_done(world: World, web: FlaskClient, path: str) -> None:
    for look in (web.get, web.head, web.options):
        assert look(path).status_code == 200
    assert state(world) == UNTOUCHED
    shown = web.get(path).text
    assert "No recibir ofertas" in shown, "in their own language"
    assert 'name="List-Unsubscribe" value="One-Click"' in shown
    assert AT in shown
    assert "Stop offers" in web.get(f"{path}?lang=en").text


@pytest.mark.parametrize("how", [{"data": ONE_CLICK}, {"data": ONE_CLICK, "content_type": "multipart/form-data"}])
def test_one_click_ends_offers_and_a_replay_says_the_same(
    world: World, web: FlaskClient, path: str, how: dict[str, object]
) -> None:
    for _ in range(3):
        answer = web.post(path, **how)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "No recibirás más ofertas" in answer.text
        assert state(world) == ENDED
    assert "<form" not in web.get(path).text


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"List-Unsubscribe": ""},
        {"List-Unsubscribe": "one-click"},
        {"other": "One-Click"},
        ONE_CLICK | {"x" * 5000: "y"},
    ],
)
def test_a_post_without_the_very_words_asks_for_nothing(
    world: World, web: FlaskClient, path: str, said: dict[str, str]
) -> None:
    assert web.post(path, data=said).status_code == 400
    assert web.post(path, data=said, content_type="multipart/form-data").status_code == 400
    assert state(world) == UNTOUCHED


def cut(path: str) -> str:
    return path[:-1]


def turned(path: str) -> str:
    return path[:30] + ("A" if path[30] != "A" else "B") + path[31:]


@pytest.mark.parametrize("spoilt", [cut, turned, lambda _: "/unsubscribe/1", lambda _: f"/unsubscribe/{'A' * 60}"])
def test_nobody_makes_another_address_of_one(
    world: World, web: FlaskClient, path: str, spoilt: Callable[[str], str]
) -> None:
    assert web.get(spoilt(path)).status_code == 404
    assert web.post(spoilt(path), data=ONE_CLICK).status_code == 403
    assert state(world) == UNTOUCHED


def test_the_address_tells_nothing_and_holds_for_good(world: World, path: str) -> None:
    assert "ana" not in path
    with world.rt.unit_of_work() as uow:
        other = unsubscribing.token(uow, world.spa.spa_id, "leo@example.com")
        assert f"/unsubscribe/{unsubscribing.token(uow, world.spa.spa_id, AT.upper())}" == path
    assert other not in path
    assert len(other) > 40


def test_who_asks_for_offers_again_can_end_them_again(world: World, web: FlaskClient, path: str) -> None:
    web.post(path, data=ONE_CLICK)
    world.rows("UPDATE email SET email_marketing = true RETURNING 1")
    assert "<form" in web.get(path).text
    web.post(path, data=ONE_CLICK)
    assert state(world) == (False, ENDED[1] * 2)


def test_who_has_called_it_spam_has_no_offers_to_end(world: World, web: FlaskClient, path: str) -> None:
    with world.rt.unit_of_work() as uow:
        email_consent.suppress(uow, world.spa.spa_id, AT, consent.Source("carrier", {}))
    assert web.post(path, data=ONE_CLICK).status_code == 200
    assert len(state(world)[1]) == 1
