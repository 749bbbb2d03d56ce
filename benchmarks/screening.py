"""The whole command on a million boilers, beside pandas reading the same list and writing the same outputs.

``python benchmarks/screening.py [--rows 1000000]``. The list is synthetic (population-like: clusters around
real power plants) and says so. Printed: seconds and peak memory of ``geoaq screen boilers`` (csv and parquet
out), of pandas alone (read the list, write the same tables again), the ratio, and that the counts add up.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent
PANDAS_ALONE = """
import sys, time
from pathlib import Path
import pandas as pd
listing, screening, out = map(Path, sys.argv[1:4])
start = time.perf_counter()
pd.read_csv(listing)
spent = time.perf_counter() - start
for name in sorted(p.name for p in screening.iterdir() if p.suffix in (".csv", ".parquet")):
    read, write = (pd.read_csv, "to_csv") if name.endswith(".csv") else (pd.read_parquet, "to_parquet")
    frame = read(screening / name, **({"low_memory": False} if name.endswith(".csv") else {}))
    start = time.perf_counter()
    getattr(frame, write)(out / name, index=False)
    spent += time.perf_counter() - start
    del frame
print(spent)
"""


def write_listing(path: Path, rows: int, seed: int = 20261121) -> None:
    """Write a synthetic boiler list as a csv: clusters around real plants, the spellings of an office."""
    rng = np.random.default_rng(seed)
    plants = pd.read_csv(ROOT / "layers" / "data" / "coal-power-plants.csv", comment="#")
    home = rng.integers(0, len(plants), rows)
    size = rng.choice(
        ["2", "4", "6", "10", "20", "34", "35", "65", "75", "130", "2.8MW", "24.5MW", "无"], rows
    )
    pd.DataFrame(
        {
            "锅炉编号": [f"GL-{number:07d}" for number in range(rows)],
            "单位名称": [f"合成示例{number:06d}厂" for number in rng.integers(0, rows // 2, rows)],
            "经度": np.round(plants["lon"].to_numpy()[home] + rng.normal(0, 0.35, rows), 6),
            "纬度": np.round(plants["lat"].to_numpy()[home] + rng.normal(0, 0.35, rows), 6),
            "坐标系": "WGS84",
            "额定蒸发量（t/h）": size,
            "燃料种类": rng.choice(["燃煤", "煤", "生物质", "天然气"], rows, p=[0.6, 0.2, 0.1, 0.1]),
            "运行状态": rng.choice(["在用", "备用", "停用"], rows, p=[0.8, 0.15, 0.05]),
            "备注": "示例数据（合成）",
        }
    ).to_csv(path, index=False)


def run(command: list[str]) -> tuple[float, float, str]:
    """Return wall seconds, peak memory in GB and standard output of one process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(command, cwd=ROOT, stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if child.returncode:
        sys.exit(f"{command} failed with {child.returncode}")
    return seconds, usage.ru_maxrss / 1024**2, text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        listing, out, again = Path(folder, "list.csv"), Path(folder, "out"), Path(folder, "again")
        again.mkdir()
        write_listing(listing, rows)
        command = [sys.executable, "-m", "geoaq", "screen", "boilers", str(listing), "--out", str(out)]
        seconds, peak_gb, _ = run([*command, "--as-of", "2026-11-21", "--formats", "csv,parquet"])
        counts = json.loads((out / "summary.json").read_text("utf-8"))
        verdicts = {name: amount["count"] for name, amount in counts["counts"]["verdicts"].items()}
        alone, alone_gb, text = run([sys.executable, "-c", PANDAS_ALONE, str(listing), str(out), str(again)])
        peer = float(text)
        size_mb = {path.name: round(path.stat().st_size / 1e6) for path in sorted(out.iterdir())}
    print(f"rows {rows:,}; output MB {size_mb}; {counts['rows']}; {verdicts}")
    print(f"geoaq screen boilers   {seconds:7.1f} s   peak {peak_gb:.2f} GB")
    print(f"pandas read and write  {peer:7.1f} s   peak {alone_gb:.2f} GB   (process {alone:.1f} s)")
    print(f"ratio {seconds / peer:.2f} (target: at most 5)")


if __name__ == "__main__":
    main()
