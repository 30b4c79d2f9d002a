import Foundation
import TestPrograms
import Testing

@testable import DanaCLI

/// Programs with modules of their own, run by the command line as a process.
@Suite struct ModuleProgramTests {
    private static let folders = TestProgram.files(in: "Modules").filter { $0.lastPathComponent == "main.na" }

    @Test(arguments: folders)
    func programsWithModulesDoWhatTheirCommentsSay(file: URL) throws {
        let program = try #require(try TestProgram.all(in: file).first)
        let run = try ToolProcess(["run", "main.na"], in: file.deletingLastPathComponent())
        #expect(run.output.split(separator: "\n").map(String.init) == program.output)
        let errors = program.findings("error")
        #expect(run.status == (errors.isEmpty ? 0 : 1))
        for error in errors {
            let place = "main.na:\(error.line):\(error.column.map(String.init) ?? "")"
            #expect(run.complaint.contains(place), "\(run.complaint)")
            let text = error.text.hasSuffix("…") ? String(error.text.dropLast()) : error.text
            #expect(run.complaint.contains(text), "\(run.complaint)")
        }
    }
}
