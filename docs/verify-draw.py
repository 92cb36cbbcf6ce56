#!/usr/bin/env python3
"""Draws a survey's sample again: verify-draw.py receipt.json frame.csv (standard library alone)."""
import hashlib, json, sys
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def check(holds, otherwise):
    holds or sys.exit(f"DIFFERS: {otherwise}")
def seed_of(receipt, digest):
    said = {c["party"]: c["commitment"] for c in receipt["commitments"]}
    opened = {o["party"]: bytes.fromhex(o["opening"]) for o in receipt["openings"]}
    check(len(set(said.values())) == len(receipt["commitments"]) >= 2, "two parties must commit")
    check({p: sha(o).hex() for p, o in opened.items()} == said, "an opening is not what was committed to")
    return sha(*sorted(opened.values()), digest)
def systematic(units, n, start):  # chances in proportion to size: people registered, at least 1
    size, chance, new = (lambda u: max(u[3], 1)), {}, units
    total = sum(map(size, units))
    while n and new:
        new = [u for u in units if u not in chance and n * size(u) >= total]
        chance.update({u: [1, 1] for u in new})
        n, total = n - len(new), total - sum(map(size, new))
    laid, left, point = 0, n, int.from_bytes(start, "big") % (total or 1)
    for u in (u for u in units if u not in chance):
        laid += n * size(u)
        if left and point < laid:
            chance[u], left, point = [n * size(u), total], left - 1, point + total
    return {u: dict(zip(("numerator", "denominator"), chance[u])) for u in chance if chance[u]}
def draw(frame, seed, plan):
    stratified, by_size, strata = "stratified" in plan["method"], "size" in plan["method"], {}
    frame = [u for u in frame if plan["committee"] in (None, u[2])]
    for u in sorted(frame, key=lambda u: (sha(seed, u[0].encode()), u[0].encode())):
        strata.setdefault(u[1] if stratified else "", []).append(u)
    weight = {s: sum(max(u[3], 1) for u in us) if by_size else len(us) for s, us in strata.items()}
    wanted = {s: min(2, len(us)) if stratified else 0 for s, us in strata.items()}
    while True:
        drawn = [(u, c) for s, us in strata.items() for u, c in (systematic(us, wanted[s],
            sha(seed, b"start\n", s.encode())) if by_size else dict.fromkeys(us[:wanted[s]])).items()]
        more = [s for s in sorted(strata, key=str.encode) if wanted[s] < len(strata[s])]
        if not more or len(drawn) >= plan["min_households"] and sum(u[3] for u, _ in drawn) >= plan["min_people"]:
            return sorted(((sha(seed, u[0].encode()).hex(), u[0], u[1], u[3], c) for u, c in drawn), key=lambda d: d[0])
        best = more[0]
        for s in more:
            best = s if weight[s] * (2 * wanted[best] + 1) > weight[best] * (2 * wanted[s] + 1) else best
        wanted[best] += 1
receipt_file, frame_file = sys.argv[1:]
head, *lines = open(frame_file, encoding="utf-8-sig").read().rstrip("\n").split("\n")
digest = sha("\n".join([head, *sorted(lines, key=lambda line: line.split(",")[0].encode()), ""]).encode())
frame = [(p, s, c, int(n)) for p, s, c, n in (line.split(",") for line in lines)]
receipts = (whole := json.load(open(receipt_file, encoding="utf-8"))).get("receipts", [whole])
plans = [receipt["plan"] for receipt in receipts]
check(whole.get("announcement", {}).get("plans", plans) == plans, "the plans are not those announced")
for receipt in receipts:
    check(receipt["frame_digest"] == digest.hex(), "the frame is another one")
    check(receipt["seed"] == (seed := seed_of(receipt, digest)).hex(), "the seed does not follow")
    said = [(h["rank"], h["pseudonym"], h["stratum"], h["people"], h.get("chance")) for h in receipt["households"]]
    check(said == draw(frame, seed, receipt["plan"]), f"the households of {receipt['plan']['committee']} are others")
homes = [h["pseudonym"] for r in receipts for h in r["households"]]
if again := whole.get("results", {}).get("again"):
    order = sorted(homes, key=lambda p: sha(seed, b"again\n", p.encode()))
    check(again["homes"] == order[:max(again["least"], -(-len(homes) * again["percent"] // 100))], "other homes asked twice")
print("as drawn:", len(homes), "households in", len(receipts), "draws")
