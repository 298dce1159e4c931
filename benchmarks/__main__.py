"""`python -m benchmarks [claim ...]`: measure the named claims, or all, and say which goals were missed."""

import argparse
import importlib
import os
import sys

from benchmarks.servers import postgres

CLAIMS = {
    "p1": "p1_inbound_webhook",
    "p2": "p2_turns",
    "p3": "p3_posting",
    "p4": "p4_hot_account",
    "p5": "p5_batches",
    "p6": "p6_redeeming",
    "p7": "p7_campaigns",
    "p8": "p8_offers",
    "p9": "p9_billing_run",
    "p9plan": "p9_planning",
    "p10": "p10_reports",
    "p11": "p11_rendering",
    "p12": "p12_understanding",
    "p13": "p13_console",
    "checkout": "checkout_quote",
    "latency": "latency",
}


def main() -> int:
    """Exit code 1 when a goal was missed or results differed; noise is no failure, and no success."""
    wanted = _arguments()
    failed = False
    with postgres() as server:
        print(f"{server.stated()}\n{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; {wanted.rounds} rounds")
        for name in wanted.claims or CLAIMS:
            claim = importlib.import_module(f"benchmarks.{CLAIMS[name]}")
            try:
                report = claim.measure(server, rounds=wanted.rounds, seconds=wanted.seconds)
            except Exception as problem:  # noqa: BLE001 - one claim that breaks must not hide the others
                print(f"\n{claim.__doc__}\n  {type(problem).__name__}: {problem}")
                failed = True
            else:
                failed |= report.missed > 0
    return int(failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("claims", nargs="*", choices=[[], *CLAIMS], metavar="claim", help=", ".join(CLAIMS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each side in each round")
    parser.add_argument("--quick", action="store_true", help="two short rounds: to see that it works, not to measure")
    wanted = parser.parse_args()
    if wanted.quick:
        wanted.rounds, wanted.seconds = 2, 0.5
    return wanted


if __name__ == "__main__":
    sys.exit(main())
