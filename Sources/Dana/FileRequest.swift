import DanaLanguage
import Glibc

/// What a program asks of a path.
struct FileRequest {
    private let call: HostCall
    private let core: ContextCore
    private let capability: Capability.Name
    private let path: String
    /// The folder that would have to be granted.
    private let folder: String
    private let function: String
    /// The call as errors name it.
    let what: String

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
            throw fault(error)
        }
        do throws(DanaFailure) {
            return try answer(result)
        } catch {
            // What is wrong with what was read is wrong with this file.
            guard case .raised(let kind) = error.cause else { throw error }
            throw StandardArguments.fault(kind, "\(what): \(error.message)")
        }
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
        var isMissing = false
        for scope in scopes {
            let beneath = PathText.rest(of: path, beneath: scope)
            guard let within = beneath ?? (PathText.isAbsolute(path) ? nil : path) else { continue }
            if let folder = SourceFolder(scope) { return (folder, within) }
            isMissing = true
        }
        if isMissing { throw fault(FileFailure(path, ENOENT)) }
        return nil
    }

    /// What is wrong with the path as the program sees it.
    private func fault(_ failure: FileFailure) -> DanaFailure {
        let kind: ExceptionKind =
            switch failure.code {
            case ENOENT: .fileNotFoundError
            case EEXIST: .fileExistsError
            case EACCES, EPERM: .permissionError
            case EISDIR: .isADirectoryError
            case ENOTDIR: .notADirectoryError
            default: .osError
            }
        let isSystems = failure.code != 0
        return StandardArguments.fault(
            kind, isSystems ? "\(FileFailure.text(of: failure.code)): '\(path)'" : failure.message)
    }
}
