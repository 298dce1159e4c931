"""How far a mail is believed: anyone can write any name above it (`rules.md` 4.12)."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from tldextract import TLDExtract

_SUFFIXES = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
"""The list that comes with the library: nothing is fetched, nothing is written."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
DOMAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+")
_DKIM = re.compile(r"\s*(?:\{[^{}]*\}[\s,]*)+")
_DKIM_ENTRY = re.compile(r"\s*@?([^\s:@]{1,253})\s*:\s*([a-z]{1,20})\s*", re.IGNORECASE)
_BARE = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", re.IGNORECASE)
_NAMED = re.compile(r"""\s*(?:"(?:[^"\\]|\\.){0,200}"|[^<>",;:]{0,200})\s*<([^<>\s]{3,320})>\s*""")


class Trust(IntEnum):
    """What a mail may bring about."""

    NOBODY = 0
    """Not proven, or of nobody we know: kept, shown to a person, an opt-out honoured; never answered."""
    KNOWN = 1
    """From an address on file: general answers, and wishes that a link to that address confirms."""
    REPLY = 2
    """And an answer to a mail of ours, by an address that only that mail held: as good as a text with its token."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is known of where a mail came from. Nothing of it is trusted but the checks that SendGrid made."""

    author: str | None
    """The one address of its From header; None where there is none, or several."""
    envelope_from: str
    spf: str
    """SendGrid's word: `pass`, `softfail`, …"""
    dkim: str
    """SendGrid's list of signatures and how they fared: `{@gmail.com : pass}`."""


def is_authentic(proofs: Proofs) -> bool:
    """Whether the domain it says it is from stands by it: a signature that fits it, or the server it came from.

    By a domain of the same owner (`rules.md` 4.12). What cannot be read proves nothing.
    """
    claimed = owner(_domain(proofs.author or ""))
    if claimed is None:
        return False
    if any(owner(signer) == claimed for signer in signers(proofs.dkim)):
        return True
    return proofs.spf.strip().lower() == "pass" and owner(_domain(proofs.envelope_from)) == claimed


def level(*, authentic: bool, known: bool, token_is_theirs: bool) -> Trust:
    """How far to believe it. A token proves nothing where the address does not: it may have been forwarded."""
    if not authentic or not known:
        return Trust.NOBODY
    return Trust.REPLY if token_is_theirs else Trust.KNOWN


def signers(dkim: str) -> list[str]:
    """The domains whose signatures hold. A list that is not all as SendGrid writes it holds none."""
    if len(dkim) > 4000 or not _DKIM.fullmatch(dkim):
        return []
    entries = [entry for group in re.findall(r"\{([^{}]*)\}", dkim) for entry in group.split(",")]
    found = [_DKIM_ENTRY.fullmatch(entry) for entry in entries]
    if not all(found):
        return []
    return [each[1].lower() for each in found if each and each[2].lower() == "pass"]


@lru_cache(maxsize=4096)
def owner(domain: str) -> str | None:
    """The part of a domain that one owner registered: `a.co.uk` of `mail.a.co.uk`; None for no such domain."""
    try:
        plain = domain.rstrip(".").lower()
        plain = plain if plain.isascii() else plain.encode("idna").decode()
    except UnicodeError:
        return None
    if not DOMAIN.fullmatch(plain):
        return None
    found = _SUFFIXES(plain)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else None


def author(from_headers: tuple[str, ...]) -> str | None:
    """The address a mail says it is from, in small letters: of one From header with one address, or of none."""
    if len(from_headers) != 1 or len(from_headers[0]) > 1000:
        return None
    said = from_headers[0].strip()
    named = _NAMED.fullmatch(said)
    return address(named[1] if named else said)


def address(text: str) -> str | None:
    """One plain mail address in small letters, or None."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not _BARE.fullmatch(local) or not DOMAIN.fullmatch(domain.lower()):
        return None
    return f"{local}@{domain}".lower()


def _domain(text: str) -> str:
    """What stands behind the last @, of an address that may be between `<>`."""
    return text.strip().strip("<>").rpartition("@")[2]
