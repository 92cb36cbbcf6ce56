"""Times python-stdnum and id-validator on a file of numbers, as far as they are installed."""

import sys
import time

numbers = open(sys.argv[1], encoding="utf-8").read().split("\n")


def timed(name, check, numbers):
    begun = time.perf_counter()
    valid = sum(1 for number in numbers if check(number))
    each = (time.perf_counter() - begun) / len(numbers) * 1e9
    print(f"{name:42} {each:10.0f} ns  ({valid} of {len(numbers)} valid)")


try:
    from stdnum.cn import ric

    timed("python-stdnum, stdnum.cn.ric", ric.is_valid, numbers)
except ImportError:
    print("python-stdnum is not installed")
try:
    from id_validator import validator

    # It builds its table of areas anew at each call: a few hundred numbers are enough.
    timed("id-validator", validator.is_valid, numbers[:500])
except ImportError:
    print("id-validator is not installed")
