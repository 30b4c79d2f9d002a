import Glibc

/// Why a file can not be read or written.
public struct FileFailure: Error, Equatable, Sendable {
    public let message: String
    /// The system's number of the reason; 0 where it is none of the system's.
    let code: Int32

    public init(message: String) {
        self.message = message
        code = 0
    }

    /// What the system says of a path.
    init(_ path: String, _ code: Int32) {
        message = "\(path): \(FileFailure.text(of: code))"
        self.code = code
    }

    /// A path leads out of the folder beneath which it is to stay.
    init(leavingBy path: String) {
        message = "\(path) leads out of its folder"
        code = FileFailure.leaving
    }

    /// What the kernel says of a path that leads out of the folder beneath which it is to stay.
    private static let leaving = EXDEV

    var isLeaving: Bool { code == FileFailure.leaving }

    /// The system's words for one of its numbers.
    static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
