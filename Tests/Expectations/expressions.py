"""Writes expressions.jsonl: what CPython's re finds with random expressions, and with chosen ones."""

import re

from common import Values, write

values = Values(23)
random = values.random
pick = random.choice
cases = []


def atom(depth):
    kind = random.randrange(12 if depth else 8)
    if kind < 4:
        return pick("abcAé-")
    if kind == 4:
        return pick([".", r"\d", r"\w", r"\s", r"\W", r"\S", r"\D"])
    if kind == 5:
        return pick(["[ab]", "[^a]", "[a-c]", r"[\d\-x]", "[]a]", "[^]b-]", "[a-]", "[A-Zé]", r"[^\w]"])
    if kind == 6:
        return pick([r"\b", r"\B", "^", "$", r"\A", r"\Z"])
    if kind == 7:
        return pick(["ab", "a", "bc", " ", r"\.", r"\n", r"\x41", r"\u00e9"])
    inner = expression(depth - 1)
    return pick([f"({inner})", f"({inner})", f"(?:{inner})", f"(?i:{inner})", f"(?P<n{random.randrange(10**6)}>{inner})"])


def item(depth):
    text = atom(depth)
    if text[0] not in "^$\\" and random.randrange(3) == 0 or text in (r"\d", r"\w"):
        if len(text) > 1 and text[0] not in "([\\":
            text = f"(?:{text})"
        text += pick(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{0,1}?", "{2,}"])
    return text


def expression(depth):
    branches = []
    for _ in range(pick([1, 1, 1, 2, 3])):
        branches.append("".join(item(depth) for _ in range(random.randrange(0 if random.randrange(8) == 0 else 1, 4))))
    return "|".join(branches)


def nullable_loops(text):
    """Loops over what may be empty set their groups by rules of their own in a backtracking search."""
    return re.search(r"[*+?}]\)*[*+?{]|\|\)|\(\||\)[*+{?]", text) is not None


def text():
    alphabet = pick(["ab", "abc", "abcABC", "aé b-", "ab1_ \n", "AÉéB"])
    return "".join(pick(alphabet) for _ in range(random.randrange(13)))


def spans(match):
    return None if match is None else [list(match.span(group)) for group in range(match.re.groups + 1)]


def add(pattern, flags, subject):
    compiled = re.compile(pattern, flags)
    letters = "".join(letter for letter in "imsxa" if flags & getattr(re, letter.upper()))
    answer = {
        "search": spans(compiled.search(subject)),
        "match": spans(compiled.match(subject)),
        "full": spans(compiled.fullmatch(subject)),
        "all": [list(match.span()) for match in compiled.finditer(subject)],
    }
    cases.append(["find", pattern, letters, subject, answer])


while len(cases) < 900:
    pattern = expression(2)
    if nullable_loops(pattern):
        continue
    flags = 0
    for flag in (re.I, re.M, re.S, re.A):
        if random.randrange(4) == 0:
            flags |= flag
    try:
        add(pattern, flags, text())
    except re.error:
        continue
for pattern, flags, subject in [
    ("(a*)*", 0, "b"), ("(a*)+", 0, "b"), ("(a|b)*", 0, "abba"), ("(?:(a)|b)*", 0, "ab"), ("a{0}b", 0, "ab"), ("a{,3}", 0, "aaaa"),
    ("x*", 0, "axb"), ("a|ab", 0, "ab"), ("(a|ab)(c|bcd)", 0, "abcd"), ("(?x) a b # c\n c", 0, "abc"), ("a{", 0, "a{"), ("a{x}", 0, "a{x}"),
    ("\\$", 0, "$"), ("a$", 0, "a\n"), ("a$", re.M, "a\nb"), ("^", re.M, "a\nb\n"), ("$", 0, "a\n"), ("$", re.M, "a\n\n"), (".", 0, "\n"),
    ("K", re.I, "\u212a"), ("[\u017f]", re.I, "S"), ("[a-z]", re.I, "\u017fK\u0130"), ("ß", re.I, "ẞ"), ("\u03c3", re.I, "ς"),
    ("\u0390", re.I, "\u1fd3"), ("[^a]", re.I, "A"), ("i", re.I, "\u0130\u0131"), ("\\w+", 0, "naïve é_1 日本"), ("\\w+", re.A, "naïve é_1"),
    ("\\d+", 0, "12٣٤"), ("\\s+", 0, " \x1c\u00a0"), ("\\s+", re.A, " \x1c"), ("\\bfoo\\b", 0, "a foo bar"), ("(?i)abc", 0, "ABC"),
    ("a(?i:b)c", 0, "aBc"), ("(?i:a(?-i:b))", 0, "Ab AB"), ("a(?#comment)b", 0, "ab"), ("\\07", 0, "\x07"), ("\\0", 0, "\0"), ("[\\b]", 0, "\b"),
    ("()", 0, "ab"), ("(?P<year>\\d{4})-(?P<month>\\d\\d)", 0, "on 2024-05-06"), ("", 0, "é"), ("a??b", 0, "ab"), ("(a+?)(a*)", 0, "aaa"),
    ("[\\]\\[]", 0, "[]"), ("\\101", 0, "A"), ("|a", 0, "a"), ("(?:)*a", 0, "a"), ("(?:a|(b))+", 0, "ba"),
]:
    add(pattern, flags, subject)
for pattern in ["(", ")", "a)", "[", "[]", "[z-a]", "*", "a**", "+a", "a{2,1}", "(?P<1>a)", "(?P<a", "(?P<>a)", "(?P<a>a)(?P<a>b)", "\\q", "[\\q]", "\\",
                "\\x1", "\\u12", "(?z)", "a(?i)b", "(?#abc", "[a", "(a", "a|*", "(?:a", "{1}", "[\\d-a]", "x{1}{2}", "(?", "(?i", "(?-i)"]:
    try:
        re.compile(pattern)
    except re.error as error:
        cases.append(["refused", pattern, str(error)])
for pattern, template, subject, count in [
    ("a", "b", "banana", 0), ("(a)(n)", r"\2\1", "banana", 0), ("(?P<x>a)", r"<\g<x>\g<1>\g<0>>", "ab", 0), ("x*", "-", "abxd", 0),
    ("", "-", "aé", 0), ("a|(b)", r"[\1]", "ab", 0), ("a", r"\n\t\\\.", "a", 0), ("a", r"\0", "a", 0), ("a", r"\101", "a", 0), ("(a)", r"\10", "a", 0),
    ("a", "b", "aaa", 2), ("a", r"\q", "a", 0), ("a", r"\1", "a", 0), ("a", r"\g<", "a", 0), ("a", r"\gx", "a", 0),
    ("a", "\\", "a", 0), ("a", r"\g<2>", "a", 0), ("a", r"\g<é!>", "a", 0), ("a", r"\400", "a", 0), ("(é)", r"\1\1", "été", 0),
]:
    try:
        cases.append(["sub", pattern, template, subject, count, re.sub(pattern, template, subject, count)])
    except re.error as error:
        cases.append(["sub", pattern, template, subject, count, {"raises": str(error)}])
write("expressions", cases)
