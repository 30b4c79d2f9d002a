import DanaData
import Testing

@testable import DanaLanguage

/// Regular expressions against what CPython's `re` found, and their steps against the sizes.
@Suite struct RegexTests {
    private func free(_ steps: Int) {}

    private func program(_ pattern: String, _ letters: String = "") throws -> RegexProgram {
        var flags: RegexFlags = []
        for letter in letters.unicodeScalars { flags.formUnion(RegexFlags(letter: letter) ?? []) }
        return try pattern.withView { pattern throws(RegexError) in try RegexCompiler.compile(pattern, flags: flags) }
    }

    @Test func expressionsFindWhatPythonFinds() throws {
        var seen: [String: Int] = [:]
        for line in try Expectations.cases("expressions") {
            let operation = try #require(line[0].string)
            let pattern = try #require(line[1].string)
            let expected = try #require(line.last)
            seen[operation, default: 0] += 1
            switch operation {
            case "find":
                let subject = try #require(line[3].string)
                let program = try program(pattern, line[2].string ?? "")
                for bytes in [0, .max] {
                    let answer = find(program, subject, automataAfter: bytes)
                    #expect(answer == "\(expected)", "\(line.dropLast()), automata after \(bytes)")
                }
            case "sub":
                let answer = try substitute(
                    pattern, try #require(line[2].string), try #require(line[3].string), Int(line[4].int ?? 0))
                #expect(answer == expected.string ?? expected["raises"]?.string, "\(line.dropLast())")
            default:
                let error = try? #require(throws: RegexError.self) { try program(pattern) }
                #expect(error?.message == expected.string, "\(pattern)")
            }
        }
        #expect(seen.keys.sorted() == ["find", "refused", "sub"])
    }

    @Test func expressionsThatAreTooLongAreRefusedWhileTheyAreRead() throws {
        func refusal(_ pattern: String) -> String? {
            (#expect(throws: RegexError.self) { try program(pattern) })?.message
        }
        let steps = "the expression is longer than 20000 steps at position 80000"
        #expect(refusal(String(repeating: "|", count: 1_000_000)) == steps)
        #expect(refusal(String(repeating: "a", count: 1_000_000)) == steps)
        let groups = (0..<1000).map { "(?P<a\($0)>x)" }.joined()
        #expect(refusal(groups)?.hasPrefix("the expression has more than 700 groups at position ") == true)
        let long = "the expression is longer than 1000000 bytes at position 0"
        #expect(refusal("(?x)#" + String(repeating: " ", count: 1_000_000)) == long)
    }

    /// The answers as the script writes them, offsets counted in scalars.
    private func find(_ program: RegexProgram, _ subject: String, automataAfter bytes: Int) -> String {
        subject.withView { text in
            func index(_ offset: Int) -> Int { offset < 0 ? -1 : TextScalars.count(text[0..<offset]) }
            func spans(_ slots: [Int]?) -> String {
                guard let slots else { return "None" }
                let pairs = stride(from: 0, to: slots.count, by: 2).map {
                    slots[$0 + 1] < 0 ? "[-1, -1]" : "[\(index(slots[$0])), \(index(slots[$0 + 1]))]"
                }
                return "[\(pairs.joined(separator: ", "))]"
            }
            let searcher = RegexSearcher(program, automataAfter: bytes)
            let all = 0..<text.count
            let search = spans(searcher.run(text, all, .search, charge: free))
            let match = spans(searcher.run(text, all, .match, charge: free))
            let full = spans(searcher.run(text, all, .fullMatch, charge: free))
            var matches = RegexMatches(searcher, all)
            var found: [String] = []
            while let slots = matches.next(in: text, charge: free) {
                found.append("[\(index(slots[0])), \(index(slots[1]))]")
            }
            return "{\"search\": \(search), \"match\": \(match), \"full\": \(full), "
                + "\"all\": [\(found.joined(separator: ", "))]}"
        }
    }

    private func substitute(_ pattern: String, _ template: String, _ subject: String, _ count: Int) throws -> String {
        let program = try program(pattern)
        do throws(RegexError) {
            let template = try template.withView { text throws(RegexError) in try RegexTemplate(text, for: program) }
            return subject.withView { text in
                var result: [UInt8] = []
                var matches = RegexMatches(RegexSearcher(program), 0..<text.count)
                var end = 0
                var left = count == 0 ? Int.max : count
                while left > 0, let slots = matches.next(in: text, charge: free) {
                    result.append(text[end..<slots[0]])
                    template.write(slots, of: text, into: &result)
                    end = slots[1]
                    left -= 1
                }
                result.append(text.from(end))
                return String(decoding: result, as: UTF8.self)
            }
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("(?=a)", "lookahead"), ("(?!a)", "negative lookahead"), ("(?<=a)b", "lookbehind"),
        ("(?<!a)b", "negative lookbehind"),
        ("(a)\\1", "a backreference (\\1)"), ("(?P<n>a)(?P=n)", "a backreference (?P=name)"),
        ("(?>a)", "an atomic group"),
        ("(a)(?(1)b|c)", "a conditional group"), ("a++", "possessive quantifiers"),
    ])
    func whatIsNotLinearIsRefusedByName(pattern: String, name: String) throws {
        let error = try #require(throws: RegexError.self) { try program(pattern) }
        #expect(error.message.hasPrefix(name), "\(error.message)")
        #expect(error.message.contains("not supported"))
    }

    @Test(arguments: [
        "(a{100}){100}{100}", "((a{1000}){1000}){1000}", "(((){1000}){1000}){1000}", "a{4294967294}", "(?:a{999}){999}",
        String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000),
    ])
    func programsAreBounded(pattern: String) {
        #expect(throws: RegexError.self) { try program(pattern) }
    }

    @Test func manyGroupsAreBounded() {
        let pattern = String(repeating: "(a)", count: 4000)
        #expect(throws: RegexError.self) { try program(pattern) }
    }

    @Test(arguments: [
        "(a*)*b", "(a+)+b", "(a+)+$|c", "(a|a)*b", "(.*)(.*)(.*)(.*)(.*)[^a]", "a?a?a?a?a?a?a?a?a?a?aaaaaaaaaab",
    ])
    func stepsGrowWithTheSizesAlone(pattern: String) throws {
        let program = try program(pattern)
        for size in [500, 2000] {
            var steps = 0
            let text = [UInt8](repeating: 97, count: size) + [97]
            text.withView { text in
                var machine = RegexMachine(program)
                _ = machine.run(text, 0..<text.count, .search) { steps += $0 }
            }
            #expect(steps >= size / 16)
            #expect(steps <= 4 * size * program.instructions.count, "\(steps)")
            var stepsOfAutomata = 0
            text.withView { text in
                let searcher = RegexSearcher(program, automataAfter: 0)
                _ = searcher.run(text, 0..<text.count, .search) { stepsOfAutomata += $0 }
            }
            #expect(stepsOfAutomata <= steps + size, "\(stepsOfAutomata)")
        }
    }

    private struct Stop: Error {}

    @Test func aLimitStopsASearch() throws {
        let program = try program("(a|b|ab)*c")
        let text = [UInt8](repeating: 97, count: 10_000)
        #expect(throws: Stop.self) {
            try text.withView { text throws(Stop) in
                var steps = 0
                var machine = RegexMachine(program)
                _ = try machine.run(text, 0..<text.count, .search) { (count) throws(Stop) in
                    steps += count
                    if steps > 5000 { throw Stop() }
                }
            }
        }
    }
}
