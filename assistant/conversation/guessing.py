"""Where nothing is sure enough: the one or two likeliest things, to be asked about and never acted on."""

from assistant.conversation import likely

WORTH_ASKING = 0.25
FEWEST_WORDS = 2
"""Of one word alone nobody can guess."""
ASKABLE = frozenset(
    "balance why pay skip pause resume leave card promise join change perks receipt book gift hours human".split()
)


def guesses(text: str) -> tuple[str, ...]:
    """Names of intents, the likeliest first; none where nothing is at all likely."""
    if sum(any(map(str.isalpha, word)) for word in text.split()) < FEWEST_WORDS:
        return ()
    found = [name for name, share in likely.ranked(text)[:3] if share >= WORTH_ASKING and name in ASKABLE]
    return tuple(found[:2])
