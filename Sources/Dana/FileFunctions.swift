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
            let request = Request(call, core, .fileRead, name, of: try arguments.text("path"))
            return try request.reply(answer) { folder, name throws(FileFailure) in
                try folder.bytes(of: name, limit: sizeLimit)
            }
        }
    }

    /// `list_dir(path)`: the names in a folder, in order.
    static func listFolder(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "list_dir", ["path"], required: 0).reply { arguments throws(DanaFailure) in
            let path = arguments["path"] == nil ? "." : try arguments.text("path")
            let request = Request(call, core, .fileRead, "list_dir", of: path, isFolder: true)
            return try request.reply { names throws(DanaFailure) in
                core.answer(call) { try core.makeValue(.list(names.map { .string($0) }), $0) }
            } doing: { folder, name throws(FileFailure) in
                try folder.names(in: name)
            }
        }
    }

    /// `write_text(path, text)`: a file's text, put in its place in one step.
    static func writeText(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "write_text", ["path", "text"]).reply { arguments throws(DanaFailure) in
            let (path, text) = (try arguments.text("path"), try arguments.text("text"))
            return try Request(call, core, .fileWrite, "write_text", of: path).reply { _ throws(DanaFailure) in
                core.answer(call) { try $0.integer(text.unicodeScalars.count) }
            } doing: { folder, name throws(FileFailure) in
                try folder.write(Array(text.utf8), to: name)
            }
        }
    }
}

/// What a program asks of a path.
private struct Request {
    private let call: HostCall
    private let core: ContextCore
    private let capability: Capability.Name
    private let path: String
    /// The folder that would have to be granted.
    private let folder: String
    private let function: String
    /// The call as errors name it.
    private let what: String

    init(
        _ call: HostCall, _ core: ContextCore, _ capability: Capability.Name, _ function: String, of path: String,
        isFolder: Bool = false
    ) {
        self.call = call
        self.core = core
        self.capability = capability
        self.path = path
        folder = PathText.tidied(isFolder ? path : PathText.parts(of: path).folder)
        self.function = function
        what = "\(function)('\(path)')"
    }

    /// Does it, and answers with what came of it. Where that is not granted the program is refused.
    func reply<Result>(
        _ answer: (Result) throws(DanaFailure) -> HostReply,
        doing deed: (SourceFolder, String) throws(FileFailure) -> Result
    ) throws(DanaFailure) -> HostReply {
        guard let place = try place() else {
            return core.deny(call, Capability(capability, scope: folder), for: what)
        }
        let result: Result
        do throws(FileFailure) {
            result = try deed(place.folder, place.name)
        } catch {
            if error.isLeaving {
                return core.deny(call, Capability(capability), leaving: place.folder.path, for: what)
            }
            throw StandardArguments.fault(
                error.kind, error.code == 0 ? error.message : "\(FileFailure.text(of: error.code)): '\(path)'")
        }
        return try answer(result)
    }

    /// The opened folder beneath which the path lies that the context may use, and the path within it; nil when it was
    /// granted none. Where the capability has no scope that is the whole system.
    private func place() throws(DanaFailure) -> (folder: SourceFolder, name: String)? {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            let reason = path.isEmpty ? "is empty" : "has a zero byte"
            throw StandardArguments.fault(.valueError, "\(function)() expects a path, and this one \(reason)")
        }
        guard let scopes = core.settings.capabilities.scopes(of: capability) else {
            return SourceFolder.everywhere.map { ($0, path) }
        }
        for scope in scopes {
            guard let folder = SourceFolder(scope) else { continue }
            if let within = PathText.rest(of: path, beneath: scope) { return (folder, within) }
            if !PathText.isAbsolute(path) { return (folder, path) }
        }
        return nil
    }
}

extension FileFailure {
    /// As programs see it.
    fileprivate var kind: ExceptionKind {
        switch code {
        case ENOENT: .fileNotFoundError
        case EEXIST: .fileExistsError
        case EACCES, EPERM: .permissionError
        case EISDIR: FileFailure.kind(named: "IsADirectoryError")
        case ENOTDIR: FileFailure.kind(named: "NotADirectoryError")
        default: .osError
        }
    }

    /// The kind of a name, where the language has it.
    private static func kind(named name: String) -> ExceptionKind {
        ExceptionKind.allCases.first { $0.name == name } ?? .osError
    }
}
