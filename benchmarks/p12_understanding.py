"""P12: a message understood: interpret >= 0.1 of eight bare regexes; the classifier >= 10x itself in scikit-learn."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy.sparse import diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from assistant.cli.interpret import heard_in
from assistant.conversation import training
from assistant.conversation.acting import MEANINGS
from assistant.conversation.classifier import classify
from assistant.conversation.examples import Example, read_all
from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Heard
from benchmarks.floors import regexes
from benchmarks.harness import Goal, NotReady, Report, Sample, Side, in_turn, settle
from benchmarks.ours.conversations import Talks
from benchmarks.servers import Postgres

ROOT = Path(__file__).parents[1]
NLTK = ROOT / ".local" / "bench-nltk"
LOCK = Path(__file__).with_name("requirements-nltk.lock")
MESSAGES = ROOT / "tests" / "data" / "messages"
GOALS = (Goal("interpret", "eight regexes", least=0.1), Goal("classifier", "scikit-learn", least=10.0))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message of the test part, and the meaning it has first."""

    heard: Heard
    meaning: str


@dataclass(slots=True)
class Reader:
    """One way of reading messages, one at a time, as they come; it keeps what it made of each, and its times in us."""

    read: Callable[[Heard], str]
    labelled: Sequence[Labelled]
    times: list[float] = field(default_factory=list)
    right: float = 0.0

    def run(self, seconds: float, _tag: str) -> Sample:
        times: list[float] = []
        told: list[str] = []
        began = time.perf_counter()
        while time.perf_counter() - began < seconds or len(times) < len(self.labelled):
            heard = self.labelled[len(times) % len(self.labelled)].heard
            before = time.perf_counter()
            meaning = self.read(heard)
            times.append((time.perf_counter() - before) * 1e6)
            if len(told) < len(self.labelled):
                told.append(meaning)
        return self.kept(times, told)

    def kept(self, times: list[float], told: list[str]) -> Sample:
        times.sort()
        self.times += times
        self.right = sum(one == each.meaning for one, each in zip(told, self.labelled, strict=True)) / len(told)
        return Sample(1e6 / (sum(times) / len(times)), len(times))


class Nltk(Reader):
    """The peer reads in its own process, and times itself."""

    process: "subprocess.Popen[str]"

    def run(self, seconds: float, _tag: str) -> Sample:
        told, times = _ask(self.process, [[each.heard.text for each in self.labelled], seconds])
        return self.kept(times, [_meaning(intent) for intent in told])


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "messages")
    labelled = list(_labelled())
    examples = read_all()
    pipeline = _in_scikit_learn(examples)
    readers = {
        "interpret": Reader(lambda heard: str(interpret(heard).intents[0]), labelled),
        "eight regexes": Reader(lambda heard: regexes.read(heard.text), labelled),
        "classifier": Reader(lambda heard: _meaning(classify(heard.text)[0][0]), labelled),
        "scikit-learn": Reader(lambda heard: _meaning(_likeliest(pipeline, heard.text)), labelled),
    }
    try:
        with _nltk(examples) as process:
            readers["nltk's naive Bayes"] = peer = Nltk(lambda _: "", labelled)
            peer.process = process
            _compare(report, readers, rounds, seconds)
    except NotReady as missing:
        report.notes.append(f"the peer is not measured: {missing}")
        readers.pop("nltk's naive Bayes", None)
        _compare(report, readers, rounds, seconds)
    settle(report, GOALS)
    _tell(readers, len(labelled))
    _converse(server, rounds=rounds, seconds=seconds)
    return report


def _compare(report: Report, readers: dict[str, Reader], rounds: int, seconds: float) -> None:
    in_turn(report, [Side(name, each.run) for name, each in readers.items()], rounds=rounds, seconds=seconds)


def _tell(readers: dict[str, Reader], messages: int) -> None:
    print(f"  first meaning right, of the same {messages:,} messages, and time for one:")
    for name, each in readers.items():
        each.times.sort()
        p99 = each.times[len(each.times) * 99 // 100]
        print(f"  {name:18}  {each.right:6.1%}  p50 {median(each.times):8,.1f} us  p99 {p99:8,.1f} us")


def _converse(server: Postgres, *, rounds: int, seconds: float) -> None:
    """Whole conversations, one after the other, by one worker on PostgreSQL."""
    talks = Talks(server)
    try:
        samples = [talks.run(seconds, f"round{number}") for number in range(-1, rounds)][1:]
    finally:
        talks.close()
    rates = [each.rate for each in samples]
    told = f"{median(rates):,.1f}/s [{min(rates):,.1f}-{max(rates):,.1f}]"
    print(f"  whole conversations by one worker ({talks.told}): {told}")


def _labelled() -> Iterator[Labelled]:
    for path in sorted(MESSAGES.glob("test-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            yield Labelled(heard_in(said)[0], said["expect"]["intent"][0])


def _meaning(intent: str) -> str:
    return str(MEANINGS.get(intent, "other"))


def _in_scikit_learn(examples: Sequence[Example]) -> Pipeline:
    """The same features, weights and words: a vectoriser, the scaling and the regression, as one would ship them."""
    fitted = training.fit(examples)
    places = fitted.strongest(training.FEATURES)
    features = [fitted.features[place] for place in places]
    counts = CountVectorizer(analyzer=training.features_of_text, vocabulary=features)
    model = LogisticRegression()
    model.classes_, model.intercept_ = np.array(fitted.intents), fitted.bias
    model.coef_ = fitted.weights[:, places] * [training.counts_as(feature) for feature in features]
    model.n_features_in_ = len(features)
    return make_pipeline(counts, FunctionTransformer(_scaled), model)


def _scaled(matrix: Any) -> Any:  # noqa: ANN401 - scikit-learn's own matrices
    return diags(1 / np.sqrt(np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1))) @ matrix


def _likeliest(pipeline: Pipeline, text: str) -> str:
    """With its probability, as ours tells it."""
    shares = pipeline.predict_proba([text])[0]
    return str(pipeline.classes_[shares.argmax()])


@contextmanager
def _nltk(examples: Sequence[Example]) -> "Iterator[subprocess.Popen[str]]":
    command = [_nltk_python(), "-m", "benchmarks.peers.nltk_peer"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            _ask(process, [[each.text, each.intent] for each in examples])
            yield process
        finally:
            process.kill()


def _ask(process: "subprocess.Popen[str]", question: object) -> Any:  # noqa: ANN401 - as JSON has it
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def _nltk_python() -> str:
    """The interpreter of the peer's own environment, made the first time from its lock."""
    python, done = NLTK / "bin" / "python", NLTK / ".installed"
    if not done.exists() or done.read_bytes() != LOCK.read_bytes():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(NLTK)], check=True)
            subprocess.run([python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", LOCK], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NotReady(f"nltk could not be installed: {error}") from error
        done.write_bytes(LOCK.read_bytes())
    return str(python)
