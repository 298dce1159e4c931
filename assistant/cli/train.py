"""`assistant interpret --train`: makes the classifier from the example phrases beside the intents."""

import sys

from assistant.conversation.classifier import MODEL


def run() -> int:
    """Write `classifier.json`; 2 where what training needs is not installed."""
    try:
        from assistant.conversation import training  # noqa: PLC0415  # scikit-learn is there for development only
    except ImportError as missing:
        print(f"Training needs {missing.name}: run make setup.", file=sys.stderr)
        return 2
    training.train(MODEL)
    print(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes")
    return 0
