import DanaLanguage
import Synchronization

/// Compiled programs by their text and by their file, so that what was compiled once is compiled no more, and a file
/// that has not changed is not read again.
final class ProgramCache: Sendable {
    private struct Text: Hashable {
        let name: String
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private struct File {
        let mark: FileMark
        let program: Compiler.Program
    }

    private struct State {
        var texts: RecentlyUsed<Text, Compiler.Program>
        var files: RecentlyUsed<String, File>
    }

    private let state: Mutex<State>
    private let settles: @Sendable (FileMark) -> Bool

    /// `settles` says of a mark whether any later write of the file shows in it.
    init(byteLimit: Int = 16 << 20, settles: @escaping @Sendable (FileMark) -> Bool = { $0.isSettled }) {
        self.settles = settles
        state = Mutex(State(texts: RecentlyUsed(limit: byteLimit), files: RecentlyUsed(limit: byteLimit)))
    }

    func program(_ source: SourceText, limits: ParserLimits) throws(DanaFailure) -> Compiler.Program {
        let text = Text(name: source.name, bytes: source.bytes)
        if let found = state.withLock({ $0.texts.value(for: text) }) { return found }
        let program: Compiler.Program
        do {
            program = try Compiler.compile(source, limits: limits)
        } catch {
            throw DanaFailure(error, source)
        }
        state.withLock { $0.texts.set(program, for: text, weight: program.size) }
        return program
    }

    /// The program of a file that was read before and is still the same.
    func program(ofFile path: String) -> Compiler.Program? {
        guard let known = state.withLock({ $0.files.value(for: path) }), FileMark(path) == known.mark else {
            return nil
        }
        return known.program
    }

    /// Notes that a program is that of a file, which was read when it had this mark.
    func note(_ program: Compiler.Program, ofFile path: String, _ mark: FileMark) {
        guard settles(mark) else { return }
        state.withLock {
            $0.files.set(File(mark: mark, program: program), for: path, weight: program.size)
        }
    }

    var count: Int { state.withLock { $0.texts.count } }
}
