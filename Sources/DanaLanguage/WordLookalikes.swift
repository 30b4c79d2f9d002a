/// Characters that look like the letters of the scopes' words and of the reserved words.
enum WordLookalikes {
    /// For each plain letter, characters of other scripts that can be mistaken for it.
    private static let letters: [Character: String] = [
        "a": "аɑαａ", "b": "ЬƄᖯ", "c": "сϲᴄⅽ", "d": "ԁⅾɗ", "e": "еҽ℮", "f": "ϝƒք", "g": "ɡցԍ", "h": "һհ",
        "i": "іıɩιⅰ", "k": "κкᴋ", "l": "ӏⅼǀןІІⵏ", "m": "ｍⅿм", "n": "ոռ", "o": "оοօσᴏ০", "p": "рρϱ", "r": "гᴦⲅ",
        "s": "ѕƽꜱ", "t": "тτᴛ", "u": "υսᴜʋ", "v": "νѵᴠⅴ", "w": "ԝաᴡ", "x": "хχⅹ", "y": "уγүყ",
        "F": "ϜҒ", "N": "Νɴ", "T": "ТΤ",
    ]

    private static let plain: [Unicode.Scalar: Unicode.Scalar] = {
        var plain: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (letter, lookalikes) in letters {
            for scalar in lookalikes.unicodeScalars { plain[scalar] = letter.unicodeScalars.first }
        }
        return plain
    }()

    private static let words = Set(VariableScope.allCases.map(\.word) + LanguageWord.reserved.map(\.description))

    /// The word for a scope, or the reserved one, that a name can be mistaken for.
    static func word(resembling name: String) -> String? {
        var view = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { view.append(plain[scalar] ?? scalar) }
        let seen = String(view)
        return words.contains(seen) ? seen : nil
    }
}
