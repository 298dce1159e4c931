import json
from pathlib import Path

import pytest

from assistant.cli import evaluate
from assistant.conversation.evaluation import Share


def test_wilson() -> None:
    low, high = Share(95, 100).interval
    assert (round(low, 4), round(high, 4)) == (0.8882, 0.9785)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_labelled_messages_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ("balance", {"intent": ["balance"], "slots": {}, "opt_out": False, "executed": []}),
        ("stop", {"intent": ["stop"], "slots": {}, "opt_out": True, "executed": ["opt_out"]}),
        ("pause 2 months", {"intent": ["resume"], "slots": {}, "opt_out": False, "executed": []}),
    ]
    lines = [json.dumps({"text": text, "today": "2026-11-22", "family": text, "expect": want}) for text, want in rows]
    (tmp_path / "dev.jsonl").write_text("\n".join(lines))
    assert evaluate.run(tmp_path, style="json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["shares"]["accuracy"]["hits"] == 2
    assert told["shares"]["slots"] == {
        "share": 0.0,
        "hits": 0,
        "of": 1,
        "interval": told["shares"]["slots"]["interval"],
    }
    assert ["resume", "pause", 1] in told["confusion"]
    for style in ("text", "markdown"):
        assert evaluate.run(tmp_path / "dev.jsonl", style=style, show_misses=True) == 0
    assert "pause 2 months" in capsys.readouterr().out
    assert evaluate.run(tmp_path / "nothing", style="text") == 2 if (tmp_path / "nothing").mkdir() is None else False
