import Glibc

/// The system's library for editing lines, found when the process runs; without it lines are read plainly.
struct EditLibrary {
    typealias Completer =
        @convention(c) (UnsafePointer<CChar>?, Int32, Int32) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

    let readLine: @convention(c) (UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>?
    let addHistory: @convention(c) (UnsafePointer<CChar>?) -> Int32
    let readHistory: @convention(c) (UnsafePointer<CChar>?) -> Int32
    let writeHistory: @convention(c) (UnsafePointer<CChar>?) -> Int32
    let stifleHistory: @convention(c) (Int32) -> Void
    private let completer: UnsafeMutablePointer<Completer?>

    private static let names = ["libedit.so.2", "libedit.so.0", "libedit.so"]

    init?() {
        for name in EditLibrary.names {
            guard let library = dlopen(name, RTLD_NOW) else { continue }
            guard let read = dlsym(library, "readline"), let add = dlsym(library, "add_history"),
                let readFile = dlsym(library, "read_history"), let writeFile = dlsym(library, "write_history"),
                let stifle = dlsym(library, "stifle_history"),
                let complete = dlsym(library, "rl_attempted_completion_function")
            else { continue }
            // Safe because these symbols have these types in every libedit with readline's interface.
            readLine = unsafeBitCast(
                read, to: (@convention(c) (UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>?).self)
            addHistory = unsafeBitCast(add, to: (@convention(c) (UnsafePointer<CChar>?) -> Int32).self)
            readHistory = unsafeBitCast(readFile, to: (@convention(c) (UnsafePointer<CChar>?) -> Int32).self)
            writeHistory = unsafeBitCast(writeFile, to: (@convention(c) (UnsafePointer<CChar>?) -> Int32).self)
            stifleHistory = unsafeBitCast(stifle, to: (@convention(c) (Int32) -> Void).self)
            completer = complete.assumingMemoryBound(to: Completer?.self)
            return
        }
        return nil
    }

    func complete(by function: @escaping Completer) {
        completer.pointee = function
    }
}
