"""How many processor seconds does a round of 3,000 applicants for 60 posts take? `kehujingli.studies.people.round` beside `matching` on the same round.

python benchmarks/selection.py --rounds 3   (the peer: pip install matching; without it our own times alone are told)
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from random import Random

from kehujingli.studies.people.choices import Post, Wish
from kehujingli.studies.people.marks import Candidate, Rules
from kehujingli.studies.people.round import Round

APPLICANTS, POSTS, ROOM = 3000, 60, 40


def seconds(what: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        what()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    told(parser.parse_args().rounds)


def told(rounds: int) -> None:
    """Our own times and, where it is installed, those of ``matching``."""
    for length in (5, POSTS):
        chance = Random(1)
        scores = chance.sample(range(60_000, 100_000), APPLICANTS)
        people = [Candidate(f"M{n:04d}", total=Decimal(score) / 1000) for n, score in enumerate(scores)]
        people.sort(key=lambda one: one.order(()))
        posts = [Post(f"{n}", "", ROOM) for n in range(POSTS)]
        wanted = {one.applicant_id: chance.sample(range(POSTS), length) for one in people}
        wishes = {who: [Wish(post, n) for n, post in enumerate(mine, 1)] for who, mine in wanted.items()}
        done = Round(people, posts, wishes, {}, Rules())
        ours = seconds(lambda: Round(people, posts, wishes, {}, Rules()), rounds)  # noqa: B023  called at once
        print(f"{length} wishes each: ours {ours:.3f} s")
        if importlib.util.find_spec("matching"):
            from matching.games import HospitalResident

            orders = {str(p): [people[who].applicant_id for who in ranked] for p, ranked in enumerate(done.ranked)}
            named = {who: [str(post) for post in mine] for who, mine in wanted.items()}
            room = dict.fromkeys(orders, ROOM)
            start = time.process_time()
            solved = HospitalResident.create_from_dictionaries(named, orders, room).solve(optimal="resident")
            theirs = time.process_time() - start
            got = {one.name: int(post.name) for post, taken in solved.items() for one in taken}
            same = got == {one.applicant_id: post for one, post in zip(people, done.got, strict=True) if post >= 0}
            print(f"  matching {theirs:.2f} s, {'the same' if same else 'ANOTHER'} outcome")


if __name__ == "__main__":
    main()
