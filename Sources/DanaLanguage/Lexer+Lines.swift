// Where lines end, what they are indented by, comments.

extension Lexer {
    mutating func readNewline() {
        let start = index
        index += text[index] == UInt8(ascii: "\r") && text[index + 1] == UInt8(ascii: "\n") ? 2 : 1
        if let mode = modes.last, !mode.isTriple {
            abandonFormattedString(at: start)
        }
        if brackets.isEmpty {
            // A line that held nothing ends nothing.
            if let last = tokens.last, last.kind != .newline, last.kind != .indent, last.kind != .dedent {
                emit(.newline, from: commentStart ?? start)
            }
            isAtLineStart = true
        }
        commentStart = nil
        lineStart = index
        isFirstInLine = true
    }

    mutating func readComment() {
        let start = index
        commentStart = start
        while index < count, text[index] != UInt8(ascii: "\n"), text[index] != UInt8(ascii: "\r") { index += 1 }
        if keepsComments {
            comments.append(
                SyntaxRange(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: index)))
        }
    }

    mutating func readContinuation() {
        let start = index
        index += 1
        if text[index] == UInt8(ascii: "\r") { index += 1 }
        if text[index] == UInt8(ascii: "\n") { index += 1 }
        if index == start + 1 {
            if index >= count {
                complain("unexpected EOF after line continuation character", from: start, to: index)
            } else {
                complain(
                    "unexpected character after line continuation character", from: start, to: start + 1,
                    hint: "a backslash joins two lines only as the last character of the first")
            }
        }
    }

    /// Measures a line's indentation and says with tokens what it opens or closes; nothing for lines
    /// without a token.
    mutating func readIndentation() {
        var indent = Indent(column: 0, tabsAsOne: 0)
        while true {
            switch text[index] {
            case UInt8(ascii: " "):
                indent.column += 1
                indent.tabsAsOne += 1
            case UInt8(ascii: "\t"):
                indent.column = (indent.column / 8 + 1) * 8
                indent.tabsAsOne += 1
            case 0x0C:
                indent = Indent(column: 0, tabsAsOne: 0)
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return
            case 0 where index >= count:
                return
            default:
                apply(indent)
                return
            }
            index += 1
        }
    }

    private mutating func apply(_ indent: Indent) {
        guard var top = indents.last else { return }
        if indent.column == top.column, indent.tabsAsOne == top.tabsAsOne { return }
        if indent.column > top.column {
            if indent.tabsAsOne <= top.tabsAsOne {
                complainOfTabs()
                // Where no block opens, the line counts as one of the block it is in: it is complained of once.
                guard tokens.dropLast().last?.kind == .colon else { return }
            }
            indents.append(indent)
            emit(.indent, from: index)
            return
        }
        while indent.column < top.column, indents.count > 1 {
            indents.removeLast()
            emit(.dedent, from: index)
            top = indents[indents.count - 1]
        }
        if indent.column != top.column {
            complain(
                "unindent does not match any outer indentation level", from: lineStart, to: index,
                hint: "this line must begin at the same column as a line of the block it belongs to")
        } else if indent.tabsAsOne != top.tabsAsOne {
            complainOfTabs()
        }
    }

    private mutating func complainOfTabs() {
        guard !complainedOfTabs else { return }
        complainedOfTabs = true
        complain(
            "inconsistent use of tabs and spaces in indentation", from: lineStart, to: index,
            hint: "indent with four spaces everywhere")
    }

    mutating func finish() {
        while !modes.isEmpty { abandonFormattedString(at: index) }
        abandonBrackets(at: index)
        if let last = tokens.last, last.kind != .newline, last.kind != .dedent {
            emit(.newline, from: commentStart ?? index)
        }
        while indents.count > 1 {
            indents.removeLast()
            emit(.dedent, from: index)
        }
        emit(.endOfFile, from: index)
    }
}
