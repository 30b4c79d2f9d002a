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
        do throws(FileFailure) {
            try FileReplacement.write(Array(text.utf8), to: path)
        } catch {
            throw CommandError(message: error.message, status: .broken)
        }
    }
}
