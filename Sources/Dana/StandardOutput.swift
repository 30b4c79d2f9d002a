/// The process's standard output and its standard error, written whole.
enum StandardOutput {
    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    /// A reader that has gone away is nothing that a program could do anything about.
    static func write(_ bytes: [UInt8], to stream: Stream = .output) {
        _ = OpenFile.write(bytes, to: stream.rawValue)
    }
}
