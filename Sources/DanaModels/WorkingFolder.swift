import Glibc

/// The folder that this process works in.
public enum WorkingFolder {
    /// Its path; the root when it is gone.
    public static var path: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}
