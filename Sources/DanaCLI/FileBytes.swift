import Glibc

/// Files and standard input, read whole under a limit.
enum FileBytes {
    /// What a program's text may be at most.
    static let sourceLimit = 4 << 20

    /// Reads an open file to its end and closes it; nothing when it is no plain file or pipe.
    static func read(_ file: Int32, name: String, limit: Int) throws(CommandError) -> [UInt8]? {
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandError(message: "\(name): \(String(cString: strerror(errno)))", status: .broken)
            }
            guard bytes.count + count <= limit else {
                throw CommandError(message: "\(name) is larger than \(limit) bytes", status: .broken)
            }
            bytes += buffer[..<count]
        }
    }

    /// A file that the command line names; `-` is standard input.
    static func named(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
        let file = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandError(message: "\(path): \(String(cString: strerror(errno)))", status: .broken)
        }
        guard let bytes = try read(file, name: path, limit: limit) else {
            throw CommandError(message: "\(path) is a folder", status: .broken)
        }
        return bytes
    }

    /// Puts new bytes in a file's place in one step, with the mode that it had.
    static func replace(_ path: String, with text: String) throws(CommandError) {
        func failed() -> CommandError {
            CommandError(message: "\(path): \(String(cString: strerror(errno)))", status: .broken)
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failed() }
        let beside = "\(path).\(getpid()).dana"
        let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o777)
        guard file >= 0 else { throw failed() }
        var written = 0
        let bytes = Array(text.utf8)
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        guard written == bytes.count, close(file) == 0, rename(beside, path) == 0 else {
            let error = failed()
            unlink(beside)
            throw error
        }
    }
}
