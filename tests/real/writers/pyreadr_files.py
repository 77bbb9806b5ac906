"""Tables as pyreadr writes them in R's own format."""

from pathlib import Path

import pandas as pd
import pyreadr

FILES = {"table.rds": "beside", "table.RData": "beside"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    table = pd.DataFrame({"weight": [1.5, 2.5], "name": ["a", "b"]})
    pyreadr.write_rds(str(folder / "table.rds"), table)
    pyreadr.write_rdata(str(folder / "table.RData"), table, df_name="table")
