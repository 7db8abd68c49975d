"""Let atheris look for bytes that break a promise: `python -m tests.fuzz.reading --runs N`.

It begins with tests/letters and is guided by the coverage of `sync.reading`. What it finds is
written to the directory of `--keep`, so that it can be looked at and become a letter of its own.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

import atheris

LETTERS = Path(__file__).parents[1] / "letters"

with atheris.instrument_imports(include=["sync.reading", "crm.mail", "crm.base.addresses"]):
    from tests.fuzz import promises


def main(words: list[str]) -> None:
    """Run so many inputs; ends by itself, with an error where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=0, help="stop after so many; 0 for never")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    asked = parser.parse_args(words)
    seeds = [path.read_bytes() for path in sorted(LETTERS.glob("*.eml"))]

    def change(raw: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.randrange(2):
            return atheris.Mutate(raw, longest)
        return promises.mutated(raw, chance, seeds)[:longest]

    settings = [
        sys.argv[0],
        f"-runs={asked.runs}",
        f"-seed={asked.seed}" if asked.seed else "-seed=0",
        f"-max_total_time={asked.seconds}",
        f"-max_len={promises.LONGEST}",
        # By the clock: a busy machine is not the letter's fault, and `keep` asks for CPU.
        "-timeout=120",
        "-report_slow_units=120",
        f"-artifact_prefix={asked.keep}/",
        "-print_final_stats=1",
    ]
    with tempfile.TemporaryDirectory() as corpus:
        for number, raw in enumerate(seeds):
            (Path(corpus) / str(number)).write_bytes(raw)
        atheris.Setup([*settings, corpus], promises.keep, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
