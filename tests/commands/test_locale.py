"""Does a timed task under a plain C locale do what a person's terminal does?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copied


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names files in Unicode whatever the locale")
def test_a_run_without_a_locale_ends_as_with_one(tmp_path: Path) -> None:
    root = copied(tmp_path / "county")
    plain = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "kehujingli", "segment", "-w", str(root), "-o", str(tmp_path), "--quiet"]
    ran = subprocess.run(command, env=plain, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    assert (tmp_path / "客户分类.xlsx").exists()
