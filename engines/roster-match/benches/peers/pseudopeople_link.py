"""W-2 and 1099 forms of PyPI's `pseudopeople` against its census of the same year, without the social security number:
`linli link` without labels, and models of scikit-learn with labels, in one run.

    python pseudopeople_link.py COMMAND [SEED]      # COMMAND CONFIG LEFT RIGHT prints left,right,probability

Needs pseudopeople (its sample data comes with it), scikit-learn and rapidfuzz. The models get every advantage: half a
dozen ways of blocking, similarities of each field, how common names are, labels of four fifths of the forms while the
last fifth is judged, and the threshold that is best in hindsight.
"""
import csv, io, pathlib, resource, shlex, subprocess, sys, tempfile, time
import numpy as np
import pandas as pd
import pseudopeople as pp
from rapidfuzz.distance import JaroWinkler, OSA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import make_pipeline

here = pathlib.Path(__file__).parent
NAMES = ["first_name", "middle_initial", "last_name"]
PLACE = ["street_number", "street_name", "unit_number", "city", "state", "zipcode"]


def tables(seed):
    """The forms and the census, each with who it is in truth."""
    census = pp.generate_decennial_census(seed=seed, year=2020)
    forms = pp.generate_taxes_w2_and_1099(seed=seed, year=2020)
    forms = forms.rename(columns={f"mailing_address_{name}": name for name in PLACE})
    out = []
    for letter, table in (("w", forms), ("c", census)):
        table = table[["simulant_id", *NAMES, *PLACE]].astype("string").fillna("").reset_index(drop=True)
        table.insert(0, "id", [f"{letter}{n}" for n in range(len(table))])
        out.append(table)
    return out


def truth(forms, census):
    both = forms[["id", "simulant_id"]].merge(census[["id", "simulant_id"]], on="simulant_id")
    return set(zip(both.id_x, both.id_y))


def score(found, true):
    right = len(found & true)
    p, r = right / max(len(found), 1), right / len(true)
    return p, r, 2 * p * r / max(p + r, 1e-9)


def ours(command, forms, census):
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, table in (("left", forms), ("right", census)):
            files.append(f"{folder}/{name}.csv")
            table.drop(columns="simulant_id").to_csv(files[-1], index=False)
        out = subprocess.run([*shlex.split(command), str(here / "pseudopeople.toml"), *files], capture_output=True, text=True)
        if out.returncode:
            sys.exit(out.stderr)
    return {(row["left"], row["right"]) for row in csv.DictReader(io.StringIO(out.stdout))}


def pairs(forms, census):
    """Positions of the pairs that agree in one of these."""
    blocks = [["first_name", "last_name"], ["first_name", "zipcode"], ["last_name", "zipcode"], ["street_number", "street_name"],
              ["last_name", "street_name"], ["first_name", "street_name"], ["first_name", "street_number"], ["last_name", "street_number"]]
    found = []
    for block in blocks:
        sides = []
        for table in (forms, census):
            side = table[block].apply(lambda column: column.str.lower())
            side = side[(side != "").all(axis=1)]
            sides.append(side.assign(at=side.index))
        both = sides[0].merge(sides[1], on=block)
        found.append(both[["at_x", "at_y"]].to_numpy())
    return np.unique(np.concatenate(found), axis=0)


def features(forms, census, at):
    columns = []
    left, right = ((table.iloc[at[:, n]]) for n, table in ((0, forms), (1, census)))
    for name in NAMES + PLACE:
        a, b = left[name].str.lower().to_numpy(), right[name].str.lower().to_numpy()
        near = [JaroWinkler.similarity(x, y) if x and y else -1.0 for x, y in zip(a, b)]
        apart = [OSA.distance(x, y) if x and y else -1 for x, y in zip(a, b)]
        columns += [near, apart, (a == b) & (a != "")]
    # Names may change places.
    columns.append([JaroWinkler.similarity(x, y) for x, y in zip(left.first_name, right.last_name)])
    for name in ("first_name", "last_name", "street_name", "zipcode"):
        counts = census[name].str.lower().value_counts()
        columns.append(np.log1p(right[name].str.lower().map(counts).fillna(0).to_numpy(dtype=float)))
    columns = np.column_stack([np.asarray(column, dtype=float) for column in columns])
    # How many others were found for the form, and how it stands among them.
    likeness = columns[:, [0, 6, 12]].clip(0).sum(axis=1)
    rank = pd.Series(likeness).groupby(at[:, 0]).rank(ascending=False, method="min").to_numpy()
    best = pd.Series(likeness).groupby(at[:, 0]).transform("max").to_numpy()
    size = pd.Series(likeness).groupby(at[:, 0]).transform("size").to_numpy()
    return np.column_stack([columns, rank, best - likeness, np.log1p(size)])


def theirs(model, forms, census, at, x, y, true):
    """The best F1 that any threshold gives, each form linked once at most; judged on forms it was not taught."""
    chance = np.zeros(len(at))
    for taught, asked in GroupKFold(5).split(x, y, forms.simulant_id.iloc[at[:, 0]]):
        chance[asked] = model().fit(x[taught], y[taught]).predict_proba(x[asked])[:, 1]
    best = pd.DataFrame({"w": at[:, 0], "c": at[:, 1], "chance": chance, "y": y}).sort_values("chance", ascending=False)
    best = best.drop_duplicates("w")
    right = best.y.cumsum().to_numpy()
    p, r = right / np.arange(1, len(best) + 1), right / len(true)
    f = 2 * p * r / (p + r + 1e-12)
    return p[f.argmax()], r[f.argmax()], f.max()


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    forms, census = tables(seed)
    true = truth(forms, census)
    print(f"{len(forms)} forms, {len(census)} people counted, {len(true)} true pairs", flush=True)
    start = time.perf_counter()
    p, r, f = score(ours(sys.argv[1], forms, census), true)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"linli link, no labels: precision {p:.4f} recall {r:.4f} F1 {f:.4f} in {time.perf_counter() - start:.1f} s, "
          f"CPU {used.ru_utime + used.ru_stime:.1f} s", flush=True)
    at = pairs(forms, census)
    x = features(forms, census, at)
    y = (forms.simulant_id.to_numpy()[at[:, 0]] == census.simulant_id.to_numpy()[at[:, 1]]).astype(int)
    print(f"{len(at)} pairs for the models, with {y.sum()} of the true ones", flush=True)
    models = {
        "logistic regression": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "gradient boosting": lambda: HistGradientBoostingClassifier(max_iter=200, random_state=1),
        "random forest": lambda: RandomForestClassifier(100, min_samples_leaf=3, max_samples=0.25, n_jobs=2, random_state=1),
    }
    top = 0.0
    for name, model in models.items():
        start = time.perf_counter()
        one = theirs(model, forms, census, at, x, y, true)
        top = max(top, one[2])
        print(f"{name}, with labels: precision {one[0]:.4f} recall {one[1]:.4f} F1 {one[2]:.4f} in {time.perf_counter() - start:.1f} s", flush=True)
    print(f"linli link reaches {100 * f / top:.1f} % of the best of them")


main()
