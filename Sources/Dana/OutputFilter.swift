import DanaData
import Synchronization

/// Takes secrets out of text on its way to logs, errors, audit events and prompts: values that look like keys, what
/// stands beside names that sound secret, and what its owner adds. Counts what it took.
public final class OutputFilter: Sendable {
    public static let mark = "[redacted]"

    private let secrets = Mutex(KnownSecrets())
    /// Those of single contexts, by their numbers, which go with them.
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

    private static func isLongEnough(_ secret: String) -> Bool { secret.utf8.count >= 6 }

    public func redacted(_ text: String) -> String { redacting(text).text }

    /// A text without what is secret in it, and how often something was taken out; of a context's own text also without
    /// what is secret there.
    func redacting(_ text: String, context: UInt64? = nil) -> (text: String, taken: Int) {
        guard isOn.load(ordering: .relaxed), !text.isEmpty else { return (text, 0) }
        let mark = OutputFilter.mark
        let (unknown, known) = secrets.withLock { $0 }.removed(from: text, mark: mark)
        let own = context.flatMap { number in contexts.withLock { $0[number] } }
        let (foreign, owned) = own?.removed(from: unknown, mark: mark) ?? (unknown, 0)
        let (unnamed, named) = NamedSecrets.removed(from: foreign, mark: mark)
        let (result, keys) = KeyShape.removed(from: unnamed, mark: mark)
        let taken = known + owned + named + keys
        if taken > 0 { count.add(taken, ordering: .relaxed) }
        return (result, taken)
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
