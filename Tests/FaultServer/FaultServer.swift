import Foundation

/// The misbehaving server of `fault_server.py` as a child of the tests; it ends with them.
public final class FaultServer: Sendable {
    /// Why the server did not start.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private struct Ready: Decodable {
        let port: Int
        let tls: Int
        let socket: String
        let certificate: String
    }

    /// The one server of a test run.
    public static let shared = Result { try FaultServer() }

    private let ready: Ready
    /// The server ends when this does.
    private let input: FileHandle

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "faults-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = Self.folder.appending(path: "fault_server.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", script.path, folder.path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != 0x0a {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(description: "the fault server ended before it was ready") }
            line += more
        }
        ready = try JSONDecoder().decode(Ready.self, from: line)
        self.input = input.fileHandleForWriting
    }

    /// A program that stands for the embedded model's engine.
    public static let fakeEngine = folder.appending(path: "fake_engine.py").path
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    public func url(_ path: String) -> String { "http://127.0.0.1:\(ready.port)\(path)" }
    public func tlsURL(_ path: String) -> String { "https://localhost:\(ready.tls)\(path)" }
    public var socketPath: String { ready.socket }
    public var certificateFile: String { ready.certificate }
}
