/// Characters that look like the letters of `local`, `private`, `public` and `system`.
enum ScopeLookalikes {
    /// For each plain letter, characters of other scripts that can be mistaken for it.
    private static let letters: [Character: String] = [
        "a": "аɑαａ", "b": "ЬƄᖯ", "c": "сϲᴄⅽ", "e": "еҽ℮", "i": "іıɩιⅰӏ", "l": "ӏⅼǀןІІⵏ", "m": "ｍⅿм",
        "o": "оοօσᴏ০", "p": "рρϱ", "r": "гᴦⲅ", "s": "ѕƽꜱ", "t": "тτᴛ", "u": "υսᴜʋ", "v": "νѵᴠⅴ", "y": "уγүყ",
    ]

    private static let plain: [Unicode.Scalar: Unicode.Scalar] = {
        var plain: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (letter, lookalikes) in letters {
            for scalar in lookalikes.unicodeScalars { plain[scalar] = letter.unicodeScalars.first }
        }
        return plain
    }()

    /// The word for a scope that a name can be mistaken for.
    static func word(resembling name: String) -> String? {
        var view = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { view.append(plain[scalar] ?? scalar) }
        let seen = String(view)
        return VariableScope.allCases.lazy.map(\.word).first { $0 == seen }
    }
}
