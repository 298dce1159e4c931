"""The worker of P8: our own lane of offers, on the environment's database and provider, until it is stopped."""

import time

from assistant import wiring
from assistant.services import sending

if __name__ == "__main__":
    rt = wiring.runtime(wiring.settings())
    while True:
        sending.send_offers(rt)
        time.sleep(0.05)
