import Testing

@testable import DanaLanguage

/// The methods of built-in types. The answers are CPython 3.11's.
@Suite struct BuiltinsMethodsTests {
    @Test(arguments: [
        (#""hello".find("l", 3)"#, "3"),
        (#""hello".rfind("l")"#, "3"),
        (#""é漢é".find("é", 1)"#, "2"),
        (#""hello".index("z")"#, "ValueError: substring not found"),
        (#""aaaa".count("aa")"#, "2"),
        (#""abc".count("")"#, "4"),
        (#""hello".startswith(("x", "he"))"#, "True"),
        (#""hello".endswith("lo", 1, 5)"#, "True"),
        (#""a,b,,c".split(",")"#, "['a', 'b', '', 'c']"),
        (#"" a  b ".split()"#, "['a', 'b']"),
        (#""a b c".split(None, 1)"#, "['a', 'b c']"),
        (#""a,b,c".rsplit(",", 1)"#, "['a,b', 'c']"),
        (#""a".split("")"#, "ValueError: empty separator"),
        (#""a\nb\r\nc".splitlines()"#, "['a', 'b', 'c']"),
        (#""a\nb".splitlines(True)"#, #"['a\n', 'b']"#),
        (#""k=v=w".partition("=")"#, "('k', '=', 'v=w')"),
        (#""k=v=w".rpartition("=")"#, "('k=v', '=', 'w')"),
        (#""abc".partition("x")"#, "('abc', '', '')"),
        (#""  a ".strip() + "|" + "xxaxx".strip("x") + "|" + " a".lstrip() + "a ".rstrip()"#, "'a|a|aa'"),
        (#""Hello World".upper() + "Straße".upper() + "ǅ".lower()"#, "'HELLO WORLDSTRASSEǆ'"),
        (
            #""hello world".title() + "hELLO".capitalize() + "aB".swapcase() + "ß".casefold()"#,
            "'Hello WorldHelloAbss'"
        ),
        (#""a-b".join(["1", "2", "3"])"#, "'1a-b2a-b3'"),
        (#"",".join(x for x in "abc")"#, "'a,b,c'"),
        (#""".join([])"#, "''"),
        (#"",".join(["a", 1])"#, "TypeError: sequence item 1: expected str instance, int found"),
        (#""aXbX".replace("X", "--")"#, "'a--b--'"),
        (#""abc".replace("", "-")"#, "'-a-b-c-'"),
        (#""aaa".replace("a", "b", 2)"#, "'bba'"),
        (#""ab".center(7, "*") + "ab".ljust(4) + "|" + "ab".rjust(4)"#, "'***ab**ab  |  ab'"),
        (#""ab".center(5)"#, "'  ab '"),
        (#""-42".zfill(6)"#, "'-00042'"),
        (#""a\tb".expandtabs(4)"#, "'a   b'"),
        (#""prefix-x".removeprefix("prefix-") + "x.py".removesuffix(".py")"#, "'xx'"),
        (#"[s.isalpha() for s in ["a", "1", "", "é"]]"#, "[True, False, False, True]"),
        (#"[s.isdigit() for s in ["1", "²", "a", ""]]"#, "[True, True, False, False]"),
        (
            #"["12".isdecimal(), "½".isnumeric(), "a1".isalnum(), " \t".isspace(), "A".isupper(), "a".islower(), "Ab Cd".istitle(), "a_1".isidentifier(), "a\n".isprintable(), "é".isascii()]"#,
            "[True, True, True, True, True, True, True, True, False, False]"
        ),
        (#""héllo".encode()"#, #"b'h\xc3\xa9llo'"#),
        (
            #""hé".encode("ascii")"#,
            #"UnicodeEncodeError: 'ascii' codec can't encode character '\xe9' in position 1: ordinal not in range(128)"#
        ),
        (#""hé".encode("latin-1")"#, #"b'h\xe9'"#),
        (#""hé".encode("ascii", "replace")"#, "b'h?'"),
        (#""abc".translate({97: "x", 98: None, 99: 100})"#, "'xd'"),
        (#""abc".translate(str.maketrans("ab", "xy", "c"))"#, "'xy'"),
        (#""a{}b".format_map({}) if False else "{k}".format_map({"k": 1})"#, "'1'"),
    ])
    func methodsOfStrings(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression) == answer)
    }

    @Test(arguments: [
        ("bytes(3)", #"b'\x00\x00\x00'"#),
        ("bytes([65, 66])", "b'AB'"),
        (#"bytes("é", "utf-8")"#, #"b'\xc3\xa9'"#),
        ("bytes([256])", "ValueError: bytes must be in range(0, 256)"),
        (#"b"abc".decode()"#, "'abc'"),
        (
            #"b"\xff".decode()"#,
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
        ),
        (#"b"\xff\x41".decode("utf-8", "replace")"#, "'�A'"),
        (#"b"\xe9".decode("latin-1")"#, "'é'"),
        (#"b"abc".hex()"#, "'616263'"),
        (#"bytes.fromhex("61 62")"#, "b'ab'"),
        (#"bytes.fromhex("6")"#, "ValueError: non-hexadecimal number found in fromhex() arg at position 1"),
        (#"b"a,b".split(b",")"#, "[b'a', b'b']"),
        (#"b"abc".find(b"c")"#, "2"),
        (#"b"abc".index(b"z")"#, "ValueError: subsection not found"),
        (#"b"aXb".replace(b"X", b"--")"#, "b'a--b'"),
        (#"b",".join([b"a", b"b"])"#, "b'a,b'"),
        (#"b" a ".strip()"#, "b'a'"),
        (#"b"Ab".upper() + b"Ab".lower() + b"ab".title()"#, "b'ABabAb'"),
        (#"b"abc".startswith(b"a")"#, "True"),
        (#"b"a=b".partition(b"=")"#, "(b'a', b'=', b'b')"),
        (#"b"ab".center(6, b"*")"#, "b'**ab**'"),
        (#"b"12".isdigit()"#, "True"),
        (#"b"aba".count(b"a")"#, "2"),
    ])
    func methodsOfBytes(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression) == answer)
    }

    @Test(arguments: [
        ("(lambda x: [x.append(4), x])([1])", "[None, [1, 4]]"),
        (#"(lambda x: [x.extend((1, 2)), x.extend("a"), x])([])"#, "[None, None, [1, 2, 'a']]"),
        (
            #"(lambda x: [x.insert(1, "i"), x.insert(-100, "s"), x.insert(100, "e"), x])([1, 2])"#,
            "[None, None, None, ['s', 1, 'i', 2, 'e']]"
        ),
        ("(lambda x: [x.pop(), x.pop(0), x])([1, 2, 3])", "[3, 1, [2]]"),
        ("[].pop()", "IndexError: pop from empty list"),
        ("[1].pop(3)", "IndexError: pop index out of range"),
        ("(lambda x: [x.remove(2), x])([1, 2, 2])", "[None, [1, 2]]"),
        ("[1].remove(5)", "ValueError: list.remove(x): x not in list"),
        ("(lambda x: [x.clear(), x])([1])", "[None, []]"),
        ("(lambda x: [x.reverse(), x])([1, 2, 3])", "[None, [3, 2, 1]]"),
        ("(lambda x: [x.sort(), x])([3, 1, 2])", "[None, [1, 2, 3]]"),
        (
            #"(lambda x: [x.sort(key=len, reverse=True), x])(["a", "bbb", "cc", "dd"])"#,
            "[None, ['bbb', 'cc', 'dd', 'a']]"
        ),
        ("[1, 2, 1].index(1, 1)", "2"),
        ("[1, 2].index(9)", "ValueError: 9 is not in list"),
        ("[1, True, 1.0].count(1)", "3"),
        ("[1, [2]].copy()", "[1, [2]]"),
        ("(1, 2, 1).count(1)", "2"),
        ("(1, 2).index(2)", "1"),
        ("(1,).index(5)", "ValueError: tuple.index(x): x not in tuple"),
        ("range(0, 10, 2).index(4)", "2"),
        ("range(5).count(9)", "0"),
        ("range(2, 9, 3).start + range(2, 9, 3).stop + range(2, 9, 3).step", "14"),
        (#"list("aé")"#, "['a', 'é']"),
        ("tuple([1, 2])", "(1, 2)"),
        (#"list({"a": 1}.items())"#, "[('a', 1)]"),
        ("(lambda x: [x.extend(x), x])([1, 2])", "[None, [1, 2, 1, 2]]"),
    ])
    func methodsOfLists(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression) == answer)
    }

    @Test(arguments: [
        (#"{"a": 1}.get("b", 2)"#, "2"),
        (#"(lambda d: [d.pop("a"), d.pop("z", 0), d])({"a": 1})"#, "[1, 0, {}]"),
        (#"{}.pop("k")"#, "KeyError: 'k'"),
        (#"(lambda d: [d.popitem(), d])({"a": 1, "b": 2})"#, "[('b', 2), {'a': 1}]"),
        ("{}.popitem()", "KeyError: 'popitem(): dictionary is empty'"),
        (#"(lambda d: [d.setdefault("x", []), d.setdefault("a"), d])({"a": 1})"#, "[[], 1, {'a': 1, 'x': []}]"),
        (
            #"(lambda d: [d.update({"b": 2}, c=3), d.update([("d", 4)]), d])({"a": 1})"#,
            "[None, None, {'a': 1, 'b': 2, 'c': 3, 'd': 4}]"
        ),
        ("{}.update([(1, 2, 3)])", "ValueError: dictionary update sequence element #0 has length 3; 2 is required"),
        ("{}.update([1])", "TypeError: cannot convert dictionary update sequence element #0 to a sequence"),
        (#"(lambda d: [d.clear(), d])({"a": 1})"#, "[None, {}]"),
        (#"{"a": 1}.copy()"#, "{'a': 1}"),
        (#"dict.fromkeys("ab", 0)"#, "{'a': 0, 'b': 0}"),
        (#"dict([("a", 1)], b=2)"#, "{'a': 1, 'b': 2}"),
        (#"dict({"a": 1})"#, "{'a': 1}"),
        (#"list({"a": 1}.keys()) + list({"a": 1}.values())"#, "['a', 1]"),
        (#"{"a": 1}.keys() & {"a", "b"}"#, "{'a'}"),
        (#"{"a": 1}.items() >= {("a", 1)}"#, "True"),
        (#"{"a": 1}.keys().isdisjoint(["b"])"#, "True"),
        (
            #"(lambda d, k: [d.update(z=1), len(k), "z" in k, d.values()])(*(lambda d: (d, d.keys()))({}))"#,
            "[None, 1, True, dict_values([1])]"
        ),
        ("sorted({3, 1}.union([2], (9,)))", "[1, 2, 3, 9]"),
        ("sorted({1, 2, 3}.intersection([2, 3], {3}))", "[3]"),
        ("sorted({1, 2, 3}.difference([2], [3]))", "[1]"),
        ("sorted({1, 2}.symmetric_difference([2, 3]))", "[1, 3]"),
        ("{1}.issubset([1, 2])", "True"),
        ("{1, 2}.issuperset({1})", "True"),
        ("{1}.isdisjoint([2])", "True"),
        ("(lambda s: [s.add(1), s.discard(9), s.remove(2), s])({2})", "[None, None, None, {1}]"),
        ("{1}.remove(5)", "KeyError: 5"),
        ("set().pop()", "KeyError: 'pop from an empty set'"),
        (#"(lambda s: [s.update([1], "a"), len(s)])(set())"#, "[None, 2]"),
        ("(lambda s: [s.intersection_update([1]), s])({1, 2})", "[None, {1}]"),
        ("(lambda s: [s.difference_update([1]), s])({1, 2})", "[None, {2}]"),
        ("(lambda s: [s.symmetric_difference_update([1, 5]), sorted(s)])({1, 2})", "[None, [2, 5]]"),
        ("frozenset([1, 2]) | {3}", "frozenset({1, 2, 3})"),
        ("{[1]: 2}", "TypeError: unhashable type: 'list'"),
    ])
    func methodsOfDictsAndSets(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression) == answer)
    }
}
