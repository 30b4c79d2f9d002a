/// Takes keys out of texts that others wrote: those it knows, and words that look like one.
struct Redaction: Sendable {
    /// How the keys of common providers begin.
    private static let beginnings = ["sk-", "sk_", "xai-", "gsk_", "hf_", "AIza", "pplx-", "nvapi-"]
    /// Shorter words that begin like a key are words.
    private static let shortestKey = 12

    private let known: [[UInt8]]

    init(_ secrets: [Secret]) {
        known = secrets.map { Array($0.revealed.utf8) }.filter { !$0.isEmpty }
    }

    func callAsFunction(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in known { bytes = Redaction.replace(secret, in: bytes) }
        return Redaction.replaceLookalikes(String(decoding: bytes, as: UTF8.self))
    }

    private static func replace(_ secret: [UInt8], in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            if rest.starts(with: secret) {
                result += Secret.placeholder.utf8
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func replaceLookalikes(_ text: String) -> String {
        let isPart = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "-_*.".contains(character))
        }
        var result = ""
        var rest = text[...]
        while !rest.isEmpty {
            let word = rest.prefix(while: isPart)
            let isKey = word.utf8.count >= shortestKey && beginnings.contains(where: word.hasPrefix)
            result += isKey ? Secret.placeholder[...] : word
            rest = rest[word.endIndex...]
            let between = rest.prefix { !isPart($0) }
            result += between
            rest = rest[between.endIndex...]
        }
        return result
    }
}
