import Dana
import Glibc

/// Paths as text: their folder and their last part.
enum FilePath {
    static func folder(of path: String) -> String { PathText.parts(of: path).folder }

    static func name(of path: String) -> String { PathText.parts(of: path).name }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The paths of all files with an ending beneath a folder, in order; hidden folders and links are left alone.
    static func files(beneath folder: String, ending: String) -> [String] {
        guard let opened = opendir(folder.isEmpty ? "." : folder) else { return [] }
        var found: [String] = []
        for name in FolderListing.names(of: opened) {
            if name.hasPrefix(".") { continue }
            let path = folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                found += files(beneath: path, ending: ending)
            } else if status.st_mode & S_IFMT == S_IFREG, name.hasSuffix(ending) {
                found.append(path)
            }
        }
        return found.sorted()
    }
}
