/// Paths as the system reads them: bytes, of which only the slash means something. A slash with an accent behind it is one
/// character, but still a slash.
public enum PathText {
    static let slash = UInt8(ascii: "/")

    static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

    /// The folder of a path, `.` where it names none, and its last part, empty where it ends with a slash.
    public static func parts(of path: String) -> (folder: String, name: String) {
        guard let last = path.utf8.lastIndex(of: slash) else { return (".", path) }
        let folder = path.utf8[..<last]
        let name = path.utf8[path.utf8.index(after: last)...]
        return (folder.isEmpty ? "/" : "\(Substring(folder))", "\(Substring(name))")
    }

    /// What of a path lies beneath a folder, both as they are written; nil where it begins otherwise.
    static func rest(of path: String, beneath folder: String) -> String? {
        guard path.utf8.starts(with: folder.utf8) else { return nil }
        let rest = path.utf8.dropFirst(folder.utf8.count)
        if rest.isEmpty { return "." }
        guard folder.utf8.last == slash || rest.first == slash else { return nil }
        let within = rest.drop { $0 == slash }
        return within.isEmpty ? "." : "\(Substring(within))"
    }
}
