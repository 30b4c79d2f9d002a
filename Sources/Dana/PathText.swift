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

    /// What of a path lies beneath a folder, both as they are written; nil where it begins otherwise. Empty parts and
    /// those that are a dot mean nothing.
    static func rest(of path: String, beneath folder: String) -> String? {
        guard isAbsolute(path) == isAbsolute(folder) else { return nil }
        var (rest, outer) = (withoutDots(path.utf8[...]), withoutDots(folder.utf8[...]))
        while !outer.isEmpty {
            let part = rest.prefix { $0 != slash }
            guard part.elementsEqual(outer.prefix { $0 != slash }) else { return nil }
            rest = withoutDots(rest[part.endIndex...])
            outer = withoutDots(outer.drop { $0 != slash })
        }
        return rest.isEmpty ? "." : "\(Substring(rest))"
    }

    /// A path from its first part on that is neither empty nor a dot.
    private static func withoutDots(_ path: Substring.UTF8View) -> Substring.UTF8View {
        var rest = path
        while true {
            rest = rest.drop { $0 == slash }
            let part = rest.prefix { $0 != slash }
            guard part.elementsEqual(".".utf8) else { return rest }
            rest = rest[part.endIndex...]
        }
    }

    /// Whether `..` stands behind a part, where links decide what it means.
    static func climbsBack(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
        return parts.drop { $0.elementsEqual("..".utf8) }.contains { $0.elementsEqual("..".utf8) }
    }

    /// A path as it reads without `.`, empty parts and `..` behind others, for messages: links may lead elsewhere.
    static func tidied(_ path: String) -> String {
        var parts: [Substring.UTF8View] = []
        for part in path.utf8.split(separator: slash) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8), let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else if !(part.elementsEqual("..".utf8) && parts.isEmpty && isAbsolute(path)) {
                parts.append(part)
            }
        }
        let joined = parts.map { "\(Substring($0))" }.joined(separator: "/")
        return isAbsolute(path) ? "/\(joined)" : joined.isEmpty ? "." : joined
    }
}
