import Foundation
import TestPrograms
import Testing

/// The comments that say what a program must do.
@Suite struct TestProgramTests {
    private static func program(_ text: String) -> TestProgram {
        TestProgram(file: URL(filePath: "/Programs/x.na"), firstLine: 0, text: text)
    }

    @Test func theLinesPrintedStandInTheirOrder() {
        let program = Self.program("print(1)  # prints: 1\nf()\n# prints:  a\n# prints:\n# prints: # b\n")
        #expect(program.output == ["1", " a", "", "# b"])
    }

    @Test func errorsHaveLineColumnAndText() {
        let program = Self.program("x\n  y  # error 3: TypeError: no: 5\nz  # error: limit\nw  # warning 2: w\n")
        #expect(program.findings("error").map(\.description) == ["2:3: TypeError: no: 5", "3:?: limit"])
        #expect(program.findings("warning").map(\.description) == ["4:2: w"])
    }

    @Test func anOpenEndCoversWhatBeginsSo() {
        let open = TestProgram.Finding(line: 1, column: nil, text: "TypeError: a…")
        #expect(open.covers(TestProgram.Finding(line: 1, column: 7, text: "TypeError: abc")))
        #expect(!open.covers(TestProgram.Finding(line: 2, column: 7, text: "TypeError: abc")))
        #expect(!open.covers(TestProgram.Finding(line: 1, column: 7, text: "TypeError: b")))
        let exact = TestProgram.Finding(line: 1, column: 7, text: "TypeError: a")
        #expect(!exact.covers(TestProgram.Finding(line: 1, column: 7, text: "TypeError: ab")))
        #expect(!exact.covers(TestProgram.Finding(line: 1, column: 6, text: "TypeError: a")))
    }

    @Test func aFileHoldsSeveralPrograms() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "programs-\(UUID().uuidString).na")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("a = 1\n---\n# limit: ticks 5\nb = 2\n\n---\n".utf8).write(to: file)
        let programs = try TestProgram.all(in: file)
        #expect(programs.map(\.text) == ["a = 1\n", "# limit: ticks 5\nb = 2\n\n", "\n"])
        #expect(programs.map(\.firstLine) == [0, 2, 6])
        #expect(try programs[1].limits().ticks == 5)
    }

    @Test func aLimitThatIsNoneIsAnErrorOfItsProgram() {
        let program = Self.program("# limit: patience 5\n")
        let error = #expect(throws: TestProgram.UnknownLimit.self) { try program.limits() }
        #expect(error?.name == "patience")
    }

    @Test func aProgramHasTenSecondsUnlessTheEnvironmentSaysOtherwise() throws {
        let said = ProcessInfo.processInfo.environment["DANA_TEST_SECONDS"].flatMap(UInt64.init)
        #expect(try Self.program("").limits().executionTime == (said ?? 10) * 1_000_000_000)
        #expect(try Self.program("# limit: seconds 3\n").limits().executionTime == 3_000_000_000)
    }
}
