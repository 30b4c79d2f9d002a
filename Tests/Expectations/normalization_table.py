"""Writes the table of NameNormalization: how the characters of names decompose, from Python's unicodedata.

Run with the newest Python at hand: python3 normalization_table.py > ../../Sources/DanaLanguage/NormalizationTable.swift
"""

import unicodedata

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WIDTH = 108


def varint(value: int) -> str:
    """Five bits a digit, least significant first; every digit but the last has 32 added."""
    text = ""
    while value >= 32:
        text += DIGITS[32 + value % 32]
        value //= 32
    return text + DIGITS[value]


def signed(value: int) -> str:
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def entries():
    for code in range(0x80, 0x110000):
        character = chr(code)
        parts = unicodedata.decomposition(character).split()
        if not parts or not ("a" + character).isidentifier():
            continue
        is_canonical = not parts[0].startswith("<")
        targets = [int(part, 16) for part in parts if not part.startswith("<")]
        composes = is_canonical and len(targets) == 2 and unicodedata.normalize("NFC", character) == character
        yield code, composes, targets


def main() -> None:
    text = ""
    last_code, last_target = 0x80, 0
    for code, composes, targets in entries():
        text += varint(code - last_code) + varint(len(targets) * 2 + composes)
        for target in targets:
            text += signed(target - last_target)
            last_target = target
        last_code = code
    print(f"""/// How the characters that names may hold decompose, of Unicode {unicodedata.unidata_version}. Written by a script in
/// `Tests/Expectations`.
///
/// Numbers of five bits a digit, least significant digit first; each digit but the last of a number has
/// 32 added. An entry is the distance from the character before, twice the count of parts with one added
/// when the parts compose to the character again, and for each part its distance from the part before:
/// doubled, or doubled and one less when it is negative.
enum NormalizationTable {{
    static let digits: StaticString = \"\"\"""")
    for start in range(0, len(text), WIDTH):
        end = "\\" if start + WIDTH < len(text) else ""
        print(f"        {text[start:start + WIDTH]}{end}")
    print('        """\n}')


main()
