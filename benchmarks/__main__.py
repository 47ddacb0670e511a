"""`python -m benchmarks [NAME …]`: run the benchmarks and print what they found."""

import argparse
import signal
import sys
from collections.abc import Callable
from typing import Final

from benchmarks import batch, latency, pages, queries, scans, sockets, throughput, webhooks
from benchmarks.figures import Figure, markdown_table, plain_table
from benchmarks.options import Options

BENCHMARKS: Final[dict[str, Callable[[Options], list[Figure]]]] = {
    "latency": latency.measure,
    "throughput": throughput.measure,
    "pages": pages.measure,
    "scans": scans.measure,
    "batch": batch.measure,
    "webhooks": webhooks.measure,
    "queries": queries.measure,
    "sockets": sockets.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the service beside baselines.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when none is given")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median is told (default 3)")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; not for figures")
    parser.add_argument("--postgresql", action="store_true", help="throughput also on a PostgreSQL from a wheel")
    parser.add_argument("--markdown", action="store_true", help="print the table as it stands in the README")
    given = parser.parse_args()
    for name in given.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark {name}; there are {', '.join(BENCHMARKS)}")
    # So that the services it started are stopped also when it is told to end.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    options = Options(quick=given.quick, rounds=given.rounds, postgresql=given.postgresql)
    figures: list[Figure] = []
    for name in given.names or BENCHMARKS:
        found = BENCHMARKS[name](options)
        figures += found
        if not given.markdown:
            print(f"\n== {name}\n{plain_table(found)}", flush=True)
    if given.markdown:
        print(markdown_table(figures))


if __name__ == "__main__":
    main()
