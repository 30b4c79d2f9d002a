/// What the keys look like that providers give out.
public enum KeyShape {
    private static let beginnings: [[UInt8]] = [
        "sk-", "sk_live_", "pk_live_", "rk_live_", "xai-", "AIza", "pplx-", "nvapi-", "ghp_", "gho_", "ghs_",
        "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA", "ASIA", "eyJhbGciOi",
    ].map { Array($0.utf8) }
    /// Names in programs begin like these, too, but have no digits and capitals behind.
    private static let beginningsOfNames: [[UInt8]] = ["sk_", "gsk_", "hf_"].map { Array($0.utf8) }
    /// What has less behind its beginning is a word.
    private static let leastBehind = 8

    /// The text with `mark` in the place of each word that looks like a key, and how many there were.
    public static func removed(from text: String, mark: String) -> (text: String, taken: Int) {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        let parts = parts
        var (plain, place, taken) = (0, 0, 0)
        while place < bytes.count {
            let start = place
            while place < bytes.count, parts[Int(bytes[place])] { place += 1 }
            if place - start > leastBehind, isKey(bytes[start..<place]) {
                result += bytes[plain..<start]
                result += mark.utf8
                taken += 1
                plain = place
            }
            while place < bytes.count, !parts[Int(bytes[place])] { place += 1 }
        }
        guard taken > 0 else { return (text, 0) }
        result += bytes[plain...]
        return (String(decoding: result, as: UTF8.self), taken)
    }

    private static func isKey(_ word: ArraySlice<UInt8>) -> Bool {
        func begins(with beginning: [UInt8]) -> Bool {
            word.count >= beginning.count + leastBehind && word.starts(with: beginning)
        }
        return beginnings.contains(where: begins)
            || beginningsOfNames.contains(where: begins) && word.contains { isDigit($0) || isCapital($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

    /// Whether a byte may be one of a key's.
    private static let parts = (UInt8.min...UInt8.max).map { byte in
        isDigit(byte) || isCapital(byte) || byte &- UInt8(ascii: "a") < 26 || "-_.*".utf8.contains(byte)
    }
}
