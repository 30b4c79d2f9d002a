import Testing

@testable import DanaLanguage

/// The standard modules that Python has too. The answers are CPython 3.11's.
@Suite struct BuiltinsModulesTests {
    @Test(arguments: [
        ("math.sqrt(2)", "1.4142135623730951"),
        ("math.sqrt(-1)", "ValueError: math domain error"),
        ("math.floor(-2.5)", "-3"),
        ("math.ceil(10 ** 20)", "100000000000000000000"),
        ("math.trunc(-2.7)", "-2"),
        ("math.factorial(25)", "15511210043330985984000000"),
        ("math.factorial(-1)", "ValueError: factorial() not defined for negative values"),
        ("math.gcd(12, -18, 27)", "3"),
        ("math.lcm(4, 6)", "12"),
        ("math.lcm()", "1"),
        ("math.comb(50, 25)", "126410606437752"),
        ("math.perm(5, 2)", "20"),
        ("math.perm(5)", "120"),
        ("math.isqrt(10 ** 40 + 1)", "100000000000000000000"),
        ("math.log(8, 2)", "3.0"),
        ("math.log(10 ** 400)", "921.0340371976182"),
        ("math.log(0)", "ValueError: math domain error"),
        ("math.log10(1000)", "3.0"),
        ("math.log2(2 ** 1100)", "1100.0"),
        ("math.exp(1000)", "OverflowError: math range error"),
        ("math.pow(2, 0.5)", "1.4142135623730951"),
        ("math.pow(0, -1)", "ValueError: math domain error"),
        ("math.atan2(1, -1)", "2.356194490192345"),
        ("math.hypot(3, 4)", "5.0"),
        ("math.hypot(1e200, 1e200)", "1.414213562373095e+200"),
        ("math.hypot(1, 2, 3)", "3.7416573867739413"),
        ("math.dist([1, 2], (4, 6))", "5.0"),
        ("math.fsum([0.1] * 10)", "1.0"),
        ("math.fsum([1e308, 1, -1e308])", "1.0"),
        ("math.prod([2, 3, 0.5])", "3.0"),
        ("math.prod([], start=7)", "7"),
        ("math.modf(-2.5)", "(-0.5, -2.0)"),
        ("math.frexp(8.0)", "(0.5, 4)"),
        ("math.ldexp(0.5, 4)", "8.0"),
        ("math.isclose(0.1 + 0.2, 0.3)", "True"),
        ("math.copysign(3, -0.0)", "-3.0"),
        ("math.fmod(-7, 3)", "-1.0"),
        ("math.remainder(7, 4)", "-1.0"),
        ("math.degrees(math.pi)", "180.0"),
        ("math.gamma(5)", "24.0"),
        ("math.gamma(-1)", "ValueError: math domain error"),
        ("math.erf(0.5)", "0.5204998778130465"),
        ("math.isnan(math.nan)", "True"),
        ("math.ulp(1.0)", "2.220446049250313e-16"),
        ("math.nextafter(1.0, 2.0)", "1.0000000000000002"),
        ("math.cbrt(27)", "3.0000000000000004"),
        (#"math.floor(float("nan"))"#, "ValueError: cannot convert float NaN to integer"),
        (#"math.floor("a") if False else math.tau"#, "6.283185307179586"),
        (#"math.sin("a") if False else math.inf"#, "inf"),
    ])
    func functionsOfMath(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression, importing: "math") == answer)
    }

    @Test(arguments: [
        (
            #"json.dumps({"a": [1, 2.5, None, True, "é\n"], "b": {}})"#,
            #"'{"a": [1, 2.5, null, true, "\\u00e9\\n"], "b": {}}'"#
        ),
        (
            #"json.dumps({"b": 1, "a": [1, {}]}, indent=2, sort_keys=True)"#,
            #"'{\n  "a": [\n    1,\n    {}\n  ],\n  "b": 1\n}'"#
        ),
        (#"json.dumps([1, [2]], indent="--")"#, #"'[\n--1,\n--[\n----2\n--]\n]'"#),
        (#"json.dumps("é", ensure_ascii=False)"#, #"'"é"'"#),
        (#"json.dumps([1, 2], separators=(",", ":"))"#, "'[1,2]'"),
        ("json.dumps({1: 2, None: 3, True: 4, 1.5: 5})", #"'{"1": 4, "null": 3, "1.5": 5}'"#),
        ("json.dumps({(1,): 2})", "TypeError: keys must be str, int, float, bool or None, not tuple"),
        (#"json.dumps({(1,): 2, "a": 1}, skipkeys=True)"#, #"'{"a": 1}'"#),
        ("json.dumps({1, 2})", "TypeError: Object of type set is not JSON serializable"),
        ("json.dumps([{1}], default=list)", "'[[1]]'"),
        (#"json.dumps(float("nan"))"#, "'NaN'"),
        (
            #"json.dumps(float("nan"), allow_nan=False)"#,
            "ValueError: Out of range float values are not JSON compliant"
        ),
        (#"json.loads("[1, -2.5e3, true, null, \"x\", {\"k\": []}]")"#, "[1, -2500.0, True, None, 'x', {'k': []}]"),
        (#"json.loads("\"\\u00e9\\n\\ud83d\\ude00\"")"#, #"'é\n😀'"#),
        (#"json.loads("123456789012345678901234567890")"#, "123456789012345678901234567890"),
        (#"json.loads("")"#, "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        (#"json.loads("[1,]")"#, "JSONDecodeError: Expecting value: line 1 column 4 (char 3)"),
        (#"json.loads("[1 2]")"#, "JSONDecodeError: Expecting ',' delimiter: line 1 column 4 (char 3)"),
        (#"json.loads("{\"a\" 1}")"#, "JSONDecodeError: Expecting ':' delimiter: line 1 column 6 (char 5)"),
        (
            #"json.loads("{a: 1}")"#,
            "JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
        ),
        (#"json.loads("[1, 2")"#, "JSONDecodeError: Expecting ',' delimiter: line 1 column 6 (char 5)"),
        (#"json.loads("1 2")"#, "JSONDecodeError: Extra data: line 1 column 3 (char 2)"),
        (#"json.loads("\"abc")"#, "JSONDecodeError: Unterminated string starting at: line 1 column 1 (char 0)"),
        (#"json.loads("\"a\nb\"")"#, "JSONDecodeError: Invalid control character at: line 1 column 3 (char 2)"),
        (#"json.loads("\"\\x\"")"#, #"JSONDecodeError: Invalid \escape: line 1 column 2 (char 1)"#),
        (#"json.loads("{\"a\": 1,\n \"b\": }")"#, "JSONDecodeError: Expecting value: line 2 column 7 (char 15)"),
        (#"json.loads(b"[1]")"#, "[1]"),
        (#"json.loads("NaN") != json.loads("NaN")"#, "True"),
        (#"json.loads("-Infinity")"#, "-inf"),
    ])
    func functionsOfJSON(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression, importing: "json") == answer)
    }

    @Test(arguments: [
        ("statistics.mean([1, 2, 3, 4])", "2.5"),
        ("statistics.mean([1, 3])", "2"),
        ("statistics.mean([0.1, 0.2, 0.3])", "0.2"),
        ("statistics.mean([])", "StatisticsError: mean requires at least one data point"),
        ("statistics.fmean([1, 2, 4])", "2.3333333333333335"),
        ("statistics.fmean([1, 2], weights=[3, 1])", "1.25"),
        ("statistics.median([5, 1, 3])", "3"),
        ("statistics.median([1, 2, 3, 4])", "2.5"),
        ("statistics.median_low([1, 2, 3, 4])", "2"),
        ("statistics.median_high([1, 2, 3, 4])", "3"),
        (#"statistics.mode("aabbb")"#, "'b'"),
        ("statistics.multimode([1, 1, 2, 2, 3])", "[1, 2]"),
        ("statistics.stdev([1, 2, 3, 4])", "1.2909944487358056"),
        ("statistics.variance([1, 2, 3, 4])", "1.6666666666666667"),
        ("statistics.pstdev([2, 4])", "1.0"),
        ("statistics.pvariance([2, 4])", "1"),
        ("statistics.variance([0.1, 0.25, 0.7])", "0.09749999999999999"),
        ("statistics.stdev([1.5, 2.5, 2.5, 2.75, 3.25, 4.75])", "1.0810874155219827"),
        ("statistics.stdev([1])", "StatisticsError: stdev requires at least two data points"),
        ("statistics.pvariance([1, 2, 3], 2)", "0.6666666666666666"),
        ("statistics.quantiles([1, 2, 3, 4, 5], n=4)", "[1.5, 3.0, 4.5]"),
        (#"statistics.quantiles([1, 2, 3, 4, 5], n=4, method="inclusive")"#, "[2.0, 3.0, 4.0]"),
        (
            "statistics.quantiles([105, 129, 87, 86, 111, 111, 89, 81, 108, 92], n=10)",
            "[81.5, 86.2, 87.6, 90.2, 98.5, 106.8, 110.1, 111.0, 127.2]"
        ),
        ("statistics.harmonic_mean([40, 60])", "48.0"),
        ("statistics.correlation([1, 2, 3], [2, 4, 7])", "0.9933992677987828"),
        ("statistics.covariance([1, 2, 3], [2, 4, 7])", "2.5"),
    ])
    func functionsOfStatistics(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression, importing: "statistics") == answer)
    }

    @Test(arguments: [
        (#"list(iteration.chain([1], "ab"))"#, "[1, 'a', 'b']"),
        (#"list(iteration.product([1, 2], "ab"))"#, "[(1, 'a'), (1, 'b'), (2, 'a'), (2, 'b')]"),
        (#"list(iteration.product("ab", repeat=2))"#, "[('a', 'a'), ('a', 'b'), ('b', 'a'), ('b', 'b')]"),
        (
            #"list(iteration.combinations("abcd", 2))"#,
            "[('a', 'b'), ('a', 'c'), ('a', 'd'), ('b', 'c'), ('b', 'd'), ('c', 'd')]"
        ),
        (
            #"list(iteration.combinations_with_replacement("abc", 2))"#,
            "[('a', 'a'), ('a', 'b'), ('a', 'c'), ('b', 'b'), ('b', 'c'), ('c', 'c')]"
        ),
        (
            "list(iteration.permutations([1, 2, 3]))",
            "[(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]"
        ),
        (
            "list(iteration.permutations(range(4), 2))",
            "[(0, 1), (0, 2), (0, 3), (1, 0), (1, 2), (1, 3), (2, 0), (2, 1), (2, 3), (3, 0), (3, 1), (3, 2)]"
        ),
        ("list(iteration.accumulate([1, 2, 3]))", "[1, 3, 6]"),
        ("list(iteration.accumulate([1, 2, 3], lambda a, b: a * b, initial=10))", "[10, 10, 20, 60]"),
        ("list(iteration.islice(iteration.count(5, 2), 2, 8, 3))", "[9, 15]"),
        ("list(iteration.takewhile(lambda x: x < 3, iteration.count()))", "[0, 1, 2]"),
        ("list(iteration.dropwhile(lambda x: x < 3, [1, 5, 2]))", "[5, 2]"),
        ("list(iteration.filterfalse(lambda x: x % 2, range(5)))", "[0, 2, 4]"),
        (#"list(iteration.compress("abcd", [1, 0, 1, 0]))"#, "['a', 'c']"),
        (#"list(iteration.zip_longest([1], "ab", fillvalue="-"))"#, "[(1, 'a'), ('-', 'b')]"),
        ("list(iteration.starmap(pow, [(2, 3), (3, 2)]))", "[8, 9]"),
        (#"list(iteration.pairwise("abc"))"#, "[('a', 'b'), ('b', 'c')]"),
        (#"list(iteration.repeat("x", 2))"#, "['x', 'x']"),
        (#"list(iteration.islice(iteration.cycle("ab"), 5))"#, "['a', 'b', 'a', 'b', 'a']"),
        (
            #"[(k, list(g)) for k, g in iteration.groupby("aabccc")]"#,
            "[('a', ['a', 'a']), ('b', ['b']), ('c', ['c', 'c', 'c'])]"
        ),
        ("[(k, list(g)) for k, g in iteration.groupby([1, 3, 2], key=lambda x: x % 2)]", "[(1, [1, 3]), (0, [2])]"),
    ])
    func functionsOfIteration(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression, importing: "iteration") == answer)
    }
}
