import Foundation

/// The command `dana` run as a process: what it wrote, and how it ended.
struct ToolProcess {
    let output: String
    let complaint: String
    let status: Int32

    init(_ arguments: [String], in folder: URL, input: String = "") throws {
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1", "HOME": folder.path]
        let (out, error, inward) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        process.standardInput = inward
        try process.run()
        inward.fileHandleForWriting.write(Data(input.utf8))
        try inward.fileHandleForWriting.close()
        output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        complaint = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// The tests' own program lies beside the executable.
    private static let executable: URL = {
        let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return tests.appending(path: "dana")
    }()
}
