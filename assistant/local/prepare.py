"""Brings the database to this version of the code; with --seed, gives the demo its cast."""

import os
import sys

from assistant import seeds, wiring
from assistant.db import migrate
from assistant.settings import read_or_exit


def main(options: list[str]) -> None:
    settings = read_or_exit(os.environ)
    migrate.upgrade(settings.database_url)
    if "--seed" in options:
        seeds.seed(wiring.runtime(settings))


if __name__ == "__main__":
    main(sys.argv[1:])
