"""Writes integers.jsonl: what CPython answers to arithmetic on integers of many sizes, written in hexadecimal."""

import math
import operator
import struct

from common import Values, answer, write

values = Values(17)
random = values.random
pick = random.choice
cases = []


def integer(longest=400):
    bits = pick([1, 8, 63, 64, 65, 127, 128, 200, longest, random.randrange(1, longest + 1)])
    value = pick([random.getrandbits(bits), 1 << bits, (1 << bits) - 1, (1 << bits) + 1, random.getrandbits(8) << bits])
    return pick([value, value, -value])


def case(operation, *arguments, expected):
    cases.append([operation, *[hex(argument) if isinstance(argument, int) else argument for argument in arguments], expected])


def bits(value):
    return value if isinstance(value, dict) else struct.pack(">d", value).hex()


for _ in range(60):
    left, right = integer(), integer()
    for name in "add sub mul and_ or_ xor".split():
        case(name, left, right, expected=hex(getattr(operator, name)(left, right)))
    if right:
        case("divmod", left, right, expected=[hex(part) for part in divmod(left, right)])
        case("truediv", left, right, expected=bits(answer(operator.truediv, left, right)))
    case("gcd", left, right, expected=hex(math.gcd(left, right)))
    shift = pick([0, 1, 63, 64, 65, 200, 1000])
    case("lshift", left, shift, expected=hex(left << shift))
    case("rshift", left, shift, expected=hex(left >> shift))
    case("invert", left, expected=hex(~left))
    case("bit_length", left, expected=hex(left.bit_length()))
    case("bit_count", left, expected=hex(left.bit_count()))
    case("isqrt", abs(left), expected=hex(math.isqrt(abs(left))))
    case("pow", integer(70), pick([0, 1, 2, 3, 7, 10]), expected=None)
    base, exponent = int(cases[-1][1], 16), int(cases[-1][2], 16)
    cases[-1][-1] = hex(base**exponent)
    base, exponent, modulus = integer(150), abs(integer(100)), integer(150)
    if modulus:
        exponent = pick([exponent, -1, -exponent])
        case("powmod", base, exponent, modulus, expected=None)
        result = answer(pow, base, exponent, modulus)
        cases[-1][-1] = None if isinstance(result, dict) else hex(result)
    case("str", left, expected=str(left))
for _ in range(80):
    value = pick([integer(1100), integer(60), random.getrandbits(54) << random.randrange(980)])
    result = answer(float, value)
    case("float", value, expected=bits(result))
    number = pick([float(value) if not isinstance(result, dict) else 1.5, math.inf, -math.inf, random.uniform(-1e20, 1e20), 0.5, -0.5])
    case("compare", value, bits(number), expected=(value > number) - (value < number))
    near = (1 << 53) * random.randrange(1, 1 << 20) + random.randrange(-3, 4)
    small = integer(1074)
    small = small or 1
    case("truediv", near, small, expected=bits(answer(operator.truediv, near, small)))
    case("truediv", random.getrandbits(60), 3**random.randrange(600, 700), expected=None)
    left, right = (int(text, 16) for text in cases[-1][1:3])
    cases[-1][-1] = bits(left / right)
write("integers", cases)
