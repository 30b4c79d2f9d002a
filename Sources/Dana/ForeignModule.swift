import DanaLanguage
import Glibc

/// A module of another language as a program imports it.
public struct ForeignModule: Sendable {
    public let name: String
    /// Where it lies; nil for one that its language finds itself.
    public let file: String?

    static let suffix = ".py"

    public init(name: String, file: String?) {
        self.name = name
        self.file = file
    }

    /// The name that it has among a context's modules, which no module of Dana's has.
    public var registeredName: String { name + ForeignModule.suffix }

    /// Makes a module, borrowed, a variable of the package that it is registered in, where the context has that.
    public static func bind(_ module: Value, named name: String, _ interpreter: Interpreter) throws(ProgramError) {
        let parts = name.dropLast(suffix.count).split(separator: ".")
        guard let last = parts.last, name.hasSuffix(suffix),
            let package = interpreter.module(parts.dropLast().joined(separator: ".") + suffix)
        else { return }
        interpreter.retain(module)
        try interpreter.define(String(last), as: module, inModule: package)
    }

    /// Whether a context may import it: from everywhere, by its name, or from beneath a folder.
    public func isGranted(by capabilities: Capabilities) -> Bool {
        guard let scopes = capabilities.scopes(of: .pythonImport) else { return true }
        guard let file else {
            let dotted = "\(name).".utf8
            return scopes.contains { dotted.starts(with: "\($0).".utf8) }
        }
        guard let place = ForeignModule.realPath(file) else { return false }
        return scopes.contains { scope in
            ForeignModule.realPath(scope).map { PathText.rest(of: place, beneath: $0) != nil } ?? false
        }
    }

    /// Whether a context may import a module in this one, which is a package for it.
    func leadsToGranted(by capabilities: Capabilities) -> Bool {
        let dotted = "\(name).".utf8
        return capabilities.scopes(of: .pythonImport)?.contains { $0.utf8.starts(with: dotted) } ?? true
    }

    /// Where a path leads, all links followed; nil where nothing is.
    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path.isEmpty ? "." : path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Imports modules of another language for programs.
public protocol ForeignImporter: Sendable {
    /// Whether the language finds a module of this name itself, or one that this may be a part of.
    func finds(_ name: String) -> Bool

    /// Whether the language itself has a module of this name, wherever it runs.
    func isStandard(_ name: String) -> Bool

    /// Whether the language finds the module of this name in a file.
    func finds(_ name: String, in file: String) -> Bool

    /// What a module has under these names; for a context that goes on where a saved one stood.
    func objects(_ names: [String], of module: ForeignModule) throws(DanaFailure) -> [any HostObject]

    /// Answers an import with a module that is registered under its name.
    func importModule(_ call: HostCall, _ module: ForeignModule, in core: ContextCore) -> HostReply
}
