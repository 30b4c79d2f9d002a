import DanaData
import Testing

/// Secrets are found in texts however they are written there.
@Suite struct KnownSecretsTests {
    private func removed(_ secrets: [String], _ text: String) -> String {
        KnownSecrets(secrets).removed(from: text, mark: "<>").text
    }

    @Test(arguments: [
        ("abcdef", "see abcdef.", "see <>."), ("abcdef", "abcdefabcdef", "<><>"), ("abcdef", "abcde", "abcde"),
        // A mark behind makes another character of the last one, and a letter before takes marks along.
        ("abcdef", "abcdef\u{301}!", "<>\u{301}!"), ("\u{301}bcdef", "a\u{301}bcdef", "a<>"),
        ("a\"b/c", #"{"k":"a\"b\/c"}"#, #"{"k":"<>"}"#), ("a\"b/c", #"a\"b/c"#, "<>"), ("a\"b/c", "a\"b/c", "<>"),
        ("a\\b", #"a\\b"#, "<>"), ("a\\b", #"a\b"#, "<>"), ("\\\\x", #"\\x"#, "<>"),
        ("clé\n", #"cl\u00e9\n"#, "<>"), ("clé\n", #"cl\u00E9\u000a"#, "<>"), ("a😀b", #"a\ud83d\ude00b"#, "<>"),
        ("abc", #"\u0061b\u0063"#, "<>"), ("abc", #"\u00"#, #"\u00"#), ("abc", "ab\\", "ab\\"),
        ("a😀b", #"a\ud83db"#, #"a\ud83db"#), ("abc", #"\q\abc"#, #"\q\<>"#),
    ])
    func thisIsFound(secret: String, text: String, expected: String) {
        // Compared byte by byte: texts that look the same are equal otherwise.
        #expect(Array(removed([secret], text).utf8) == Array(expected.utf8), "\(removed([secret], text))")
    }

    @Test func theLongestIsTakenWhole() {
        #expect(removed(["abcdef", "abcdefghi", "ab"], "abcdefghi abcdef abx") == "<> <> <>x")
        let (text, taken) = KnownSecrets(["abc", "abc", ""]).removed(from: "abc abc", mark: "<>")
        #expect(text == "<> <>" && taken == 2)
        #expect(removed([], "abc") == "abc")
    }

    @Test(arguments: [
        "sk-0123abcd", "sk-proj-abcdefgh", "xai-abcdefgh", "gsk_abcdEFGH", "pplx-abcdefgh", "nvapi-abcdefgh",
        "ghp_abcdefgh", "glpat-abcdefgh", "AKIAABCDEFGH", "eyJhbGciOiabcdefgh", "hf_abcdefg1", "sk-abc***xyz",
    ])
    func whatLooksLikeAKeyIsOne(key: String) {
        for text in ["\(key)", "a \(key), b", "https://host/\(key)?x", "\"\(key)\"", "\(key)\u{301}"] {
            let (rest, taken) = KeyShape.removed(from: text, mark: "<>")
            #expect(!rest.contains(key.dropFirst(3)) && taken == 1, "\(rest)")
        }
    }

    @Test(arguments: ["task-abcdefghijk", "sk-short", "hf_model_name", "sk_estimators", "ask_0123456789", "no key"])
    func wordsAreNoKeys(word: String) {
        #expect(KeyShape.removed(from: "a \(word) b", mark: "<>").text == "a \(word) b")
    }
}
