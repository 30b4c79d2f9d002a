/// The patterns an interpreter compiled last, so that a loop compiles its pattern once.
struct RegexCache {
    struct Key: Hashable {
        let pattern: String
        let flags: UInt8
    }

    private static let capacity = 32
    /// Patterns longer than this are compiled each time.
    private static let longestPattern = 4096

    private var programs: [Key: RegexProgram] = [:]

    func program(for key: Key) -> RegexProgram? { programs[key] }

    mutating func keep(_ program: RegexProgram, for key: Key) {
        guard key.pattern.utf8.count <= RegexCache.longestPattern else { return }
        if programs.count == RegexCache.capacity { programs.removeAll(keepingCapacity: true) }
        programs[key] = program
    }
}
