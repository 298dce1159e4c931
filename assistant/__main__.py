"""`python -m assistant` is `assistant`."""

import sys

from assistant.cli import main

sys.exit(main())
