// Operators, punctuation and brackets.

extension Lexer {
    mutating func readOperator(_ byte: UInt8) {
        let start = index
        let next = text[index + 1]
        let assigns = next == UInt8(ascii: "=")
        index += 1
        switch byte {
        case UInt8(ascii: "("): open(byte, .leftParen)
        case UInt8(ascii: "["): open(byte, .leftBracket)
        case UInt8(ascii: "{"): open(byte, .leftBrace)
        case UInt8(ascii: ")"): close(UInt8(ascii: "("), .rightParen)
        case UInt8(ascii: "]"): close(UInt8(ascii: "["), .rightBracket)
        case UInt8(ascii: "}"): closeBrace()
        case UInt8(ascii: ","): emit(.comma, from: start)
        case UInt8(ascii: ";"): emit(.semicolon, from: start)
        case UInt8(ascii: "~"): emit(.tilde, from: start)
        case UInt8(ascii: ":"):
            if let mode = modes.last, mode.depth == brackets.count {
                emit(.colon, from: start)
                modes.append(
                    FormatMode(
                        part: .specification, quote: mode.quote, isTriple: mode.isTriple, isRaw: mode.isRaw,
                        start: mode.start, depth: mode.depth))
            } else if assigns {
                emit(.walrus, from: start, length: 2)
            } else {
                emit(.colon, from: start)
            }
        case UInt8(ascii: "."):
            if next == UInt8(ascii: "."), text[start + 2] == UInt8(ascii: ".") {
                emit(.ellipsis, from: start, length: 3)
            } else {
                emit(.dot, from: start)
            }
        case UInt8(ascii: "="): assigns ? emit(.equal, from: start, length: 2) : emit(.assign, from: start)
        case UInt8(ascii: "+"): assigns ? emit(.plusAssign, from: start, length: 2) : emit(.plus, from: start)
        case UInt8(ascii: "-"):
            if next == UInt8(ascii: ">") {
                emit(.arrow, from: start, length: 2)
            } else {
                assigns ? emit(.minusAssign, from: start, length: 2) : emit(.minus, from: start)
            }
        case UInt8(ascii: "*"):
            emit(byte, .star, .starAssign, twice: .doubleStar, .doubleStarAssign)
        case UInt8(ascii: "/"):
            emit(byte, .slash, .slashAssign, twice: .doubleSlash, .doubleSlashAssign)
        case UInt8(ascii: "<"):
            if next == UInt8(ascii: ">") {
                emit(.notEqual, from: start, length: 2)
                complain("invalid syntax", from: start, to: index, hint: "write != for 'not equal'")
            } else {
                emit(byte, .less, .lessEqual, twice: .leftShift, .leftShiftAssign)
            }
        case UInt8(ascii: ">"):
            emit(byte, .greater, .greaterEqual, twice: .rightShift, .rightShiftAssign)
        case UInt8(ascii: "%"): assigns ? emit(.percentAssign, from: start, length: 2) : emit(.percent, from: start)
        case UInt8(ascii: "&"):
            assigns ? emit(.ampersandAssign, from: start, length: 2) : emit(.ampersand, from: start)
        case UInt8(ascii: "|"): assigns ? emit(.barAssign, from: start, length: 2) : emit(.bar, from: start)
        case UInt8(ascii: "^"): assigns ? emit(.caretAssign, from: start, length: 2) : emit(.caret, from: start)
        case UInt8(ascii: "@"): assigns ? emit(.atAssign, from: start, length: 2) : emit(.at, from: start)
        case UInt8(ascii: "!"): readExclamation(from: start)
        case UInt8(ascii: "$"):
            if next == UInt8(ascii: "$") {
                emit(.placeholder, from: start, length: 2)
            } else {
                refuse("invalid character '$'", from: start, hint: "the value that flows through a pipe is $$")
            }
        case UInt8(ascii: "?"):
            refuse("invalid character '?'", from: start, hint: "a choice is written: a if condition else b")
        case UInt8(ascii: "`"):
            refuse("invalid character '`'", from: start, hint: "strings stand in \" or '")
        default:
            refuse("invalid non-printable character \(Lexer.codePoint(UInt32(byte)))", from: start)
        }
    }

    /// `U+00A0` and the like.
    static func codePoint(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    mutating func refuse(_ message: String, from start: Int, hint: String? = nil) {
        complain(message, from: start, to: index, hint: hint)
        emit(.invalid, from: start)
    }

    private mutating func emit(_ kind: TokenKind, from start: Int, length: Int) {
        index = start + length
        emit(kind, from: start)
    }

    /// An operator that may be doubled, and followed by `=` in both forms.
    private mutating func emit(
        _ byte: UInt8, _ single: TokenKind, _ singleAssign: TokenKind, twice double: TokenKind,
        _ doubleAssign: TokenKind
    ) {
        let start = index - 1
        if text[index] == byte {
            index += 1
            if text[index] == UInt8(ascii: "=") {
                emit(doubleAssign, from: start, length: 3)
            } else {
                emit(double, from: start)
            }
        } else if text[index] == UInt8(ascii: "=") {
            emit(singleAssign, from: start, length: 2)
        } else {
            emit(single, from: start)
        }
    }

    /// Brackets much deeper than the parser goes end the text, so that looking for the bracket that
    /// belongs to a closing one stays cheap.
    mutating func open(_ byte: UInt8, _ kind: TokenKind) {
        brackets.append(OpenBracket(byte: byte, start: index - 1))
        emit(kind, from: index - 1)
        if brackets.count > 2 * limits.nesting + 10 { index = count }
    }

    /// Closes the nearest bracket of the kind and those inside it that were forgotten, but never one
    /// around the interpolation that the place is in.
    private mutating func close(_ opener: UInt8, _ kind: TokenKind) {
        let floor = modes.last?.depth ?? 0
        if let place = brackets[floor...].lastIndex(where: { $0.byte == opener }) {
            brackets.removeSubrange(place...)
        }
        emit(kind, from: index - 1)
    }

    private mutating func closeBrace() {
        if let mode = modes.last, !brackets[mode.depth...].contains(where: { $0.byte == UInt8(ascii: "{") }) {
            brackets.removeSubrange((mode.depth - 1)...)
            modes.removeLast()
            emit(.rightBrace, from: index - 1)
        } else {
            close(UInt8(ascii: "{"), .rightBrace)
        }
    }

    private mutating func readExclamation(from start: Int) {
        if text[index] == UInt8(ascii: "=") {
            index += 1
            emit(.notEqual, from: start)
        } else if let mode = modes.last, mode.depth == brackets.count {
            while Lexer.isNameByte(text[index]) { index += 1 }
            var conversion = FormatConversion.none
            if index == start + 2 {
                conversion =
                    switch text[start + 1] {
                    case UInt8(ascii: "s"): .string
                    case UInt8(ascii: "r"): .representation
                    case UInt8(ascii: "a"): .ascii
                    default: .none
                    }
            }
            if conversion == .none {
                let name = String(decoding: text[(start + 1)..<index], as: UTF8.self)
                complain(
                    "f-string: invalid conversion character '\(name)': expected 's', 'r', or 'a'", from: start,
                    to: index)
            }
            emit(.conversion, from: start, detail: conversion.rawValue)
        } else {
            refuse("invalid syntax", from: start, hint: "the opposite of x is: not x")
        }
    }
}
