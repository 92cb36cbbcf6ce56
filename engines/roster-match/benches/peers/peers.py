"""The comparison of `examples/roster_town.rs` by other tools, beside ours, in one run:

    cargo run --release -p roster-match --example roster_town -- DIR 1000000 100000 1.0 1
    python peers.py DIR "COMMAND"      # COMMAND DIR writes results.csv and missing.csv (examples/compare.rs)

Needs duckdb, polars, rapidfuzz and splink. Each tool runs in a process of its own; CPU time is that process's.
"""
import csv, multiprocessing, os, re, resource, shlex, subprocess, sys, time, unicodedata

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(text):
    """Half width, capitals, without blanks and apostrophes; fifteen digits widened."""
    text = "".join(c for c in unicodedata.normalize("NFKC", text or "").upper() if c.isalnum())
    if len(text) == 15 and text.isdigit():
        text = text[:6] + "19" + text[6:]
        text += "10X98765432"[sum(int(d) * w for d, w in zip(text, WEIGHTS)) % 11]
    return text


def phone(text):
    digits = "".join(c for c in unicodedata.normalize("NFKC", text or "").split(".")[0] if c.isdigit())
    return digits[-11:]


def place(text):
    """The divisions left off, half width, unit words left out of the numbers: names and numbers, apart."""
    text = unicodedata.normalize("NFKC", text or "").translate(str.maketrans("號東華", "号东华"))
    text = re.sub("^(上海市?)?(青浦区?)?(香花桥街道)*", "", text)
    text = re.sub(r"\d+楼(?=\d{3})", "", text)
    return re.sub("[^\u4e00-\u9fff]|[弄号室组楼]|单元", "", text) + "|" + "-".join(re.findall(r"\d+", text))


def score(folder, results, missing):
    entity = [row["entity"] for row in csv.DictReader(open(f"{folder}/entities.csv"))]
    truth = {row["row_id"]: row for row in csv.DictReader(open(f"{folder}/truth.csv"))}
    linkable = sum(1 for row in truth.values() if row["entity"])
    matched = right = review = given = class_right = whole = 0
    for row_id, (pid, decision, cls) in results.items():
        true = truth[row_id]
        review += decision == "review"
        if decision == "match":
            matched += 1
            good = bool(true["entity"]) and entity[int(pid)] == true["entity"]
            right += good
            same = not true["same"] or cls == true["same"]
            given += bool(true["same"])
            class_right += same and bool(true["same"])
            whole += good and same
        else:
            whole += decision == "none" and not true["entity"]
    listed = {row["entity"] for row in truth.values()}
    gone = sum(entity[int(pid)] not in listed for pid in missing)
    p, r = right / max(matched, 1), right / linkable
    return (f"precision {p:.5f} recall {r:.4f} F1 {2 * p * r / (p + r):.4f} review {100 * review / len(truth):.2f} % "
            f"class {class_right / max(given, 1):.4f} whole {whole / len(truth):.4f} missing {gone / max(len(missing), 1):.4f}")


def missing_by(pids, persons, employers):
    found = set(pids)
    return [pid for pid, employer in persons if employer in employers and pid not in found]


def duckdb(folder):
    import duckdb as db
    con = db.connect()
    con.execute("SET threads=2")
    wide = "translate(upper({0}), '０１２３４５６７８９Ｘ', '0123456789X')"
    clean = "regexp_replace(" + wide + ", '[^0-9A-Z]', '', 'g')"
    widen = "CASE WHEN length({0})=18 AND substr({0},7,2)='19' THEN substr({0},1,6)||substr({0},9,9) ELSE {0} END"
    for table, column in (("persons", "doc_no"), ("roster", "id_no")):
        con.execute(f"CREATE TABLE {table} AS SELECT *, {clean.format(column)} AS clean FROM read_csv('{folder}/{table}.csv', all_varchar=true)")
        con.execute(f"ALTER TABLE {table} ADD COLUMN key VARCHAR; UPDATE {table} SET key = {widen.format('clean')}")
    con.execute(f"CREATE TABLE addresses AS SELECT * FROM read_csv('{folder}/addresses.csv', all_varchar=true)")
    # As `place` does it.
    half = "translate(coalesce({0}, ''), '０１２３４５６７８９號東華', '0123456789号东华')"
    local = "regexp_replace(regexp_replace(" + half + ", '^(上海市?)?(青浦区?)?(香花桥街道)*', ''), '[0-9]+楼([0-9]{{3}})', '\\1')"
    place = "(regexp_replace(regexp_replace(" + local + ", '[^\u4e00-\u9fff]|[弄号室组楼]|单元', '', 'g'), ' ', '', 'g') || regexp_replace(" + local + ", '[^0-9]+', '-', 'g'))"
    rows = con.execute(f"""SELECT r.row_id, min_by(p.pid, p.pid::BIGINT), min_by(CASE WHEN rtrim({place.format('a.text')}, '-') = rtrim({place.format('r.address')}, '-') THEN 'same' ELSE 'diff' END, p.pid::BIGINT)
        FROM roster r LEFT JOIN persons p ON p.key = r.key AND r.key <> '' AND (length(r.clean) <> 18 OR p.clean = r.clean)
        LEFT JOIN addresses a ON a.addr_id = p.addr_id GROUP BY 1""").fetchall()
    results = {row: (pid, "match" if pid else "none", cls) for row, pid, cls in rows}
    gone = con.execute("SELECT pid, employer_id FROM persons WHERE employer_id IN (SELECT employer_id FROM roster)").fetchall()
    return results, missing_by([r[0] for r in results.values()], gone, {employer for _, employer in gone})


def polars(folder):
    import polars as pl
    from rapidfuzz import fuzz
    read = lambda name: pl.read_csv(f"{folder}/{name}.csv", infer_schema=False).fill_null("")
    persons, roster = read("persons"), read("roster")
    address = dict(read("addresses").iter_rows())
    people = persons.rows(named=True)
    by_number, by_phone, by_name = {}, {}, {}
    for n, one in enumerate(people):
        if one["doc_no"]:
            by_number.setdefault(one["doc_no"], n)
        if one["phone"]:
            by_phone.setdefault(one["phone"], []).append(n)
        by_name.setdefault((one["name"], one["employer_id"]), []).append(n)
    results = {}
    for row in roster.iter_rows(named=True):
        key, name = number(row["id_no"]), "".join(row["name"].split())
        alike = lambda n: fuzz.ratio(people[n]["name"], name)
        found, decision = by_number.get(key), "match"
        if found is not None and alike(found) < 30:
            decision = "review"
        if found is None:
            near = [n for n in by_phone.get(phone(row["phone"]), []) if alike(n) >= 60]
            near += [n for n in by_name.get((name, row["employer_id"]), []) if n not in near]
            # A valid number of one's own is another person's.
            other = len(key) == 18 and key[:17].isdigit() and "10X98765432"[sum(int(d) * w for d, w in zip(key, WEIGHTS)) % 11] == key[17]
            if near:
                found = max(near, key=lambda n: (alike(n), fuzz.ratio(address.get(people[n]["addr_id"], ""), row["address"])))
                if other and people[found]["doc_no"]:
                    found = None
                elif phone(row["phone"]) != people[found]["phone"]:
                    decision = "review"
        if found is None:
            results[row["row_id"]] = (None, "none", "")
            continue
        cls = ""
        if row["address"]:
            cls = "same" if fuzz.partial_ratio(unicodedata.normalize("NFKC", row["address"]), address.get(people[found]["addr_id"], "")) >= 80 else "diff"
        results[row["row_id"]] = (people[found]["pid"], decision, cls)
    employers = set(roster["employer_id"])
    return results, missing_by([r[0] for r in results.values()], ((p["pid"], p["employer_id"]) for p in people), employers)


def splink(folder):
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    persons = pd.read_csv(f"{folder}/persons.csv", dtype=str, keep_default_na=False).merge(
        pd.read_csv(f"{folder}/addresses.csv", dtype=str, keep_default_na=False), on="addr_id", how="left")
    roster = pd.read_csv(f"{folder}/roster.csv", dtype=str, keep_default_na=False)
    left = pd.DataFrame({"unique_id": "r" + roster.row_id, "no": roster.id_no.map(number), "name": roster.name.map(lambda t: "".join(t.split())),
                         "phone": roster.phone.map(phone), "address": roster.address.map(place).where(roster.address != "", ""), "employer": roster.employer_id})
    right = pd.DataFrame({"unique_id": "p" + persons.pid, "no": persons.doc_no, "name": persons.name, "phone": persons.phone,
                          "address": persons.text.map(place), "employer": persons.employer_id})
    left, right = (table.replace("", None) for table in (left, right))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[cl.DamerauLevenshteinAtThresholds("no", [1, 2]), cl.LevenshteinAtThresholds("name", 1).configure(term_frequency_adjustments=True),
                     cl.LevenshteinAtThresholds("phone", 1), cl.LevenshteinAtThresholds("address", 1), cl.ExactMatch("employer")],
        blocking_rules_to_generate_predictions=[block_on("no"), block_on("phone"), block_on("name", "employer"), block_on("name", "address")])
    api = DuckDBAPI()
    linker = Linker([api.register(left), api.register(right)], settings)
    linker.training.estimate_probability_two_random_records_match([block_on("no")], recall=0.88)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("no"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    flip = found.unique_id_l.str.startswith("p")
    found["row"] = found.unique_id_l.where(~flip, found.unique_id_r).str[1:]
    found["pid"] = found.unique_id_r.where(~flip, found.unique_id_l).str[1:]
    best = found.sort_values("match_probability", ascending=False).drop_duplicates("row")
    results = {row: (None, "none", "") for row in roster.row_id}
    for row, pid, share, gamma in zip(best.row, best.pid, best.match_probability, best.gamma_address):
        results[row] = (pid, "match" if share >= 0.99 else "review", "same" if gamma >= 1 else "diff")
    return results, missing_by([r[0] for r in results.values()], zip(persons.pid, persons.employer_id), set(roster.employer_id))


def ours(folder):
    subprocess.run([*shlex.split(sys.argv[2]), folder], check=True, stderr=subprocess.DEVNULL)
    results = {row["row_id"]: (row["pid"], row["decision"], row["cls"]) for row in csv.DictReader(open(f"{folder}/results.csv"))}
    return results, [row["pid"] for row in csv.DictReader(open(f"{folder}/missing.csv"))]


def run(tool, folder):
    start, who = time.perf_counter(), resource.RUSAGE_CHILDREN if tool is ours else resource.RUSAGE_SELF
    results, missing = tool(folder)
    wall, used = time.perf_counter() - start, resource.getrusage(who)
    print(f"{tool.__name__}: {score(folder, results, missing)} wall {wall:.1f} s CPU {used.ru_utime + used.ru_stime:.1f} s "
          f"memory {used.ru_maxrss >> 10} MB", flush=True)


if __name__ == "__main__":
    folder = sys.argv[1]
    for tool in [globals()[name] for name in os.environ.get("TOOLS", "ours duckdb polars splink").split()]:
        process = multiprocessing.get_context("spawn").Process(target=run, args=(tool, folder))
        process.start()
        process.join()
