"""Understanding's peer: NLTK's naive Bayes over a message's words, as its book and the chatbots built on it teach.

It runs with an interpreter of its own (`.local/bench-nltk`). Lines of JSON on stdin, one answer a line on stdout:
first the examples, then as often as wanted messages and for how many seconds to read them in turn.
"""

import json
import sys
import time

from nltk import NaiveBayesClassifier
from nltk.tokenize import wordpunct_tokenize


def has_words(text: str) -> dict[str, bool]:
    return dict.fromkeys(wordpunct_tokenize(text.lower()), True)


def main() -> None:
    examples = json.loads(sys.stdin.readline())
    model = NaiveBayesClassifier.train([(has_words(text), intent) for text, intent in examples])
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        texts, seconds = json.loads(line)
        told, times, began = [], [], time.perf_counter()
        while time.perf_counter() - began < seconds or len(told) < len(texts):
            text = texts[len(times) % len(texts)]
            before = time.perf_counter()
            intent = model.classify(has_words(text))
            times.append((time.perf_counter() - before) * 1e6)
            told.append(intent)
        print(json.dumps([told[: len(texts)], times]), flush=True)


if __name__ == "__main__":
    main()
