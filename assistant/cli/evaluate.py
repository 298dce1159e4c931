"""`assistant interpret --evaluate`: how well labelled messages are understood, as text, JSON or a page's section."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.cli.interpret import heard_in
from assistant.conversation.evaluation import Judged, Report, evaluate, misses
from assistant.conversation.interpret import interpret


def run(path: Path, *, style: str = "text", show_misses: bool = False) -> int:
    """Print the report; 2 where there is nothing to judge."""
    judged = list(read(path))
    if not judged:
        print(f"No labelled messages in {path.name}.", file=sys.stderr)
        return 2
    report = evaluate(judged)
    print({"json": _json, "markdown": _markdown}.get(style, _text)(report))
    for each in misses(judged) if show_misses else ():
        wanted, got = each.expect, each.reading
        print(f"{each.text!r}: {wanted} but {[*map(str, got.intents)]} {got.slots} {got.opt_out} {got.executed}")
    return 0


def read(path: Path) -> Iterator[Judged]:
    """The labelled messages of a file, or of every `.jsonl` of a folder."""
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                said = json.loads(line)
                heard, _ = heard_in(said)
                yield Judged(said["text"], said["family"], said["expect"], interpret(heard))


def _percent(share: float) -> str:
    return f"{share:.2%}"


def _lines(report: Report) -> list[tuple[str, str, str, str]]:
    return [
        (
            name,
            _percent(share.share),
            f"{_percent(share.interval[0])} to {_percent(share.interval[1])}",
            f"{share.hits:,} of {share.of:,}",
        )
        for name, share in report.shares.items()
    ]


def _text(report: Report) -> str:
    rows = [f"{report.messages:,} messages, macro-F1 {report.macro_f1:.4f}"]
    rows += [f"  {name:<24}{share:>9}  ({interval}; {count})" for name, share, interval, count in _lines(report)]
    rows += ["confused (expected, read):"]
    wrong = sorted(((n, pair) for pair, n in report.confusion.items() if pair[0] != pair[1]), reverse=True)
    return "\n".join(rows + [f"  {n:>4}  {expected} -> {got}" for n, (expected, got) in wrong])


def _json(report: Report) -> str:
    shares = {
        name: {"share": share.share, "hits": share.hits, "of": share.of, "interval": share.interval}
        for name, share in report.shares.items()
    }
    confusion = [[*pair, count] for pair, count in sorted(report.confusion.items())]
    return json.dumps(
        {"messages": report.messages, "macro_f1": report.macro_f1, "shares": shares, "confusion": confusion}
    )


def _markdown(report: Report) -> str:
    names = sorted({name for pair in report.confusion for name in pair})
    rows = ["| measure | share | 95 % interval | of |", "|---|---|---|---|"]
    rows += [f"| {' | '.join(line)} |" for line in _lines(report)]
    rows += [f"| macro-F1 | {report.macro_f1:.4f} | | {report.messages:,} |", ""]
    rows += [f"| expected \\ read | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for expected in names:
        counts = (str(report.confusion.get((expected, got), "")) for got in names)
        rows.append(f"| {expected} | {' | '.join(counts)} |")
    return "\n".join(rows)
