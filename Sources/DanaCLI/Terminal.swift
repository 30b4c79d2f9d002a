import Dana
import Glibc

/// The streams of the process: what it prints and complains, in colour where a person reads it.
struct Terminal {
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "1;31"
        case green = "32"
        case yellow = "1;33"
        case blue = "34"
    }

    /// One of the two streams that a program writes to.
    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    /// The streams that show colours: those that are a terminal's, unless `NO_COLOR` is set.
    let coloured: Set<Int32>

    init(environment name: (String) -> String? = Terminal.variable) {
        let wanted = (name("NO_COLOR") ?? "").isEmpty && name("TERM") != "dumb"
        coloured = wanted ? Set([Stream.output, .error].map(\.rawValue).filter { isatty($0) == 1 }) : []
    }

    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    func styled(_ text: some StringProtocol, _ style: Style, on stream: Stream) -> String {
        coloured.contains(stream.rawValue) ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : String(text)
    }

    func write(_ text: String, to stream: Stream = .output) {
        Terminal.write(Array(text.utf8), to: stream)
    }

    /// Writes all of the bytes. A reader that has gone away ends the process, as it ends other tools.
    static func write(_ bytes: [UInt8], to stream: Stream) {
        if !OpenFile.write(bytes, to: stream.rawValue) { exit(ExitStatus.broken.rawValue) }
    }
}
