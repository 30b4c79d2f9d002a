import Dana
import Glibc

/// Files and standard input, read whole under a limit.
enum FileBytes {
    /// What a program's text may be at most.
    static let sourceLimit = 4 << 20

    /// A file that the command line names; `-` is standard input.
    static func named(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
        let file = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandError(message: "\(path): \(String(cString: strerror(errno)))", status: .broken)
        }
        do {
            if let bytes = try OpenFile.read(file, name: path, limit: limit) { return bytes }
        } catch {
            throw CommandError(message: error.message, status: .broken)
        }
        throw CommandError(message: "\(path) is a folder", status: .broken)
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
