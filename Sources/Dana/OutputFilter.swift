import DanaData
import Synchronization

/// Takes secrets out of text on its way to logs, errors, audit events and prompts: values that look like keys, what
/// stands beside names that sound secret, and what its owner adds. Counts what it took.
public final class OutputFilter: Sendable {
    public static let mark = "[redacted]"

    private let secrets = Mutex(KnownSecrets())
    private let count = Atomic<Int>(0)
    private let isOn = Atomic<Bool>(true)

    public init() {}

    /// How often something was taken out.
    public var redactions: Int { count.load(ordering: .relaxed) }

    public func setOn(_ on: Bool) { isOn.store(on, ordering: .relaxed) }

    /// Takes a value out wherever it appears. Values of fewer than 6 characters would be found everywhere and are not
    /// taken.
    public func add(secret: String) {
        if secret.utf8.count >= 6 { secrets.withLock { $0.insert(secret) } }
    }

    /// Takes out the value of a variable whose name says that it is a secret.
    func add(_ value: String, ofVariable name: String) {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        if words.contains(where: { OutputFilter.secretWords.contains(String($0)) }) { add(secret: value) }
    }

    public func redacted(_ text: String) -> String { redacting(text).text }

    /// A text without what is secret in it, and how often something was taken out.
    func redacting(_ text: String) -> (text: String, taken: Int) {
        guard isOn.load(ordering: .relaxed), !text.isEmpty else { return (text, 0) }
        let (unknown, known) = secrets.withLock { $0 }.removed(from: text, mark: OutputFilter.mark)
        let (unnamed, named) = OutputFilter.withoutNamed(unknown)
        let (result, keys) = KeyShape.removed(from: unnamed, mark: OutputFilter.mark)
        let taken = known + named + keys
        if taken > 0 { count.add(taken, ordering: .relaxed) }
        return (result, taken)
    }

    /// Words of which one in a variable's name says that its value is a secret.
    private static let secretWords: Set<String> = [
        "password", "passwd", "pass", "pwd", "passphrase", "secret", "secrets", "token", "key", "apikey", "auth",
        "authorization", "credential", "credentials", "pat", "dsn", "cookie",
    ]
    private static let names = [
        "password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "authorization", "private_key",
        "access_key", "credential",
    ]

    /// Takes out words behind a secret-sounding name with `=` or `:`.
    private static func withoutNamed(_ text: String) -> (text: String, taken: Int) {
        guard text.utf8.contains(where: "=:".utf8.contains) else { return (text, 0) }
        var result = String.UnicodeScalarView()
        var taken = 0
        var rest = text.unicodeScalars[...]
        var isSecretNext = false
        while !rest.isEmpty {
            let word = rest.prefix(while: isOfWord)
            if word.isEmpty {
                let separator = rest.removeFirst()
                result.append(separator)
                if !separator.properties.isWhitespace && !"=:\"'".unicodeScalars.contains(separator) {
                    isSecretNext = false
                }
                continue
            }
            rest = rest[word.endIndex...]
            if isSecretNext {
                if ["bearer", "basic"].contains(String(word).lowercased()) {
                    result.append(contentsOf: word)
                } else {
                    result.append(contentsOf: mark.unicodeScalars)
                    taken += 1
                    isSecretNext = false
                }
                continue
            }
            result.append(contentsOf: word)
            let behind = rest.first { $0 != "\"" && $0 != "'" && $0 != " " }
            isSecretNext = (behind == "=" || behind == ":") && isSecretName(word)
        }
        return taken > 0 ? (String(result), taken) : (text, 0)
    }

    private static func isSecretName(_ word: Substring.UnicodeScalarView) -> Bool {
        let plain = String(word).lowercased().utf8.reversed()
        return names.contains { plain.starts(with: $0.utf8.reversed()) }
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil || "-_./+~%".unicodeScalars.contains(scalar)
    }
}
