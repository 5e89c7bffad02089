"""How was the worked example made? This writes it again: the exports of a small county, its rules, and what comes out.

    python examples/make.py

The county is that of ``kehujingli demo`` with 200 customers and a fixed last month, so that the files never change by themselves.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from kehujingli.demo import make_county, write_county
from kehujingli.periods import parse_month
from kehujingli.rules import EXAMPLE

HERE = Path(__file__).parent
COUNTY = HERE / "county-200"
EXPECTED = HERE / "expected"
PERIOD = "2026-10"
COMMANDS = ("segment", "assign", "score")


def outcome(command: str, workspace: Path) -> str:
    """What a command says of the example in JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "kehujingli", command, "-w", str(workspace), "--period", PERIOD, "--json", "--dry-run"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return json.dumps(json.loads(done.stdout), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    shutil.rmtree(COUNTY, ignore_errors=True)
    (COUNTY / "rules").mkdir(parents=True)
    shutil.copyfile(EXAMPLE, COUNTY / "rules" / "2025-01-01.toml")
    exports = make_county(customers=200, months=14, seed=200, last_month=parse_month(PERIOD))
    write_county(exports, COUNTY / "exports", dirty=False, seed=200)
    EXPECTED.mkdir(exist_ok=True)
    for command in COMMANDS:
        (EXPECTED / f"{command}.json").write_text(outcome(command, COUNTY), encoding="utf-8")


if __name__ == "__main__":
    main()
