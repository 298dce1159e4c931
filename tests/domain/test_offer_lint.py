"""What may not stand in an offer: the rules' own words, and the ways people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.offer_lint import DRUGS, SHORTENERS, TREATMENTS, WARNINGS, Fault, Found, lint
from assistant.domain.segments import Encoding, count, fold

BRAND = "Fern & Lumen"
OWN = "go.fern.example"
GOOD = "Fern & Lumen: ((first name)), join ((plan)) for ((price)) a month: ((link)). Reply JOIN. Reply STOP to opt out."


def said(words: str, **more: str) -> list[Found]:
    """The faults of a sentence in an offer that is good but for it."""
    return [*lint(f"{words} Fern & Lumen. Reply STOP to opt out.", brand=BRAND, own_domains=(OWN,), **more)]


def test_a_good_one() -> None:
    assert lint(GOOD, brand=BRAND) == ()
    assert lint("Hola ((first name)), ((spa)): responde UNIRME. Responde STOP para no recibir mas.", brand=BRAND) == ()
    assert lint("((spa)) hi", brand=BRAND, channel="email") == (), "mail has its own way out"


@pytest.mark.parametrize("drug", sorted(DRUGS))
@pytest.mark.parametrize("way", ["20% off {}", "{}, for you", "#{}!", "{}'s back", "Our {}/facial day"])
def test_every_drug_in_every_way(drug: str, way: str) -> None:
    """`rules.md` 1.19: its own list is among them, and each is found as it is written."""
    for written in (drug, drug.upper(), drug.title(), f"{drug}\u00ae", drug[:2] + "\u200b" + drug[2:]):
        assert Found(Fault.DRUG, drug) in said(way.format(written)), written


def test_the_list_of_the_rules() -> None:
    named = (
        "botox dysport xeomin jeuveau daxxify semaglutide ozempic wegovy tirzepatide mounjaro zepbound latisse"
        " tretinoin kybella ketamine"
    )
    assert set(named.split()) <= DRUGS
    assert Fault.DRUG in {each.fault for each in said("20% off Botox")}


@pytest.mark.parametrize(
    "words", ["GLP-1", "GLP 1", "GLP\u20111 shots", "Retin-A", "bo-tox", "B\u00f3tox", "\uff22\uff2f\uff34\uff2f\uff38"]
)
def test_a_drug_in_disguise(words: str) -> None:
    assert any(each.fault is Fault.DRUG for each in said(f"{words} is back."))


@pytest.mark.parametrize("treatment", sorted(TREATMENTS))
def test_no_treatment_and_no_part_of_the_body(treatment: str) -> None:
    """Whoever sees the phone would know of it (`rules.md` 7.3)."""
    assert Found(Fault.TREATMENT, treatment) in said(f"Your {treatment.upper()} awaits.")
    assert Found(Fault.HOLE, "treatment name") in said("Your ((treatment name)) awaits.")


@pytest.mark.parametrize(
    "words",
    ["Your skin loves you.", "Botany walk on Monday!", "Flip through our clips.", "Weighted blankets", "Eclipse party"],
)
def test_what_only_looks_like_one(words: str) -> None:
    assert said(words) == []


@pytest.mark.parametrize("domain", sorted(SHORTENERS))
def test_no_shortener(domain: str) -> None:
    """`rules.md` 1.20."""
    for link in (f"{domain}/abc", f"https://{domain}/abc?x=1", f"HTTP://WWW.{domain.upper()}", f"({domain})."):
        assert Found(Fault.SHORTENER, domain) in said(f"See {link} now"), link


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        (f"https://{OWN}/o/abc", None),
        (f"{OWN}/o/abc", None),
        (f"https://{OWN}, or", None),
        (f"https://{OWN}.", None),
        (f"https://evil.{OWN}/x", f"evil.{OWN}"),
        (f"https://{OWN}.evil.example/x", f"{OWN}.evil.example"),
        (f"https://{OWN}@evil.example/x", "evil.example"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        ("http://localhost:8080/x", "localhost"),
        ("ftp://192.0.2.7", "192.0.2.7"),
        ("elsewhere.example", "elsewhere.example"),
        ("$149.00 a month, 3.5 stars", None),
    ],
)
def test_no_address_but_our_own(link: str, fault: str | None) -> None:
    assert said(f"See {link}") == ([Found(Fault.LINK, fault)] if fault else [])


@pytest.mark.parametrize(
    "verb", ["Reply", "text", "SEND", "Answer with", "Reply:", 'Reply "', "Responda", "Env\u00ede", "env\u00eda"]
)
@pytest.mark.parametrize("word", ["YES", "START", "UNSTOP", "CANCEL", "END", "QUIT", "INFO", "HELP", "S\u00ed", "si"])
def test_no_word_that_carriers_take_for_their_own(verb: str, word: str) -> None:
    """`rules.md` 1.11, 1.12."""
    plain = word.upper().replace("\u00cd", "I")
    assert Found(Fault.KEYWORD, plain) in said(f"{verb}{'' if verb.endswith(chr(34)) else ' '}{word} to join.")


@pytest.mark.parametrize(
    "words", ["Reply JOIN", "Reply BALANCE", "Reply with any question", "reply infos", "Text endings"]
)
def test_words_of_ours(words: str) -> None:
    assert said(words) == []


@pytest.mark.parametrize(
    ("words", "stops"),
    [
        ("Reply STOP to opt out", True),
        ('Text "STOP" to end', True),
        ("STOP=end", True),
        ("STOP to opt out", True),
        ("Opt out: STOP", True),
        ("Responde ALTO para no recibir ofertas", True),
        ("Env\u00ede STOP", True),
        ("STOP by and say hello", False),
        ("Don't stop", False),
        ("reply stop", False),
        ("non-STOP fun", False),
        ("", False),
    ],
)
def test_it_says_how_to_have_no_more(words: str, stops: bool) -> None:
    found = lint(f"Fern & Lumen says hi. {words}", brand=BRAND)
    assert (Found(Fault.NO_STOP) not in found) is stops


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Fern & Lumen:", True),
        ("at FERN & LUMEN's,", True),
        ("((spa)):", True),
        ("((  Spa ))", True),
        ("Fern:", False),
        ("Fernery & Lumens", False),
    ],
)
def test_it_says_who_writes(words: str, named: bool) -> None:
    """`rules.md` 1.17; a spa called Glow is not named by what is glowing."""
    assert (Found(Fault.NO_BRAND, BRAND) not in lint(f"{words} hi. Reply STOP to opt out.", brand=BRAND)) is named
    assert Found(Fault.NO_BRAND, "Glow") in lint("Glowing skin! Reply STOP to opt out.", brand="Glow")


@pytest.mark.parametrize(
    "code", ["{{ 7*7 }}", "{% if x %}", "${x}", "<% x %>", "[[x]]", "%(name)s", "<b>", "</p>", "<script src=x>"]
)
def test_it_is_no_template(code: str) -> None:
    assert Fault.TEMPLATE in {each.fault for each in said(f"Hi {code}.")}


@pytest.mark.parametrize("hole", ["nombre", "treatment", "last name", "card", "first_name", ""])
def test_a_hole_that_nothing_fills(hole: str) -> None:
    assert Found(Fault.HOLE, hole) in said(f"Hi (({hole})).")


def test_it_is_as_long_as_for_the_longest_name() -> None:
    assert lint(GOOD, brand=BRAND, longest="x" * 306) == ()
    assert lint(GOOD, brand=BRAND, longest="x" * 307) == (Found(Fault.LONG, "3"),)
    assert lint(GOOD, brand=BRAND, longest="\u00e1" * 135)[0] == Found(Fault.LONG, "3")
    assert lint(GOOD, brand=BRAND, longest="x" * 999, channel="email") == ()


def test_a_warning_does_not_forbid() -> None:
    found = [*said("FORTY CAPITALS AND MORE, WHICH NOBODY LIKES ONE BIT!"), *said("Ol\u00e1 \U0001f33f ma\u00f1ana")]
    assert {each.fault for each in found} == WARNINGS == {Fault.SHOUTED, Fault.COSTLY}
    assert not any(each.forbids for each in found)


@pytest.mark.parametrize("words", ["", "  ", "\n\t"])
def test_nothing_is_said(words: str) -> None:
    assert lint(words, brand=BRAND) == (Found(Fault.EMPTY),)


@given(st.text(max_size=400))
def test_it_reads_whatever_is_written(words: str) -> None:
    """It never breaks, and never says the same twice; what it passes is two segments at most."""
    found = lint(words, brand=BRAND)
    assert len(set(found)) == len(found)
    if not any(each.forbids for each in found):
        size = count(fold(words))
        assert size.segments <= 2
        assert size.encoding is Encoding.GSM_7 or Found(Fault.COSTLY) in found
