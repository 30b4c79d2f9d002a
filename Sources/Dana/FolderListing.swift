import Glibc

/// What lies in an opened folder.
public enum FolderListing {
    /// The names, in order, without `.` and `..`; closes the folder.
    public static func names(of folder: OpaquePointer) -> [String] {
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                // Safe because the kernel ends the name with a zero within the record.
                $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
