import DanaData
import DanaLanguage
import Synchronization

/// Takes secrets out of text on its way to logs, errors, audit events and prompts: values that look like keys, what
/// stands beside names that sound secret, and the values and patterns that its owner adds. Counts what it took.
public final class OutputFilter: Sendable {
    public static let mark = "[redacted]"

    private let secrets = Mutex(KnownSecrets())
    private let patterns = Mutex<[TextPattern]>([])
    /// Secrets of single contexts, by their numbers, which go with them.
    private let contexts = Mutex<[UInt64: KnownSecrets]>([:])
    private let count = Atomic<Int>(0)
    private let isOn = Atomic<Bool>(true)

    public init() {}

    /// How often something was taken out.
    public var redactions: Int { count.load(ordering: .relaxed) }

    public func setOn(_ on: Bool) { isOn.store(on, ordering: .relaxed) }

    /// Takes a value out wherever it appears. Values of fewer than 6 characters would be found everywhere and are not
    /// taken.
    public func add(secret: String) {
        if OutputFilter.isLongEnough(secret) { secrets.withLock { $0.insert(secret) } }
    }

    /// Takes out whatever matches a regular expression, as the module `text` has them.
    public func add(pattern: String) throws(DanaFailure) {
        do throws(TextPattern.Fault) {
            let pattern = try TextPattern(pattern)
            patterns.withLock { $0.append(pattern) }
        } catch {
            throw .usage("ValueError", "the pattern is no regular expression: \(error.message)")
        }
    }

    /// Takes out the value of a variable whose name says that it is a secret.
    func add(_ value: String, ofVariable name: String) {
        if OutputFilter.isSecret(name) { add(secret: value) }
    }

    /// Takes values out of what leaves one context, for as long as it lives.
    func add(_ values: [String], ofContext number: UInt64) {
        let values = values.filter(OutputFilter.isLongEnough)
        guard !values.isEmpty else { return }
        contexts.withLock { contexts in
            for value in values { contexts[number, default: KnownSecrets()].insert(value) }
        }
    }

    /// A context has ended.
    func forget(context number: UInt64) { contexts.withLock { _ = $0.removeValue(forKey: number) } }

    /// Bytes of the shortest value that is taken out wherever it appears.
    public static let shortestSecret = 6

    private static func isLongEnough(_ secret: String) -> Bool { secret.utf8.count >= shortestSecret }

    public func redacted(_ text: String) -> String { redacting(text).text }

    /// A text without what is secret in it, and how often something was taken out; of a context's own text also without
    /// what is secret there.
    func redacting(_ text: String, context: UInt64? = nil) -> (text: String, taken: Int) {
        guard isOn.load(ordering: .relaxed), !text.isEmpty else { return (text, 0) }
        let mark = OutputFilter.mark
        let (unmatched, matched) = matchesRemoved(from: text)
        let (unknown, known) = secrets.withLock { $0 }.removed(from: unmatched, mark: mark)
        let own = context.flatMap { number in contexts.withLock { $0[number] } }
        let (foreign, owned) = own?.removed(from: unknown, mark: mark) ?? (unknown, 0)
        let (unnamed, named) = NamedSecrets.removed(from: foreign, mark: mark)
        let (result, keys) = KeyShape.removed(from: unnamed, mark: mark)
        let taken = matched + known + owned + named + keys
        if taken > 0 { count.add(taken, ordering: .relaxed) }
        return (result, taken)
    }

    /// The text without what its owner's patterns match, and how often they did.
    private func matchesRemoved(from text: String) -> (text: String, taken: Int) {
        var (text, taken) = (text, 0)
        for pattern in patterns.withLock({ $0 }) {
            let bytes = Array(text.utf8)
            let matches = pattern.matches(in: bytes)
            guard !matches.isEmpty else { continue }
            var (result, end): ([UInt8], Int) = ([], 0)
            for match in matches {
                result += bytes[end..<match.lowerBound]
                result += OutputFilter.mark.utf8
                end = match.upperBound
            }
            text = String(decoding: result + bytes[end...], as: UTF8.self)
            taken += matches.count
        }
        return (text, taken)
    }

    /// Words of which one in a variable's name says that its value is a secret.
    private static let secretWords: Set<String> = [
        "password", "passwd", "pass", "pwd", "passphrase", "secret", "secrets", "token", "key", "apikey", "auth",
        "authorization", "credential", "credentials", "pat", "dsn", "cookie",
    ]
    /// Those that also say it at the end of a word, as in PGPASSWORD.
    private static let secretEndings = ["password", "passwd", "passphrase", "secret", "token", "apikey", "credentials"]

    /// Whether a variable's name says that its value is a secret.
    static func isSecret(_ name: String) -> Bool {
        words(of: name).contains { word in
            secretWords.contains(word) || secretEndings.contains(where: word.hasSuffix)
        }
    }

    /// Whether a text is so particular that it tells what it is wherever it appears: letters and digits in one piece, or
    /// a long number, but no word and no sentence.
    static func isParticular(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard 8...longestParticular ~= text.count else { return false }
        var (letters, digits) = (0, 0)
        for byte in text {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A, 0x80...: letters += 1
            case 0x21...0x7E: continue
            default: return false
            }
        }
        return digits > 0 && (letters > 0 || digits >= longNumber)
    }

    private static let longestParticular = 4096
    /// Digits of a number that is as particular as a name: that of a card, or of an account.
    private static let longNumber = 12

    /// The words of a name as `api_key`, `API-KEY` or `apiKey`, in small letters.
    private static func words(of name: String) -> [String] {
        var words = [""]
        var wasSmall = false
        for scalar in name.unicodeScalars {
            let isPart = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            if !isPart || wasSmall && scalar.properties.isUppercase { words.append("") }
            if isPart { words[words.count - 1] += String(scalar).lowercased() }
            wasSmall = scalar.properties.isLowercase
        }
        return words
    }
}
