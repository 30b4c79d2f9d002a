import Glibc

/// Finds the file that configures models, and reads it.
enum ConfigurationFile {
    /// A longer file is refused, in bytes.
    static let longest = 1 << 20

    /// The settings of the nearest `dana.toml`, or of the table `tool.dana` of the nearest `pyproject.toml`, in this
    /// folder or one above it; nil when there is none.
    static func find(from folder: String) throws(ModelConfiguration.Fault) -> (
        path: String, settings: [String: TOMLValue]
    )? {
        var place = folder[...]
        while true {
            let base = place.last == "/" ? place.dropLast() : place
            if let settings = try read("\(base)/dana.toml") { return ("\(base)/dana.toml", settings) }
            let project = "\(base)/pyproject.toml"
            if let settings = try read(project)?["tool"]?.table?["dana"]?.table { return (project, settings) }
            guard let slash = base.lastIndex(of: "/") else { return nil }
            place = base[..<slash]
        }
    }

    /// Nil when there is no such file.
    private static func read(_ path: String) throws(ModelConfiguration.Fault) -> [String: TOMLValue]? {
        guard let file = unsafe fopen(path, "re") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        guard unsafe ferror(file) == 0 else { return nil }
        guard count <= longest else {
            throw ModelConfiguration.Fault(description: "\(path): the file is longer than \(longest) bytes")
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw ModelConfiguration.Fault(description: "\(path): the file is not UTF-8")
        }
        do {
            return try TOMLReader.read(text)
        } catch {
            throw ModelConfiguration.Fault(description: "\(path): \(error)")
        }
    }
}

extension ModelConfiguration {
    /// The configuration that holds in a folder.
    public init(folder: String, environment: [String: String]) throws(Fault) {
        let found = try ConfigurationFile.find(from: folder)
        try self.init(environment: environment, toml: found?.settings ?? [:], file: found?.path ?? "dana.toml")
    }
}
