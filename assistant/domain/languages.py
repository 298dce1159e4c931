"""Which of our languages something is written in, by its small words; names and one word alone say nothing."""

from assistant.domain.words import matchable

SMALL_WORDS = {
    "en": frozenset(
        """
        the my your you i i'm i've i'd it's is are was were be do does did don't can can't could would will have has had
        what what's when why where how which who and or but of for to in on at from with about this that these those
        not any some much many please thanks want need get got
        """.split()
    ),
    "es": frozenset(
        """
        el la los las un una unos unas mi mis tu su sus yo es esta estan estoy son era fue que cuando cuanto cuantos
        cuanta cuantas donde como cual quien y o pero de del para por en con sin al lo le les se ya muy mas hasta desde
        hay tengo tiene quiero quisiera puedo pueden necesito favor gracias porque si
        """.split()
    ),
}
FEWEST = 2
MUCH_MORE = 3


def written_in(text: str) -> str | None:
    """`en` or `es`, where at least two small words say so and hardly any the other; None where it is not plain."""
    words = matchable(text).split()
    (found, most), (_, fewest) = sorted(
        ((locale, sum(word in small for word in words)) for locale, small in SMALL_WORDS.items()),
        key=lambda each: -each[1],
    )
    return found if most >= FEWEST and most >= MUCH_MORE * fewest else None
