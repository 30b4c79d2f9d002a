import Glibc
import Synchronization

/// Puts a file in its place in one step: whoever reads it sees all of the old bytes or all of the new ones.
public enum FileReplacement {
    private static let count = Atomic<Int>(0)

    /// Writes a file that lies in an opened folder, with no further one between; without a folder `name` is a path. A file
    /// that is there keeps its mode.
    public static func write(_ bytes: [UInt8], to name: String, in folder: Int32 = AT_FDCWD) throws(FileFailure) {
        func failure() -> FileFailure { FileFailure(name, errno) }
        let temporary = ".\(getpid()).\(count.add(1, ordering: .relaxed).newValue).dana"
        let slash = name.utf8.lastIndex(of: PathText.slash)
        guard folder == AT_FDCWD || slash == nil else {
            throw FileFailure(message: "'\(name)' is no file's name")
        }
        let beside = slash.map { "\(Substring(name.utf8[...$0]))\(temporary)" } ?? temporary
        let file = openat(folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw failure() }
        var status = stat()
        let isThere = fstatat(folder, name, &status, 0) == 0
        let isWritten = (!isThere || fchmod(file, status.st_mode & 0o7777) == 0) && OpenFile.write(bytes, to: file)
        // What closing says counts, too: some file systems write only then.
        let writing = isWritten ? nil : failure()
        let isClosed = close(file) == 0
        guard isWritten, isClosed, renameat(folder, beside, folder, name) == 0 else {
            let failure = writing ?? failure()
            unlinkat(folder, beside, 0)
            throw failure
        }
    }
}
