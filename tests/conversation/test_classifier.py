import ast
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation import classifier, training
from assistant.conversation.classifier import MODEL, Model, classify, pairs, pieces, words_of
from assistant.conversation.examples import FOLDER, LOCALES, read_all

EXAMPLES = read_all()
SMALLEST, LARGEST_BYTES = 10, 2_200_000
FLOOR = 0.5
"""Of phrases whose whole family was held out; by chance it would be one in thirty."""


def test_every_intent_has_examples_in_both_languages() -> None:
    counts = Counter((each.intent, each.locale) for each in EXAMPLES)
    intents = {path.stem for path in FOLDER.glob("*.txt")}
    assert [(i, loc) for i in sorted(intents) for loc in LOCALES if counts[i, loc] < SMALLEST] == []


BY_ITS_WORDS_ALONE = {"manage"}
"""What is asked for by its keywords and by nothing else."""


def test_every_handler_has_examples() -> None:
    handlers = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert handlers - {each.intent for each in EXAMPLES} == BY_ITS_WORDS_ALONE


def test_no_phrase_is_under_two_intents() -> None:
    under: dict[str, set[str]] = {}
    for each in EXAMPLES:
        under.setdefault(" ".join(words_of(each.text)) or each.text, set()).add(each.intent)
    assert {phrase: names for phrase, names in under.items() if len(names) > 1} == {}


def test_no_example_is_of_the_test_messages() -> None:
    """Of more than three words: the shortest ones ("my balance") are anyone's. What they were is not printed."""
    ours = {tuple(words_of(each.text)) for each in EXAMPLES}
    folder = Path(__file__).parents[1] / "data/messages"
    lines = [line for path in folder.glob("test-*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    told = [tuple(words_of(json.loads(line)["text"])) for line in lines]
    shared = sum(len(words) > 3 and words in ours for words in told)
    assert shared == 0


def test_training_again_gives_the_very_bytes_that_are_shipped() -> None:
    again = training.shipped(EXAMPLES)
    if again != MODEL.read_text():  # another processor rounds otherwise: then twice here, and the same answers
        assert again == training.shipped(EXAMPLES)
        theirs, ours = Model(again), Model(MODEL.read_text())
        told = [theirs.classify(each.text)[0][0] == ours.classify(each.text)[0][0] for each in EXAMPLES]
        assert sum(told) / len(told) > 0.999, "make it new: assistant interpret --train"


def test_the_shipped_model_is_small_and_its_loading_is_told(record_property: Callable[[str, object], None]) -> None:
    shipped = MODEL.read_bytes()
    took = []
    for _ in range(5):
        began = time.perf_counter()
        Model(shipped)
        took.append((time.perf_counter() - began) * 1e3)
    record_property("loads_in_ms", round(min(took), 1))
    assert len(shipped) < LARGEST_BYTES


def test_a_family_it_never_saw_is_understood_far_above_chance() -> None:
    scores, intents, truth = training.held_out(EXAMPLES)
    right = sum(intents[best] == name for best, name in zip(scores.argmax(axis=1), truth, strict=True))
    assert right / len(truth) > FLOOR


def test_what_it_was_shown_it_knows() -> None:
    right = sum(classify(each.text)[0][0] == each.intent for each in EXAMPLES)
    assert right / len(EXAMPLES) > 0.97


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how many credits have i got left??", "balance"),
        ("CUÁNTOS CRÉDITOS TENGO", "balance"),
        ("pls pasue my membrship", "pause"),
        ("I can't stop loving it!!", "thanks"),
        ("my bank sent me a new card", "card"),
        ("ya no quiero la membresia", "leave"),
        ("my lips are swollen and it hurts", "medical"),
        ("❤️❤️", "thanks"),
    ],
)
def test_plain_cases(text: str, intent: str) -> None:
    assert classify(text)[0][0] == intent


@pytest.mark.parametrize("text", ["", "   ", "...", "你好", "\x00", "\u202e\u202e"])
def test_nothing_it_knows_is_unknown(text: str) -> None:
    assert classify(text)[0] == ("unknown", 1.0)


@settings(max_examples=300)
@given(st.text(max_size=900))
def test_any_text_has_shares_that_sum_to_one_and_fall(text: str) -> None:
    told = classify(text)
    shares = [share for _, share in told]
    assert abs(sum(shares) - 1) < 1e-9
    assert shares == sorted(shares, reverse=True)
    assert {name for name, _ in told} == {each.intent for each in EXAMPLES}


def test_a_message_however_long_is_read_no_further_than_its_bound() -> None:
    long = "pause my membership " * 10_000
    assert classify(long) == classify(long[: classifier.READS_CHARACTERS])


def test_asking_twice_gives_the_same_answer_though_the_words_are_remembered() -> None:
    model = Model(MODEL.read_bytes())
    assert model.classify("hold my plan til march") == model.classify("hold my plan til march")


def test_the_small_model_agrees_with_the_features_it_was_trained_on() -> None:
    assert pieces("hi") == ["=hi", "^hi", "hi$", "^hi$"]
    assert pairs(["a", "b"]) == ["^ a", "a b", "b $"]
    assert words_of("Can't, 4242?! 👍 nooooo") == ["cant", "0", "xthumb", "noo", "xask"]


def test_understanding_needs_no_package_of_training() -> None:
    tree = ast.parse(Path(classifier.__file__).read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in named if name.split(".")[0] in {"numpy", "scipy", "sklearn"}]
