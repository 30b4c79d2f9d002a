import Glibc
import OpenBeneath

/// An opened folder that files are read from. Nothing outside it can be reached through it: neither by `..`, nor by an
/// absolute path, nor by a symbolic link that leads out.
public final class SourceFolder: Sendable {
    /// As it was given, for messages.
    public let path: String
    private let descriptor: Int32
    private let isBound: Bool

    /// Nothing when there is no such folder.
    public convenience init?(_ path: String) { self.init(path, isBound: true) }

    private init?(_ path: String, isBound: Bool) {
        self.path = path
        self.isBound = isBound
        descriptor = Glibc.open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    /// The working folder, from which every path leads where the system says: for who may reach all of it.
    static var everywhere: SourceFolder? { SourceFolder(".", isBound: false) }

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

    /// The bytes of a file beneath the folder; the failure says why there are none.
    func bytes(of name: String, limit: Int) throws(FileFailure) -> [UInt8] {
        guard let bytes = try OpenFile.read(try open(name), name: joined(name), limit: limit) else {
            throw failure(name, EISDIR)
        }
        return bytes
    }

    /// What lies beneath the folder, opened, which the caller closes.
    private func open(_ name: String) throws(FileFailure) -> Int32 {
        let file = isBound ? danaOpenBeneath(descriptor, name) : danaOpenFrom(descriptor, name)
        guard file < 0 else { return file }
        switch errno {
        case EXDEV: throw FileFailure(leavingBy: joined(name))
        case ENOSYS: throw FileFailure(message: "this system can not open files beneath a folder (openat2)")
        case let code: throw failure(name, code)
        }
    }

    /// The same; nothing where nothing is.
    private func opened(_ name: String) throws(FileFailure) -> Int32? {
        do throws(FileFailure) {
            return try open(name)
        } catch {
            if [ENOENT, ENOTDIR, ELOOP].contains(error.code) { return nil }
            throw error
        }
    }

    /// Whether a folder lies beneath this one.
    func hasFolder(_ name: String) -> Bool {
        guard let folder = try? openFolder(name) else { return false }
        close(folder)
        return true
    }

    /// A folder beneath this one, opened, which the caller closes.
    private func openFolder(_ name: String) throws(FileFailure) -> Int32 {
        let folder = try open(name)
        var status = stat()
        if fstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return folder }
        close(folder)
        throw failure(name, ENOTDIR)
    }

    private func failure(_ name: String, _ code: Int32) -> FileFailure { FileFailure(joined(name), code) }

    /// The names in a folder beneath this one, in order.
    func names(in name: String) throws(FileFailure) -> [String] {
        let descriptor = try openFolder(name)
        guard let folder = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw failure(name, code)
        }
        return FolderListing.names(of: folder)
    }

    /// Puts a file in its place in one step; its folder must be there.
    func write(_ bytes: [UInt8], to name: String) throws(FileFailure) {
        let (parent, last) = PathText.parts(of: name)
        // What ends so is the name of a folder, whether there is one or not.
        guard !last.isEmpty, last != "..", last != "." else { throw failure(name, EISDIR) }
        let folder = try openFolder(parent)
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
