import Glibc

/// A folder that only this user can enter, for a socket.
package enum PrivateFolder {
    /// The longest path of a unix socket, without the zero behind it.
    private static let longestSocketPath = 107

    /// Makes one in which a socket `name` fits; nil when the system refuses.
    package static func make(socketName name: String) -> String? {
        let places = ["XDG_RUNTIME_DIR", "TMPDIR"].compactMap { (variable: String) in
            unsafe getenv(variable).map { unsafe String(cString: $0) }
        }
        for place in places + ["/tmp"] {
            let template = "\(place)/dana-XXXXXX"
            guard template.utf8.count + 1 + name.utf8.count <= longestSocketPath else { continue }
            var path = Array(template.utf8CString)
            // mkdtemp makes it with mode 0700.
            if unsafe mkdtemp(&path) != nil {
                return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
        return nil
    }

    /// Removes it and the files in it, of which none is a folder.
    package static func remove(_ folder: String) {
        guard let entries = unsafe opendir(folder) else { return }
        while let entry = unsafe readdir(entries) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            unlink("\(folder)/\(name)")
        }
        unsafe closedir(entries)
        rmdir(folder)
    }
}
