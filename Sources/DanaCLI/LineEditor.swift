import Glibc
import Synchronization

/// Reads lines from a person: with editing, history and completion on a terminal, plainly elsewhere.
final class LineEditor {
    private let library: EditLibrary?
    private let historyFile: String?
    private static let historyLength: Int32 = 1000

    /// What completion offers; the library's callback has no place for a reference of ours.
    private static let words = Mutex<[String]>([])

    /// The history is kept in a file when one is named.
    init(historyFile: String?) {
        let isTerminal = isatty(STDIN_FILENO) == 1
        library = isTerminal ? EditLibrary() : nil
        self.historyFile = historyFile
        guard let library else { return }
        library.stifleHistory(LineEditor.historyLength)
        if let historyFile { _ = library.readHistory(historyFile) }
        library.complete { text, _, _ in LineEditor.completions(of: text) }
    }

    /// The names that completion knows from here on.
    func offer(_ words: [String]) {
        LineEditor.words.withLock { $0 = words.sorted() }
    }

    /// One line without its end; nothing at the end of the input.
    func read(prompt: String) -> String? {
        guard let library else {
            if isatty(STDIN_FILENO) == 1 { Terminal().write(prompt) }
            return readLine()
        }
        guard let line = library.readLine(prompt) else { return nil }
        defer { free(line) }
        return String(cString: line)
    }

    /// Keeps what was entered, which may be several lines.
    func remember(_ text: String) {
        guard let library, text.contains(where: { !$0.isWhitespace }) else { return }
        _ = library.addHistory(text)
        if let historyFile { _ = library.writeHistory(historyFile) }
    }

    /// The longest common beginning of what fits, then all of it, ended by a nil, in memory that the library frees.
    private static func completions(of text: UnsafePointer<CChar>?)
        -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    {
        guard let text else { return nil }
        let fitting = matches(of: String(cString: text), among: words.withLock { $0 })
        guard let common = fitting.first else { return nil }
        let all = [fitting.reduce(common) { commonBeginning($0, $1) }] + (fitting.count > 1 ? fitting : [])
        let size = (all.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
        guard let memory = malloc(size) else { return nil }
        let list = memory.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: all.count + 1)
        for (place, word) in all.enumerated() { (list + place).initialize(to: strdup(word)) }
        (list + all.count).initialize(to: nil)
        return list
    }

    static func matches(of beginning: String, among words: [String]) -> [String] {
        beginning.isEmpty ? [] : words.filter { $0.hasPrefix(beginning) }
    }

    static func commonBeginning(_ one: String, _ other: String) -> String {
        String(zip(one, other).prefix { $0 == $1 }.map(\.0))
    }
}
