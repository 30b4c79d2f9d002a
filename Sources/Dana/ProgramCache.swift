import DanaLanguage
import Synchronization

/// Compiled programs by their text, so that what was compiled once is compiled no more. The least recently used go
/// when there are too many.
final class ProgramCache: Sendable {
    private struct Key: Hashable {
        let name: String
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private struct Entry {
        let program: Compiler.Program
        var lastUse: UInt64
    }

    private struct State {
        var programs: [Key: Entry] = [:]
        var uses: UInt64 = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    init(byteLimit: Int = 16 << 20) { self.byteLimit = byteLimit }

    func program(_ source: SourceText, limits: ParserLimits) throws(DanaFailure) -> Compiler.Program {
        let key = Key(name: source.name, bytes: source.bytes)
        let found = state.withLock { state -> Compiler.Program? in
            state.uses += 1
            guard let index = state.programs.index(forKey: key) else { return nil }
            state.programs.values[index].lastUse = state.uses
            return state.programs.values[index].program
        }
        if let found { return found }
        let program: Compiler.Program
        do {
            program = try Compiler.compile(source, limits: limits)
        } catch {
            throw DanaFailure(error, source)
        }
        state.withLock { state in
            state.uses += 1
            if state.programs.updateValue(Entry(program: program, lastUse: state.uses), forKey: key) == nil {
                state.bytes += source.bytes.count
            }
            while state.bytes > byteLimit, state.programs.count > 1,
                let oldest = state.programs.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.programs[oldest] = nil
                state.bytes -= oldest.bytes.count
            }
        }
        return program
    }

    var count: Int { state.withLock { $0.programs.count } }
}
