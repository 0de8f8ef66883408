"""Run the benchmarks that are named, or all."""

import argparse

from benchmarks import idle_sweep

PAGES = {"idle-sweep": idle_sweep.run}


def main() -> None:
    """Read what is asked for, and measure it."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("page", nargs="*", choices=[*PAGES, []], help="what to measure; all when none is named")
    parser.add_argument("--plans", type=int, default=1_000_000, help="how many plans there are")
    given = parser.parse_args()
    for name in given.page or PAGES:
        PAGES[name](given.plans)


if __name__ == "__main__":
    main()
