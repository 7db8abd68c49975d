"""The soak: plays every promise of `docs/trust.md` at full size, for as long as it takes.

    python -m tests.soak                    # all rows; goes on where it stopped
    python -m tests.soak --row kills        # one row
    python -m tests.soak --row kills --seed 17    # one round alone, which nothing keeps

`rows` is the table of promises; each row is played by one function of a module of its own, round by
round, and a round is known by its seed. `rounds` keeps what was played, `trust` writes the table.
It stands on the tests' servers and rig, and nothing in the product knows of it.
"""
