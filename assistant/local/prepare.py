"""Brings the database to this version of the code; for the demo it also seeds it and writes down who is in it."""

import json
import os
import sys
from pathlib import Path

from assistant import seeds, seeds_staff, wiring
from assistant.db import migrate
from assistant.gateways.stripe_test_cards import StripeTestCards
from assistant.settings import read_or_exit


def main(cast: Path | None) -> None:
    """`cast`, if given, is the file for the seeded spa's facts."""
    settings = read_or_exit(os.environ)
    migrate.upgrade(settings.database_url)
    if cast:
        test_cards = StripeTestCards(settings.stripe_secret_key, settings.stripe_api_base)
        rt = wiring.runtime(settings)
        seeds_staff.seed(rt, seeds.seed(rt, test_cards))
        cast.write_text(json.dumps(seeds.facts() | seeds_staff.facts()))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
