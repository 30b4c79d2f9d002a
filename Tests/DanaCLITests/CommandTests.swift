import Foundation
import Testing

@testable import DanaCLI

/// The commands of `dana` as a person uses them.
@Suite struct CommandTests {
    /// A folder with files that removes itself.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "dana-commands-\(UUID().uuidString)")

        init(_ files: [String: String]) throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func dana(_ arguments: String..., input: String = "") throws -> ToolProcess {
            try ToolProcess(arguments, in: url, input: input)
        }
    }

    @Test func aProgramRuns() throws {
        let folder = try Folder(["main.na": "print(\"hello\")\n"])
        let run = try folder.dana("run", "main.na")
        #expect(run.output == "hello\n")
        #expect(run.complaint == "")
        #expect(run.status == 0)
        #expect(try folder.dana("run", "-", input: "print(6 * 7)\n").output == "42\n")
    }

    @Test func anErrorShowsTheCallsAndTheLine() throws {
        let folder = try Folder(["main.na": "func f(x): return 1 // x\nf(0)\n"])
        let run = try folder.dana("run", "main.na")
        #expect(run.status == 1)
        #expect(
            run.complaint == """
                  main.na:2:1: in <module>: f(0)
                main.na:1:19: in f
                1 | func f(x): return 1 // x
                  |                   ^^^^^^
                ZeroDivisionError: integer division or modulo by zero

                """)
    }

    @Test(
        arguments: [
            ("lenn([1])", "did you mean 'len'?"), ("total = 1\nprint(totl)", "did you mean 'total'?"),
            ("func f(value): return valu\nf(1)", "did you mean 'value'?"),
            ("private:count = 1\nprint(count)", "did you mean 'private:count'?"),
            ("public:count = 1\nprint(public:cuont)", "did you mean 'public:count'?"), ("zzzzzzzz", nil),
            ("x = NULL", "did you mean 'null'?"), ("x = TRUE", "did you mean 'true'?"),
            ("'a'.uper()", "did you mean 'upper'?"), ("import math\nmath.squrt(2)", "did you mean 'sqrt'?"),
            ("struct S:\n    name: str\nS('a').nmae", "did you mean 'name'?"),
            ("ValueError('a').arsg", "did you mean 'args'?"),
            ("enum E:\n    RED\n    GREEN\nE.GREN", "did you mean 'GREEN'?"),
            ("from math import squrt", "did you mean 'sqrt'?"),
        ] as [(String, String?)])
    func anUnknownNameFindsTheOneMeant(text: String, hint: String?) throws {
        let run = try Folder(["main.na": text + "\n"]).dana("run", "main.na")
        let lines = run.complaint.split(separator: "\n")
        if let hint {
            #expect(lines.last == "hint: \(hint)")
        } else {
            #expect(lines.last == "NameError: name 'zzzzzzzz' is not defined")
        }
    }

    @Test func aCheckTellsAllErrors() throws {
        let folder = try Folder(["bad.na": "x = (1\n", "good.na": "x = 1\nprint(x)\n"])
        let check = try folder.dana("check", "bad.na", "good.na")
        #expect(check.status == 1)
        #expect(
            check.complaint == """
                bad.na:1:5: error: '(' was never closed
                1 | x = (1
                  |     ^
                bad.na:2:1: note: the line ends here
                2 |\u{20}
                  | ^

                1 error in 1 file

                """)
        #expect(try folder.dana("check", "good.na").status == 0)
        let lines = try folder.dana("check", "--json", "bad.na").output
        #expect(lines.hasPrefix(#"{"file": "bad.na", "line": 1, "column": 5, "#))
    }

    @Test func aCheckKnowsTheNamesThatProgramsFind() throws {
        let text = "log(lenn([1]))\nfunc f(x: Optional[int], y: Any): return x\nprint(f(1, 2))\n"
        let check = try Folder(["names.na": text]).dana("check", "names.na")
        #expect(check.status == 0)
        #expect(
            check.complaint == """
                names.na:1:5: warning: name 'lenn' is not defined
                1 | log(lenn([1]))
                  |     ^^^^
                hint: did you mean 'len'?

                1 warning in 1 file

                """)
    }

    @Test func aCheckGoesOnBehindSyntaxErrors() throws {
        let check = try Folder(["bad.na": "x = = 1\nreturn x\nprint(unknown)\n"]).dana("check", "bad.na")
        #expect(check.complaint.contains("bad.na:2:1: error: 'return' outside function"), "\(check.complaint)")
        #expect(!check.complaint.contains("unknown"), "\(check.complaint)")
        #expect(check.complaint.hasSuffix("2 errors in 1 file\n"))
    }

    @Test func aStrictRunChecksAnnotations() throws {
        let folder = try Folder(["main.na": "func f(x: int): return x\nprint(f(\"a\"))\n"])
        #expect(try folder.dana("run", "main.na").output == "a\n")
        let run = try folder.dana("run", "--strict", "main.na")
        #expect(run.status == 1)
        #expect(run.complaint.contains("TypeError: f() expects int at argument 'x', got str"), "\(run.complaint)")
    }

    @Test func messagesGoBesideTheOutput() throws {
        let folder = try Folder(["main.na": "log(\"one\")\nlog([2], level=\"warning\")\nlog(\"x\", \"huge\")\n"])
        let run = try folder.dana("run", "main.na")
        #expect(run.output == "")
        #expect(run.complaint.hasPrefix("info: one\nwarning: [2]\n"), "\(run.complaint)")
        let fault = "ValueError: log() knows the levels debug, info, warning, error, not 'huge'\n"
        #expect(run.complaint.hasSuffix(fault), "\(run.complaint)")
    }

    @Test func aTimeoutEndsAProgramThatSleeps() throws {
        let text = "import time\ntry: time.sleep(1000)\nfinally: print(\"cleaned up\")\n"
        let run = try Folder(["main.na": text]).dana("run", "--timeout", "0.05", "main.na")
        #expect(run.status == 1)
        #expect(run.output == "cleaned up\n")
        #expect(
            run.complaint.contains("the run was cancelled: it ran longer than --timeout allows"), "\(run.complaint)")
    }

    @Test(arguments: [["--timeout", "1e11"], ["--memory", "1e20"], ["--memory", "lots"]])
    func aLimitThatMakesNoSenseIsRefused(option: [String]) throws {
        let folder = try Folder(["main.na": "print(1)\n"])
        let run = try folder.dana("run", option[0], option[1], "main.na")
        #expect(run.status == 2)
        #expect(run.complaint.hasPrefix("error: \(option[0]) needs a "), "\(run.complaint)")
        #expect(try folder.dana("run", option[0], option[0] == "--memory" ? "100MB" : "1e9", "main.na").status == 0)
    }

    @Test(arguments: ["1e300", "-1.0", "float('nan')"])
    func noSleepIsTooLong(seconds: String) throws {
        let run = try Folder(["main.na": "import time\ntime._sleep(\(seconds))\n"]).dana("run", "main.na")
        #expect(run.status == 1)
    }

    @Test func textIsLaidOut() throws {
        let folder = try Folder(["a.na": "x=1\n"])
        #expect(try folder.dana("fmt", "--check", "a.na").status == 1)
        #expect(try folder.dana("fmt", "--diff", "a.na").output.contains("-x=1\n+x = 1\n"))
        #expect(try folder.dana("fmt", "a.na").status == 0)
        #expect(try String(contentsOf: folder.url.appending(path: "a.na"), encoding: .utf8) == "x = 1\n")
        #expect(try folder.dana("fmt", "--check", "a.na").status == 0)
        #expect(try folder.dana("fmt", "-", input: "y=2\n").output == "y = 2\n")
    }

    @Test func failedAssertionsShowTheirValues() throws {
        let text = "func test_good(): assert 1 + 1 == 2\nfunc test_bad():\n    x = 3\n    assert x == 4\n"
        let folder = try Folder(["cases.na": text])
        let run = try folder.dana("test")
        #expect(run.status == 1)
        #expect(run.output.hasSuffix("1 passed, 1 failed\n"))
        #expect(run.complaint.contains("AssertionError: 3 == 4"), "\(run.complaint)")
        #expect(try folder.dana("test", "-k", "good").output.hasSuffix("1 passed\n"))
    }

    @Test func testsOfFilesThatMakeNoSenseFail() throws {
        let folder = try Folder(["broken.na": "x = (\ndef test_a(): assert true\ndef test_b(): assert true\n"])
        try Data([0xFF, 0xFE]).write(to: folder.url.appending(path: "bytes.na"))
        let run = try folder.dana("test")
        #expect(run.status == 1)
        #expect(run.output.hasSuffix("2 failed\n"))
        #expect(run.complaint.contains("broken.na:1:5: error: '(' was never closed"), "\(run.complaint)")
        #expect(run.complaint.contains("bytes.na:1:1: error: the text is not UTF-8"), "\(run.complaint)")
        #expect(run.complaint.split(separator: "\n").count { $0 == "1 error in 1 file" } == 2, "\(run.complaint)")
    }

    @Test func aTestThatGivesAGeneratorFails() throws {
        let folder = try Folder(["cases.na": "def test_never():\n    yield 1\n    assert false\n"])
        let run = try folder.dana("test")
        #expect(run.status == 1)
        #expect(run.complaint.contains("TypeError: test_never() holds 'yield'"), "\(run.complaint)")
    }

    @Test func aProgramReadsItsArguments() throws {
        let folder = try Folder(["main.na": "print(system:args)\n"])
        #expect(try folder.dana("run", "main.na", "a", "--b", "c").output == "['a', '--b', 'c']\n")
        #expect(try folder.dana("run", "main.na").output == "[]\n")
    }

    @Test func aModulesErrorsAreShownWhereTheyAre() throws {
        let folder = try Folder(["main.na": "import syn\n", "syn.na": "x = = 1\ny = (\n"])
        let run = try folder.dana("run", "main.na")
        #expect(run.status == 1)
        #expect(
            run.complaint.contains("syn.na:1:5: error: invalid syntax\n1 | x = = 1\n  |     ^\n"), "\(run.complaint)")
        #expect(run.complaint.contains("syn.na:2:5: error: '(' was never closed"), "\(run.complaint)")
        #expect(run.complaint.hasSuffix("SyntaxError: module 'syn': invalid syntax (syn.na:1)\n"), "\(run.complaint)")
        #expect(run.complaint.contains("main.na:1:8: in <module>"), "\(run.complaint)")
    }

    @Test func anErrorShowsWhatLedToIt() throws {
        let text = """
            try: raise ValueError("first")
            except ValueError as e:
                e.add_note("its note")
                try: raise KeyError("second") from e
                except KeyError: raise TypeError("third")

            """
        let run = try Folder(["main.na": text]).dana("run", "main.na")
        let lines = run.complaint.split(separator: "\n").map(String.init).filter {
            !$0.contains("|") && !$0.contains("main.na")
        }
        #expect(
            lines == [
                "ValueError: first", "its note",
                "The above exception was the direct cause of the following exception:", "KeyError: 'second'",
                "During handling of the above exception, another exception occurred:", "TypeError: third",
            ])
    }

    @Test func typedLinesAreShownAsTheyWereTyped() throws {
        let lines = "func f():\n    return 1 // 0\n\n5\nnull\n_\nf()\n"
        let repl = try Folder([:]).dana("repl", input: lines)
        #expect(repl.output == "5\n5\n")
        #expect(
            repl.complaint == """
                  <input 5>:1:1: in <module>: f()
                <input 1>:2:12: in f
                2 |     return 1 // 0
                  |            ^^^^^^
                ZeroDivisionError: integer division or modulo by zero

                """)
    }

    @Test func linesTypedShowTheirValues() throws {
        let folder = try Folder([:])
        let lines = "x = 20\nx + 1\nif x:\n    y = x * 2\n\ny\n1 // 0\nprint(y)\nnull\n"
        let repl = try folder.dana("repl", input: lines)
        #expect(repl.output == "21\n40\n40\n")
        #expect(repl.complaint.contains("ZeroDivisionError"))
        #expect(repl.status == 0)
    }

    @Test func aPromptLeavesTheProgramsNamesAlone() throws {
        let lines = "_value = 7\n5\n_value\nprint = 3\nrepr = 4\n\"é\"\n_\n"
        let repl = try Folder([:]).dana("repl", input: lines)
        #expect(repl.output == "5\n7\n'é'\n'é'\n")
        #expect(repl.complaint == "")
    }

    @Test func everyStatementOfALineShowsItsValue() throws {
        let repl = try Folder([:]).dana("repl", input: "x = 5\nx;\nx; x + 1\n\"é\"; y = 1; 1 // 0\nx; )\n")
        #expect(repl.output == "5\n5\n6\n'é'\n")
        #expect(repl.complaint.contains("1 | \"é\"; y = 1; 1 // 0\n  |             ^^^^^^\n"), "\(repl.complaint)")
        #expect(repl.complaint.contains("<input 5>:1:4: error: unmatched ')'\n1 | x; )\n"), "\(repl.complaint)")
    }

    @Test func findingsAtAPromptShowWhatWasTyped() throws {
        let repl = try Folder([:]).dana("repl", input: "x := 5\n$$\n  x\n")
        #expect(repl.complaint.contains("<input 2>:1:1: error: '$$' is"), "\(repl.complaint)")
        #expect(repl.complaint.contains("1 | $$\n  | ^^\n"), "\(repl.complaint)")
        #expect(!repl.complaint.contains("in 1 file") && !repl.complaint.contains("errors in"), "\(repl.complaint)")
    }

    @Test(arguments: [
        (["chekc"], "did you mean dana check?"), (["main.na"], "dana run main.na runs the program"),
        (["run"], "no program to run"), (["run", "nothing.na"], "nothing.na: No such file or directory"),
        (["fmt", "--chek", "a"], "did you mean --check?"),
    ])
    func nonsenseIsAnswered(arguments: [String], complaint: String) throws {
        let run = try ToolProcess(arguments, in: FileManager.default.temporaryDirectory)
        #expect(run.status > 0)
        #expect(run.complaint.contains(complaint), "\(run.complaint)")
    }

    @Test func helpAndVersionAreTold() throws {
        let folder = try Folder([:])
        #expect(try folder.dana("--version").output.hasPrefix("dana "))
        for command in Command.allCases {
            let help = try folder.dana(command.rawValue, "--help")
            #expect(help.status == 0)
            #expect(help.output.contains(command.usage))
        }
    }
}
