"""How far a mail is believed: the table of `rules.md` 4.12."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.mail_trust import Proofs, Trust, author, is_authentic, level, owner, signers

ANA = "ana@example.com"


@pytest.mark.parametrize(
    ("claimed", "envelope", "spf", "dkim", "authentic"),
    [
        (ANA, ANA, "pass", "", True),
        (ANA, ANA, "pass", "none", True),
        (ANA, ANA, "PASS ", "", True),
        (ANA, ANA, "softfail", "", False),
        (ANA, ANA, "fail", "{@example.com : pass}", True),
        (ANA, "x@relay.example.net", "fail", "{@example.com : pass}", True),
        (ANA, "x@evil.com", "pass", "{@evil.com : pass}", False),
        (ANA, ANA, "", "{@example.com : fail}", False),
        (ANA, "", "", "{@evil.com : pass}{@example.com : pass}", True),
        (ANA, "", "", "{@evil.com : pass, @mail.example.com : pass}", True),
        (ANA, "", "", "{@evil.com : pass} {@example.com : fail}", False),
        (ANA, "", "", "{@example.com : pass", False),
        (ANA, "", "", "@example.com : pass", False),
        (ANA, "", "", "{@example.com : pass}; {@evil.com : pass}", False),
        (ANA, "", "", "{@example.com : pass : pass}", False),
        (ANA, "", "", "{@example.com : passed}", False),
        (ANA, "", "", "{}", False),
        (ANA, "", "", "{@com : pass}", False),
        (ANA, "bounce@mail.example.com", "pass", "", True),
        (ANA, "<ana@example.com>", "pass", "", True),
        (ANA, "ana@example.com.evil.com", "pass", "", False),
        (ANA, "ana@badexample.com", "pass", "", False),
        ("x@a.co.uk", "x@b.co.uk", "pass", "{@co.uk : pass}", False),
        ("x@a.co.uk", "x@mail.a.co.uk", "pass", "", True),
        ("x@a.github.io", "x@b.github.io", "pass", "", False),
        ("x@localhost", "x@localhost", "pass", "", False),
        ("x@co.uk", "x@co.uk", "pass", "", False),
        ("x@[127.0.0.1]", "x@[127.0.0.1]", "pass", "", False),
        (None, ANA, "pass", "{@example.com : pass}", False),
        ("ana", "ana", "pass", "", False),
        ("", "", "pass", "{@ : pass}", False),
    ],
)
def test_a_domain_stands_by_its_mail(claimed: str | None, envelope: str, spf: str, dkim: str, authentic: bool) -> None:
    assert is_authentic(Proofs(claimed, envelope, spf, dkim)) is authentic


@pytest.mark.parametrize("authentic", [False, True])
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("token", [False, True])
def test_the_levels(authentic: bool, known: bool, token: bool) -> None:
    wanted = Trust.NOBODY if not (authentic and known) else Trust.REPLY if token else Trust.KNOWN
    assert level(authentic=authentic, known=known, token_is_theirs=token) is wanted


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (("Ana Example <Ana@Example.com>",), ANA),
        (("ana@example.com",), ANA),
        (('"Example, Ana" <ana@example.com>',), ANA),
        (("<ana@example.com>",), ANA),
        (("ana@example.com <leo@example.com>",), "leo@example.com"),
        ((), None),
        (("ana@example.com", "leo@example.com"), None),
        (("ana@example.com, leo@example.com",), None),
        (("Ana <ana@example.com>, Leo <leo@example.com>",), None),
        (("Ana <ana@example.com> <leo@example.com>",), None),
        (("ana@example.com\x00@evil.com",), None),
        (("undisclosed:;",), None),
        (("",), None),
        (("a" * 2000,), None),
    ],
)
def test_one_author_or_none(headers: tuple[str, ...], found: str | None) -> None:
    assert author(headers) == found


@given(st.text(), st.text(), st.text(), st.text())
def test_nothing_that_cannot_be_read_proves_anything(one: str, two: str, three: str, four: str) -> None:
    is_authentic(Proofs(one, two, three, four))
    assert signers(one) == [] or "pass" in one.lower()
    owner(one)
    author((one,))
