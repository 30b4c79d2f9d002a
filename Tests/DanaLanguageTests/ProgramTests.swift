import Foundation
import TestPrograms
import Testing

/// Every program of `Tests/Programs` prints and ends as its comments say.
@Suite struct ProgramTests {
    @Test(arguments: TestProgram.files(in: "Python") + TestProgram.files(in: "Dana"))
    func programsDoWhatTheirCommentsSay(file: URL) throws {
        for program in try TestProgram.all(in: file) {
            let outcome = ProgramOutcome(of: program)
            #expect(outcome.output == program.output, "\(program)")
            expect(outcome.errors, program.findings("error"), of: program)
            let warnings = program.findings("warning")
            if !warnings.isEmpty { expect(outcome.warnings, warnings, of: program) }
        }
    }

    private func expect(_ found: [TestProgram.Finding], _ wanted: [TestProgram.Finding], of program: TestProgram) {
        let agree = found.count == wanted.count && zip(wanted, found).allSatisfy { $0.covers($1) }
        #expect(agree, "\(program): expected \(wanted), found \(found)")
    }

    /// Each file says of some program what it does.
    @Test(arguments: ["Python", "Dana"])
    func filesSayWhatTheirProgramsDo(folder: String) throws {
        let files = TestProgram.files(in: folder)
        #expect(!files.isEmpty)
        let silent = try files.filter { file in
            try TestProgram.all(in: file).allSatisfy {
                $0.output.isEmpty && $0.findings("error").isEmpty && $0.findings("warning").isEmpty
            }
        }
        #expect(silent.map(\.lastPathComponent) == [])
    }
}
