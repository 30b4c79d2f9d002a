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

    @Test func thereAreProgramsToRun() {
        #expect(TestProgram.files(in: "Python").count > 30)
        #expect(TestProgram.files(in: "Dana").count > 25)
    }
}
