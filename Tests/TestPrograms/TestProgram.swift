import DanaLanguage
import Foundation

/// A program of `Tests/Programs` and what its comments say that it must do.
public struct TestProgram: CustomStringConvertible, Sendable {
    /// An error or a warning: where, and its text, of which the end may be left open.
    public struct Finding: Equatable, CustomStringConvertible, Sendable {
        public let line: Int
        public let column: Int?
        public let text: String

        public init(line: Int, column: Int?, text: String) {
            self.line = line
            self.column = column
            self.text = text
        }

        /// Whether what was found is what was expected; both name a line, one may leave column and end open.
        public func covers(_ found: Finding) -> Bool {
            guard line == found.line, column == nil || column == found.column else { return false }
            return text.hasSuffix("…") ? found.text.hasPrefix(text.dropLast()) : found.text == text
        }

        public var description: String { "\(line):\(column.map(String.init) ?? "?"): \(text)" }
    }

    /// The file, and the line in it before the program's first.
    public let file: URL
    public let firstLine: Int
    public let text: String

    public init(file: URL, firstLine: Int, text: String) {
        self.file = file
        self.firstLine = firstLine
        self.text = text
    }

    public var description: String {
        "\(file.deletingLastPathComponent().lastPathComponent)/\(file.lastPathComponent):\(firstLine + 1)"
    }

    /// The folder of all programs.
    public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Programs")

    /// The files of a folder of programs, in order.
    public static func files(in name: String) -> [URL] {
        let found = FileManager.default.enumerator(at: folder.appending(path: name), includingPropertiesForKeys: nil)
        return (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "na" }.sorted { $0.path < $1.path }
    }

    /// The programs of a file, which are parted by lines of `---`.
    public static func all(in file: URL) throws -> [TestProgram] {
        var programs: [TestProgram] = []
        var firstLine = 0
        var lines: [Substring] = []
        let text = try String(contentsOf: file, encoding: .utf8)
        func take() {
            programs.append(TestProgram(file: file, firstLine: firstLine, text: lines.joined(separator: "\n") + "\n"))
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line == "---" else {
                lines.append(line)
                continue
            }
            take()
            firstLine += lines.count + 1
            lines = []
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        take()
        return programs
    }

    private var numberedLines: [(number: Int, line: Substring)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// The lines that the program must print.
    public var output: [String] {
        numberedLines.compactMap { $0.line.firstMatch(of: /(?:^|  )# prints: ?(.*)$/).map { String($0.1) } }
    }

    /// The errors it must end with, and the warnings the checker must have.
    public func findings(_ word: String) -> [Finding] {
        numberedLines.compactMap { number, line in
            guard let found = line.firstMatch(of: #/  # (error|warning)(?: (\d+))?: (.*)$/#), found.1 == word else {
                return nil
            }
            return Finding(line: number, column: found.2.flatMap { Int($0) }, text: String(found.3))
        }
    }

    /// A line that sets a limit there is none of.
    public struct UnknownLimit: Error, Equatable, CustomStringConvertible {
        public let program: String
        public let name: String

        public var description: String {
            "\(program): there is no limit called \(name); there are ticks, memory, depth, source, hostCalls, output and seconds"
        }
    }

    /// Seconds a program may run: ten, unless `DANA_TEST_SECONDS` says otherwise, as it must where a sanitizer slows
    /// programs down.
    public static let seconds = ProcessInfo.processInfo.environment["DANA_TEST_SECONDS"].flatMap(UInt64.init) ?? 10

    /// The limits it sets for itself.
    public func limits() throws(UnknownLimit) -> Limits {
        var limits = Limits()
        limits.executionTime = TestProgram.seconds * 1_000_000_000
        for (_, line) in numberedLines {
            guard let found = line.firstMatch(of: /^# limit: (\w+) (\d+)$/), let value = Int(found.2) else { continue }
            switch found.1 {
            case "ticks": limits.ticks = value
            case "memory": limits.memory = value
            case "depth": limits.depth = value
            case "source": limits.sourceSize = value
            case "hostCalls": limits.hostCalls = value
            case "output": limits.output = value
            case "seconds": limits.executionTime = UInt64(value) * 1_000_000_000
            default: throw UnknownLimit(program: description, name: String(found.1))
            }
        }
        return limits
    }
}
