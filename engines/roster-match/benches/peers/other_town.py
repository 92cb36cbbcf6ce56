"""A second town, written apart from the bench's own: other names, other addresses, other damage.

    python other_town.py grow DIR [SEED] [PEOPLE] [ROWS] [NOISE]     # persons, addresses, roster and the truth as CSV
    linli match --register DIR/persons.csv --addresses DIR/addresses.csv --roster DIR/roster.csv --out DIR/results.csv --missing DIR/missing.csv
    python other_town.py score DIR

Python's standard library alone. All people are invented; document numbers begin with 99, an area that was never issued.
"""
import csv, pathlib, random, sys

SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
                "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文") + ["欧阳", "上官", "诸葛", "司马"]
COMMON = [max(1, 700 // (n + 3)) for n in range(len(SURNAMES))]
GIVEN = ["芳娜敏静丽艳娟霞秀英玲桂兰红梅燕云洁雪琳晶婷慧莹玉萍莉欣怡佳梦雨涵紫若诗妍",
         "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆建国志海东文亮春龙胜民永林峰子一天泽思博"]
DOTTED = ["阿依古丽·买买提", "努尔兰·巴合提", "德吉·卓玛", "艾力·吐尔逊", "古丽娜·阿不都", "巴桑·次仁"]
SOUNDS = dict(zip("伟静丽燕杰鹏磊涛敏洋英梅云玲华建志海峰文佳欣雨张吴徐沈程余江", "维婧莉艳洁朋垒韬闵阳瑛玫芸铃骅健智嗨锋雯嘉昕羽章武许申陈于姜"))
OLD_FORMS = dict(zip("伟军杰华飞丽艳红云张刘陈杨赵黄吴孙马罗郑谢韩冯国东龙胜静兰莹涛刚辉鹏凯", "偉軍傑華飛麗艷紅雲張劉陳楊趙黃吳孫馬羅鄭謝韓馮國東龍勝靜蘭瑩濤剛輝鵬凱"))
ROADS = [a + b for a in ["盈", "汇", "崧", "新", "胜", "外青", "香", "久", "华", "青", "天"]
         for b in ["港路", "金路", "达路", "桥路", "松公路", "园路", "中路", "东路", "大道", "一路", "水路"]]
VILLAGES = ["某桥村", "石西村", "燕南村", "泾阳村", "曹泾村", "东方村", "陈桥村", "袁家村", "新阳村", "杨元村", "金米村", "向阳村", "天一村", "爱星村", "大联村", "胜利村"]
ESTATES = ["某佳苑", "都汇华庭", "清河湾", "民佳家园", "香花新苑", "大盈浦苑", "金巷小区", "桥梓湾公寓", "玉兰清苑"]
PREFIXES = ["上海市青浦区香花桥街道", "上海青浦香花桥", "青浦区", "香花桥街道", "", "", "上海市青浦区", "香花桥"]
NUMERALS = "零一二三四五六七八九"


class Town:
    def __init__(self, seed, people, rows, noise):
        self.dice, self.noise = random.Random(seed), noise
        self.employers = max(20, people // 60)
        self.people = self.settle(people)
        self.register = [(one, one["entity"]) for one in self.people]
        for one in self.dice.sample(self.people, people // 120):  # registered twice
            self.register.append(({**one, "door": self.chance(0.5, one["door"], self.door()), "employer": None}, one["entity"]))
        self.dice.shuffle(self.register)
        self.rows = self.roster(rows)

    def chance(self, share, yes, no):
        return yes if self.dice.random() < share else no

    # people
    def number(self, birth, sex, area=None):
        r = self.dice
        body = f"{area or 990000 + r.randint(1, 999):06d}{birth}{r.randint(0, 499) * 2 + sex:03d}"
        return closed(body)

    def birth(self):
        r = self.dice
        return f"{int(r.triangular(1955, 2006, 1990))}{r.randint(1, 12):02d}{r.randint(1, 28):02d}"

    def phone(self):
        return "1" + self.dice.choice("3456789") + "".join(self.dice.choice("0123456789") for _ in range(9))

    def given(self, sex):
        return "".join(self.dice.choice(GIVEN[sex]) for _ in range(self.chance(0.25, 1, 2)))

    def name(self, sex, surname=None):
        if self.dice.random() < 0.004:
            return self.dice.choice(DOTTED) + self.dice.choice(["江", "汗", "拉", ""])
        return (surname or self.dice.choices(SURNAMES, COMMON)[0]) + self.given(sex)

    def settle(self, count):
        people, r = [], self.dice
        while len(people) < count:
            dormitory = r.random() < 0.01
            home = dict(door=self.door(), employer=r.randrange(self.employers), phone=self.phone(), area=990000 + r.randint(1, 999),
                        surname=r.choices(SURNAMES, COMMON)[0])
            household = []
            for n in range(r.randint(8, 40) if dormitory else r.choice([1, 1, 2, 2, 3, 3, 4, 5])):
                one = self.lodger(home) if dormitory else self.relative(home, household, n)
                if r.random() < 0.004:
                    one["number"] = r.choice("CEHM") + "".join(r.choice("0123456789") for _ in range(8))
                if r.random() < 0.02:
                    one["phone"] = ""
                one.update(door=home["door"], entity=len(people))
                household.append(one)
                people.append(one)
        return people[:count]

    def lodger(self, home):
        sex = self.dice.randrange(2)
        return dict(name=self.name(sex), number=self.number(self.birth(), sex), phone=self.phone(), employer=home["employer"])

    def relative(self, home, household, n):
        r, sex = self.dice, self.dice.randrange(2)
        last = household[-1] if household else None
        employer = self.chance(0.65, r.randrange(self.employers), None)
        if n >= 2 and len(last["number"]) == 18 and r.random() < 0.12:  # twins
            twin = closed(last["number"][:14] + f"{(int(last['number'][14:17]) + 2) % 1000:03d}")
            return dict(name=self.name(sex, last["name"][0]), number=twin, phone=r.choice([last["phone"], self.phone()]), employer=employer)
        surname = home["surname"] if n != 1 else None
        return dict(name=self.name(sex, surname), number=self.number(self.birth(), sex, home["area"]),
                    phone=self.chance(0.25, home["phone"], self.phone()), employer=employer)

    # addresses
    def door(self):
        r, kind = self.dice, self.dice.random()
        if kind < 0.5:
            return ("lane", r.choice(ROADS), r.randint(10, 2999), r.randint(1, 120), r.randint(1, 18) * 100 + r.randint(1, 6))
        if kind < 0.7:
            return ("village", r.choice(VILLAGES), r.randint(1, 18), r.randint(1, 160), None)
        if kind < 0.85:
            return ("estate", r.choice(ESTATES), r.randint(1, 60), r.randint(1, 4), r.randint(1, 18) * 100 + r.randint(1, 4))
        return ("number", r.choice(ROADS), r.randint(1, 1999), None, r.choice([None, r.randint(1, 6) * 100 + r.randint(1, 20)]))

    def figure(self, n):
        kind = self.dice.random()
        if kind < 0.8:
            return str(n)
        return "".join(chr(0xFF10 + int(c)) if kind < 0.9 else NUMERALS[int(c)] for c in str(n))

    def write(self, door):
        """In one of many ways, one in seventeen with a slip anywhere, digits included."""
        (kind, place, a, b, c), f, r = door, self.figure, self.dice
        ways = {
            "lane": lambda: [f"{place}{f(a)}弄{f(b)}号{f(c)}室", f"{place}{a}弄{b}-{c}", f"{place}{a}弄{b}号{c}", f"{place} {a}弄 {b}号 {c}室",
                             f"{place}{a}-{b}-{c}", f"{place}{a}弄{b}＃{c}", f"{place}{a}弄{b}號{c}室", f"{place}{a}弄{b}号楼{c}室",
                             f"{place}{a}弄（{b}号{c}室）", f"{place}{a}弄{b}号{c // 100}楼{c}室"],
            "village": lambda: [f"{place}{f(a)}组{f(b)}号", f"{place}{a}队{b}号", f"{place}第{f(a)}村民小组{b}号", f"{place} {a}组 {b}号",
                                f"{place}{a}组{b}", f"{place}{b}号"],
            "estate": lambda: [f"{place}{f(a)}幢{b}单元{f(c)}室", f"{place}{a}-{b}-{c}", f"{place}{a}号楼{b}单元{c}", f"{place}{a}栋{b}单元{c}室",
                               f"{place}{a}幢{c}室"],
            "number": lambda: [f"{place}{f(a)}号" + (f"{c}室" if c else "")],
        }
        text = r.choice(PREFIXES) + r.choice(ways[kind]())
        if r.random() < 0.06 * self.noise:
            n = r.randrange(len(text))
            text = r.choice([text[:n] + text[n + 1:], text[:n] + text[n] + text[n:], text[:n] + text[n + 1:n + 2] + text[n:n + 1] + text[n + 2:]])
        return text + self.chance(0.03, r.choice(["（租房）", "(宿舍)", " 厂内", "二楼"]), "")

    # damage
    def damaged_number(self, text):
        r = self.dice
        if len(text) != 18:
            return self.chance(0.05, text.lower(), text)
        if r.random() >= 0.16 * self.noise:
            wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
            odd = ["'" + text, text.lower(), " " + text, f"{text[:6]} {text[6:14]} {text[14:]}", wide, text + "　", text + "\u200b"]
            return self.chance(0.07, r.choice(odd), text)
        n, kind = r.randrange(17), r.random()
        scientific = f"{float(text[:15] + '000'):.5E}" if text[-1] != "X" else text
        ways = [(0.25, text[:n] + r.choice("0123456789") + text[n + 1:]), (0.40, text[:n] + text[n + 1] + text[n] + text[n + 2:]),
                (0.50, text[:n] + text[n + 1:]), (0.57, text[:n] + text[n] + text[n:]), (0.65, text[:6] + text[8:17]), (0.72, scientific),
                (0.80, text[:15] + "000"), (0.90, ""), (0.93, r.choice(self.register)[0]["number"]), (0.96, text.replace("0", "O", 1))]
        return next((way for share, way in ways if kind < share), text[:-4] + "****")

    def damaged_name(self, name):
        r = self.dice
        if r.random() >= 0.07 * self.noise:
            odd = [name[0] + " " + name[1:], name + " ", name[0] + "　" + name[1:], name + "(组长)", name.replace("·", ".")]
            return self.chance(0.04, r.choice(odd), name)
        kind = r.random()
        heard = [n for n, c in enumerate(name) if c in SOUNDS]
        if kind < 0.4 and heard:
            n = r.choice(heard)
            return name[:n] + SOUNDS[name[n]] + name[n + 1:]
        if kind < 0.75:
            return "".join(OLD_FORMS.get(c, c) for c in name)
        if kind < 0.85:
            return name[0] + self.given(r.randrange(2))  # renamed
        return name[:2] if kind < 0.93 else name

    # the roster
    def roster(self, count):
        staff, rows, r = {}, [], self.dice
        for one in self.people:
            if one["employer"] is not None:
                staff.setdefault(one["employer"], []).append(one)
        for employer in r.sample(sorted(staff), len(staff)):
            if len(rows) >= count:
                break
            office = self.phone() if r.random() < 0.03 else None  # one telephone for all
            dormitory = self.door()
            rows += [self.row(employer, one, office, dormitory) for one in staff[employer] if r.random() >= 0.12]
            rows += [self.stranger(employer, office, dormitory) for _ in range(int(len(staff[employer]) * 0.176) + r.randrange(2))]
        r.shuffle(rows)
        return rows

    def row(self, employer, one, office, dormitory):
        r, door = self.dice, one["door"]
        if r.random() < 0.14:
            door = self.chance(0.3, dormitory, self.door())
        phone = self.chance(0.15 * self.noise, r.choice(["", self.phone(), self.phone()]), one["phone"])
        address = self.chance(0.03, "", self.write(door))
        same = "" if not address else "same" if door == one["door"] else "diff"
        return [employer, self.damaged_name(one["name"]), self.damaged_number(one["number"]), office or phone, address, one["entity"], same]

    def stranger(self, employer, office, dormitory):
        """Nobody who is registered; a third look like somebody who is."""
        r, sex = self.dice, self.dice.randrange(2)
        like = r.choice(self.register)[0]
        number = like["number"] if len(like["number"]) == 18 else self.number(self.birth(), sex)
        kind = r.random()
        if kind < 0.12:  # a namesake of the same birthday
            row = [like["name"], self.number(number[6:14], sex), self.phone(), self.write(self.door())]
        elif kind < 0.25:  # a brother or sister at the same door
            sibling = closed(number[:14] + f"{(int(number[14:17]) + r.randint(1, 3)) % 1000:03d}")
            row = [like["name"][0] + self.given(sex), sibling, r.choice(["", self.phone(), like["phone"]]), self.write(like["door"])]
        elif kind < 0.33:  # a relative's telephone
            row = [self.name(sex), self.number(self.birth(), sex), like["phone"], self.write(like["door"])]
        else:
            row = [self.name(sex), self.number(self.birth(), sex), office or self.phone(), self.write(self.chance(0.3, dormitory, self.door()))]
        return [employer, self.damaged_name(row[0]), self.damaged_number(row[1]), row[2], row[3], "", ""]


def closed(body):
    """The seventeen digits with their check character (GB 11643)."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def standard(door):
    kind, place, a, b, c = door
    text = {"lane": f"{a}弄{b}号{c}室", "village": f"{a}组{b}号", "estate": f"{a}幢{b}单元{c}室", "number": f"{a}号" + (f"{c}室" if c else "")}[kind]
    return "上海市青浦区香花桥街道" + place + text


def grow(folder, seed=1, people=200_000, rows=40_000, noise=1.0):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    town, doors = Town(int(seed), int(people), int(rows), float(noise)), {}

    def table(name, heading, lines):
        with open(folder / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([heading, *lines])

    table("persons.csv", ["pid", "name", "doc_type", "doc_no", "phone", "addr_id", "employer_id"], [
        [pid, one["name"], "resident" if len(one["number"]) == 18 else "passport", one["number"], one["phone"],
         doors.setdefault(one["door"], len(doors)), "" if one["employer"] is None else one["employer"]]
        for pid, (one, _) in enumerate(town.register)])
    table("addresses.csv", ["addr_id", "text"], [[at, standard(door)] for door, at in doors.items()])
    table("roster.csv", ["row_id", "employer_id", "employer", "name", "id_no", "phone", "address"],
          [[n, row[0], f"某公司{row[0]}", *row[1:5]] for n, row in enumerate(town.rows)])
    table("truth.csv", ["row_id", "entity", "same"], [[n, *row[5:]] for n, row in enumerate(town.rows)])
    table("entities.csv", ["pid", "entity"], [[pid, entity] for pid, (_, entity) in enumerate(town.register)])


def score(folder):
    read = lambda name: list(csv.DictReader(open(pathlib.Path(folder) / name, encoding="utf-8")))
    entity = {row["pid"]: row["entity"] for row in read("entities.csv")}
    truth = {row["row_id"]: row for row in read("truth.csv")}
    employer = {row["row_id"]: row["employer_id"] for row in read("roster.csv")}
    linkable = sum(row["entity"] != "" for row in truth.values())
    matched = right = sent = placed = placed_right = whole = 0
    for row in read("results.csv"):
        true = truth[row["row_id"]]
        sent += row["decision"] == "review"
        if row["decision"] == "none":
            whole += true["entity"] == ""
        if row["decision"] != "match":
            continue
        matched += 1
        if true["entity"] == "" or entity[row["pid"]] != true["entity"]:
            continue
        right += 1
        placed += true["same"] != ""
        placed_right += true["same"] != "" and row["cls"] == true["same"]
        whole += row["cls"] == true["same"] or true["same"] == ""
    there = {(employer[n], row["entity"]) for n, row in truth.items() if row["entity"] != ""}
    gone = read("missing.csv")
    gone_right = sum((row["employer_id"], entity[row["pid"]]) not in there for row in gone)
    print(f"{len(truth)} rows: precision {right / matched:.5f}, recall {right / linkable:.4f}, sent to a person {sent / len(truth):.2%}, "
          f"same/different right {placed_right / placed:.4f}, right with nobody's help {whole / len(truth):.4f}, "
          f"missing: precision {gone_right / max(1, len(gone)):.4f} of {len(gone)}")


if __name__ == "__main__":
    {"grow": grow, "score": score}[sys.argv[1]](*sys.argv[2:])
