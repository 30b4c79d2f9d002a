import DanaLanguage
import Glibc

/// What programs read and write of files, beneath the folders to which the context was granted.
enum FileFunctions {
    /// Bytes of a file that is read whole at most.
    private static let sizeLimit = 64 << 20

    static func readText(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "read_text") { bytes throws(DanaFailure) in
            let text = try text(bytes)
            return core.answer(call) { try $0.string(text) }
        }
    }

    static func readBytes(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "read_bytes") { bytes throws(DanaFailure) in
            core.answer(call) { interpreter in try bytes.withUnsafeBufferPointer { try interpreter.bytes($0) } }
        }
    }

    static func loadCSV(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "load_csv") { bytes throws(DanaFailure) in
            try CSVTable.answer(call, with: bytes, in: core)
        }
    }

    static func loadJSON(_ call: HostCall, _ core: ContextCore) -> HostReply {
        reading(call, core, "load_json") { bytes throws(DanaFailure) in
            let text = try text(bytes)
            return core.answer(call) { try $0.value(ofJSON: text) }
        }
    }

    private static func text(_ bytes: [UInt8]) throws(DanaFailure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw StandardArguments.fault(.unicodeDecodeError, "the file is not UTF-8: use read_bytes()")
        }
        return text
    }

    private static func reading(
        _ call: HostCall, _ core: ContextCore, _ name: String,
        _ answer: @escaping @Sendable ([UInt8]) throws(DanaFailure) -> HostReply
    ) -> HostReply {
        StandardArguments(call, core, name, ["path"]).reply { arguments throws(DanaFailure) in
            let path = try arguments.text("path")
            guard let place = try place(of: path, .fileRead, core) else {
                return core.deny(call, Capability(.fileRead), for: "\(name)('\(path)')")
            }
            let bytes: [UInt8]?
            do throws(FileFailure) {
                bytes = try place.folder.read(place.name, limit: sizeLimit)
            } catch {
                throw StandardArguments.fault(.osError, error.message)
            }
            guard let bytes else {
                throw StandardArguments.fault(.fileNotFoundError, "No such file: '\(path)'")
            }
            return try answer(bytes)
        }
    }

    /// `list_dir(path)`: the names in a folder, in order.
    static func listFolder(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "list_dir", ["path"], required: 0).reply { arguments throws(DanaFailure) in
            let path = arguments["path"] == nil ? "." : try arguments.text("path")
            guard let place = try place(of: path, .fileRead, core) else {
                return core.deny(call, Capability(.fileRead), for: "list_dir('\(path)')")
            }
            let names: [String]?
            do throws(FileFailure) {
                names = try place.folder.names(in: place.name)
            } catch {
                throw StandardArguments.fault(.osError, error.message)
            }
            guard let names else {
                throw StandardArguments.fault(.fileNotFoundError, "No such folder: '\(path)'")
            }
            return core.answer(call) { try core.makeValue(.list(names.map { .string($0) }), $0) }
        }
    }

    /// `write_text(path, text)`: a file's text, put in its place in one step.
    static func writeText(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "write_text", ["path", "text"]).reply { arguments throws(DanaFailure) in
            let (path, text) = (try arguments.text("path"), try arguments.text("text"))
            guard let place = try place(of: path, .fileWrite, core) else {
                return core.deny(call, Capability(.fileWrite), for: "write_text('\(path)')")
            }
            do throws(FileFailure) {
                try place.folder.write(Array(text.utf8), to: place.name)
            } catch {
                throw StandardArguments.fault(.osError, error.message)
            }
            return core.answer(call) { try $0.integer(text.unicodeScalars.count) }
        }
    }

    /// The opened folder beneath which a path lies that the context may use, and the path within it; nil when it was
    /// granted none. Where the capability has no scope that is the whole system.
    private static func place(
        of path: String, _ name: Capability.Name, _ core: ContextCore
    ) throws(DanaFailure) -> (folder: SourceFolder, name: String)? {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StandardArguments.fault(.valueError, "'\(path)' is no path")
        }
        guard let scopes = core.settings.capabilities.scopes(of: name) else {
            guard let within = PathText.rest(of: path, beneath: "/") else {
                return SourceFolder(".").map { ($0, path) }
            }
            return SourceFolder("/").map { ($0, within) }
        }
        for scope in scopes {
            guard let folder = SourceFolder(scope) else { continue }
            if let within = PathText.rest(of: path, beneath: scope) { return (folder, within) }
            if !PathText.isAbsolute(path) { return (folder, path) }
        }
        return nil
    }
}
