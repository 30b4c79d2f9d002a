import Glibc

/// The process's standard output and its standard error, written whole.
enum StandardOutput {
    enum Stream: Int32 {
        case output = 1
        case error = 2
    }

    static func write(_ bytes: [UInt8], to stream: Stream = .output) {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(stream.rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                done += count
            }
        }
    }
}
