"""Tables as three other programs write Parquet: `python make.py` with pandas, pyarrow, duckdb and polars writes them
beside itself. Everybody is invented; numbers begin with 99, which was never issued.
"""
import pathlib

import duckdb
import pandas
import polars

here = pathlib.Path(__file__).parent
# pandas and pyarrow: whole numbers with a gap are decimals, dictionaries, a nested column that nobody asks for.
pandas.DataFrame(
    {
        "pid": [11, 12],
        "name": ["张小满", "李大海"],
        "doc_type": pandas.Categorical(["resident", "resident"]),
        "doc_no": ["990101199003070023", None],
        "phone": [15400000001.0, None],
        "addr_id": pandas.array([1, 2], dtype="int32"),
        "employer_id": pandas.array([7, 7], dtype="Int64"),
        "seen": pandas.to_datetime(["2026-01-05", "2026-01-06 10:30:00"], format="mixed"),
        "born": pandas.to_datetime(["1990-03-07", "1988-11-02"]).date,
        "remarks": [["x", "y"], []],
    }
).to_parquet(here / "persons.parquet")
# DuckDB: Snappy, 32-bit numbers.
addresses = "(1, '外青松公路5800弄12号301室'), (2, '外青松公路5800弄12号302室'), (3, '香大路\"1\"号,2室')"
duckdb.execute(f"COPY (SELECT * FROM (VALUES {addresses}) AS t(addr_id, text)) TO '{here}/addresses.parquet'")
# polars: Zstandard.
polars.DataFrame(
    {
        "row_id": [1, 2],
        "employer_id": [7, 7],
        "employer": ["泽禾", "泽禾"],
        "name": ["張小滿", "王新人"],
        "id_no": ["990101199003070023", "990101199003070103"],
        "phone": [15400000001, None],
        "address": ["外青松公路5800弄12-301", ""],
    }
).write_parquet(here / "roster.parquet")
