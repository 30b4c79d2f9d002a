import DanaData
import Testing

@testable import DanaCLI

/// How command lines are read, and what is said of those that make no sense.
@Suite struct ArgumentsTests {
    @Test func optionsAndTheRestAreToldApart() throws {
        let arguments = try Arguments(["a", "-k", "word", "b"], for: .test)
        #expect(arguments.rest == ["a", "b"])
        #expect(arguments.value("-k") == "word")
        #expect(try Arguments(["--path=one", "--path", "two", "x.na"], for: .run).values["--path"] == ["one", "two"])
    }

    @Test func whatFollowsTheProgramIsTheProgramsOwn() throws {
        let arguments = try Arguments(
            ["--path", "p", "main.na", "--path", "-x", "--help"], for: .run, stopsAtFile: true)
        #expect(arguments.rest == ["main.na", "--path", "-x", "--help"])
        #expect(!arguments.wantsHelp)
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try Arguments(["--", "--json"], for: .check).rest == ["--json"])
        #expect(try Arguments(["-"], for: .fmt).rest == ["-"])
    }

    @Test(
        arguments: [
            (["--jsn"], Command.check, "dana check has no option --jsn", "did you mean --json?"),
            (["-k"], .test, "-k needs a value", "usage: dana test [-k WORD] [--strict] [FILE or FOLDER ...]"),
            (["--json=yes"], .check, "--json takes no value", nil),
            (["--zzzzzzzz"], .fmt, "dana fmt has no option --zzzzzzzz", "dana fmt --help lists its options"),
        ] as [([String], Command, String, String?)])
    func nonsenseIsAnsweredWithWhatToDo(line: [String], command: Command, message: String, hint: String?) {
        #expect(throws: CommandError(message: message, hint: hint)) { try Arguments(line, for: command) }
    }

    @Test(
        arguments: [
            ("100", 100, 100_000_000_000), ("1.5 GiB", 1_610_612_736, nil), ("2kb", 2000, nil),
            ("1e15", 1_000_000_000_000_000, nil),
            ("30s", nil, 30_000_000_000), ("500ms", nil, 500_000_000), ("2m", nil, 120_000_000_000),
            ("2 MIN", nil, 120_000_000_000), ("1e9", 1_000_000_000, 1_000_000_000_000_000_000),
        ] as [(String, Int?, UInt64?)])
    func sizesAndTimesAreReadAsPeopleWriteThem(text: String, bytes: Int?, nanoseconds: UInt64?) throws {
        let arguments = try Arguments(["--timeout", text, "--memory", text], for: .run)
        if let bytes { #expect(try arguments.size("--memory") == bytes) }
        if let nanoseconds { #expect(try arguments.time("--timeout") == nanoseconds) }
    }

    @Test(arguments: ["0", "-1", "abc", "inf", "nan", "", "1e20", "0x10", "MB", "s"])
    func anotherSizeOrTimeIsRefusedWithTheRange(text: String) throws {
        let arguments = try Arguments(["--timeout", text, "--memory", text], for: .run)
        #expect(
            throws: CommandError(message: "--memory needs a size up to 10^15 bytes, such as 100MB, not '\(text)'")
        ) { try arguments.size("--memory") }
        #expect(
            throws: CommandError(message: "--timeout needs a time up to 10^9 seconds, such as 30s, not '\(text)'")
        ) { try arguments.time("--timeout") }
    }

    @Test(
        arguments: [
            ("chekc", "check"), ("rn", "run"), ("tests", "test"), ("dissasm", "disasm"), ("frobnicate", nil),
        ] as [(String, String?)])
    func aMisspeltWordFindsTheOneMeant(word: String, meant: String?) {
        #expect(Spelling.nearest(to: word, among: Command.allCases.map(\.rawValue)) == meant)
    }
}
