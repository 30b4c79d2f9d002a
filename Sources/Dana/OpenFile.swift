import Glibc

/// An open file, read whole under a limit, or written whole.
public enum OpenFile {
    /// A file by its path.
    public static func named(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileFailure(path, errno) }
        guard let bytes = try read(file, name: path, limit: limit) else {
            throw FileFailure(message: "\(path) is a folder")
        }
        return bytes
    }

    /// Reads an open file to its end and closes it; nothing when it is no plain file or pipe.
    public static func read(_ file: Int32, name: String, limit: Int) throws(FileFailure) -> [UInt8]? {
        try content(of: file, name: name, limit: limit)?.bytes
    }

    /// `read` that also tells what the file was known by before it was read.
    static func content(
        of file: Int32, name: String, limit: Int
    ) throws(FileFailure) -> (bytes: [UInt8], mark: FileMark)? {
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { return nil }
        return (try bytes(of: file, status, name: name, limit: limit), FileMark(status))
    }

    private static func bytes(
        of file: Int32, _ status: stat, name: String, limit: Int
    ) throws(FileFailure) -> [UInt8] {
        // A plain file is mostly as long as the system says: it is read in one go, with room to see its end.
        let expected = status.st_mode & S_IFMT == S_IFREG ? min(max(Int(status.st_size), 0), limit) : 0
        var room = expected > 0 ? expected + 1 : chunk
        var bytes: [UInt8] = []
        while true {
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                count = Glibc.read(file, buffer.baseAddress, room)
                initialized = max(count, 0)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure(name, errno)
            }
            guard bytes.count + count <= limit else {
                throw FileFailure(message: "\(name) is larger than \(limit) bytes")
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            if count == 0 || (bytes.count == expected && count < room) { return bytes }
            room = chunk
        }
    }

    private static let chunk = 1 << 16

    /// Writes all of the bytes; false, with `errno` set, where the file takes no more.
    public static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
