"""A box of mail as a mail program shows it: by conversation, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.sandbox.sendgrid_shapes import Letter

SNIPPET = 120


@dataclass(frozen=True, slots=True)
class Conversation:
    """Mails that answer each other, oldest first; never none."""

    letters: tuple[Letter, ...]

    @property
    def latest(self) -> Letter:
        return self.letters[-1]

    @property
    def subject(self) -> str:
        return self.letters[0].subject or "(no subject)"


def conversations(letters: Sequence[Letter]) -> list[Conversation]:
    """Those of a box, which is given oldest first. What names a mail that is here belongs with it."""
    belongs: dict[str, int] = {}
    found: list[list[Letter]] = []
    for letter in letters:
        at = next((belongs[name] for name in reversed(_named(letter)) if name in belongs), None)
        if at is None:
            at = len(found)
            found.append([])
        found[at].append(letter)
        if own := letter.headers.get("Message-ID"):
            belongs[own] = at
    order = {letter.id: place for place, letter in enumerate(letters)}
    return sorted((Conversation(tuple(each)) for each in found), key=lambda each: -order[each.latest.id])


def _named(letter: Letter) -> list[str]:
    """The mails it answers, nearest last."""
    return f"{letter.headers.get('References', '')} {letter.headers.get('In-Reply-To', '')}".split()


def snippet(letter: Letter) -> str:
    """How it begins: of a person's mail their own words, for a program hides what is quoted."""
    words = letter.args.get("words", "") if letter.inbound else letter.text.split("\n-- \n")[0]
    return " ".join(words.split())[:SNIPPET]
