import Glibc
import OpenBeneath

/// An opened folder that files are read from. Nothing outside it can be reached through it: neither by `..`, nor by an
/// absolute path, nor by a symbolic link that leads out.
public final class SourceFolder: Sendable {
    /// As it was given, for messages.
    public let path: String
    private let descriptor: Int32

    /// Nothing when there is no such folder.
    public init?(_ path: String) {
        self.path = path
        descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// The bytes of a file beneath the folder; nothing where there is none.
    ///
    /// A file that is there and can not be read, or is larger than the limit, is an error.
    public func read(_ name: String, limit: Int) throws(FileFailure) -> [UInt8]? {
        try content(of: name, limit: limit)?.bytes
    }

    /// `read` that also tells what the file was known by before it was read.
    func content(of name: String, limit: Int) throws(FileFailure) -> (bytes: [UInt8], mark: FileMark)? {
        guard let file = try opened(name) else { return nil }
        return try OpenFile.content(of: file, name: joined(name), limit: limit)
    }

    /// What lies beneath the folder, opened, which the caller closes; nothing where nothing is.
    private func opened(_ name: String) throws(FileFailure) -> Int32? {
        let file = danaOpenBeneath(descriptor, name)
        guard file < 0 else { return file }
        switch errno {
        case ENOENT, ENOTDIR, ELOOP: return nil
        case EXDEV:
            throw FileFailure(message: "\(joined(name)) leads out of its folder")
        case ENOSYS:
            throw FileFailure(message: "this system can not open files beneath a folder (openat2)")
        default:
            throw failure(name, errno)
        }
    }

    /// Whether a folder lies beneath this one.
    func hasFolder(_ name: String) -> Bool {
        guard let folder = try? openFolder(name) else { return false }
        close(folder)
        return true
    }

    /// A folder beneath this one, opened, which the caller closes; nil where there is none.
    private func openFolder(_ name: String) throws(FileFailure) -> Int32? {
        guard let folder = try opened(name) else { return nil }
        var status = stat()
        if fstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return folder }
        close(folder)
        throw failure(name, ENOTDIR)
    }

    private func failure(_ name: String, _ error: Int32) -> FileFailure {
        FileFailure(message: "\(joined(name)): \(String(cString: strerror(error)))")
    }

    /// The names in a folder beneath this one, in order; nil when there is none.
    func names(in name: String) throws(FileFailure) -> [String]? {
        guard let descriptor = try openFolder(name) else { return nil }
        guard let folder = fdopendir(descriptor) else {
            close(descriptor)
            return nil
        }
        return FolderListing.names(of: folder)
    }

    /// Puts a file in its place in one step; its folder must be there.
    func write(_ bytes: [UInt8], to name: String) throws(FileFailure) {
        let (parent, last) = PathText.parts(of: name)
        guard !last.isEmpty, last != "..", last != "." else {
            throw FileFailure(message: "'\(name)' names no file")
        }
        guard let folder = try openFolder(parent) else { throw failure(parent, ENOENT) }
        defer { close(folder) }
        try FileReplacement.write(bytes, to: last, in: folder)
    }

    public func joined(_ name: String) -> String { SourceFolder.joined(path, name) }

    /// A folder's path and the name of what lies beneath it as one path.
    static func joined(_ path: String, _ name: String) -> String {
        if path.isEmpty || path == "." { return name }
        return path.utf8.last == PathText.slash ? path + name : "\(path)/\(name)"
    }
}
