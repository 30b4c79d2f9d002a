import Synchronization

/// Takes secrets out of text on its way to logs, errors, audit events and prompts: values that look like keys, what
/// stands beside names that sound secret, and what its owner adds. Counts what it took.
public final class OutputFilter: Sendable {
    public static let mark = "[redacted]"

    private let secrets = Mutex<Set<String>>([])
    private let count = Atomic<Int>(0)
    private let isOn = Atomic<Bool>(true)

    public init() {}

    /// How often something was taken out.
    public var redactions: Int { count.load(ordering: .relaxed) }

    public func setOn(_ on: Bool) { isOn.store(on, ordering: .relaxed) }

    /// Takes a value out wherever it appears. Values of fewer than 6 characters would be found everywhere and are not
    /// taken.
    public func add(secret: String) {
        if secret.utf8.count >= 6 { secrets.withLock { _ = $0.insert(secret) } }
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
        var taken = 0
        var result = text
        for secret in secrets.withLock({ $0 }) where result.contains(secret) {
            result = OutputFilter.replacing(secret, in: result, &taken)
        }
        result = OutputFilter.withoutKeys(result, &taken)
        if taken > 0 { count.add(taken, ordering: .relaxed) }
        return (result, taken)
    }

    private static func replacing(_ secret: String, in text: String, _ taken: inout Int) -> String {
        let (bytes, sought) = (Array(text.utf8), Array(secret.utf8))
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes.count - index >= sought.count, bytes[index..<(index + sought.count)].elementsEqual(sought) {
                result += Array(mark.utf8)
                index += sought.count
                taken += 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Beginnings of keys that providers give out.
    private static let prefixes = [
        "sk-", "sk_live_", "pk_live_", "rk_live_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-",
        "AKIA", "ASIA", "AIza", "hf_", "eyJhbGciOi",
    ]
    /// Words of which one in a variable's name says that its value is a secret.
    private static let secretWords: Set<String> = [
        "password", "passwd", "pass", "pwd", "passphrase", "secret", "secrets", "token", "key", "apikey", "auth",
        "authorization", "credential", "credentials", "pat", "dsn", "cookie",
    ]
    private static let names = [
        "password", "passwd", "secret", "token", "api_key", "apikey", "api-key", "authorization", "private_key",
        "access_key", "credential",
    ]

    /// Words that look like keys, and words behind a secret-sounding name with `=` or `:`.
    private static func withoutKeys(_ text: String, _ taken: inout Int) -> String {
        let lowered = text.lowercased()
        guard prefixes.contains(where: { text.contains($0) }) || names.contains(where: { lowered.contains($0) })
        else { return text }
        var result = ""
        var rest = Substring(text)
        var isSecretNext = false
        while !rest.isEmpty {
            let word = rest.prefix { isOfWord($0) }
            if word.isEmpty {
                let separator = rest.removeFirst()
                result.append(separator)
                if !separator.isWhitespace && !"=:\"'".contains(separator) { isSecretNext = false }
                continue
            }
            rest = rest[word.endIndex...]
            let plain = word.lowercased()
            if isSecretNext && plain != "bearer" && plain != "basic" {
                result += mark
                taken += 1
                isSecretNext = false
            } else if prefixes.contains(where: { word.hasPrefix($0) && word.count >= $0.count + 8 }) {
                result += mark
                taken += 1
            } else {
                result += word
                if !isSecretNext {
                    let behind = rest.drop { $0 == "\"" || $0 == "'" || $0 == " " }
                    isSecretNext =
                        names.contains { plain.hasSuffix($0) } && (behind.first == "=" || behind.first == ":")
                }
            }
        }
        return result
    }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_./+~%".contains(character)
    }
}
