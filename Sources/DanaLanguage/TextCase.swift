/// Changes of case: `upper`, `lower`, `title`, `capitalize`, `swapcase`, `casefold`.
///
/// All take the text and write to a sink; run into a `ByteCounter` they tell the result's size. `writeASCII` is
/// what `bytes` has.
enum TextCase {
    enum Change {
        case upper, lower, title, capitalize, swap, fold
    }

    static func write(_ text: ByteView, _ change: Change, into sink: inout some ByteSink) {
        if text.isASCII { return writeASCII(text, change, into: &sink) }
        var reader = text.scalars
        var isFirst = true
        var previousIsCased = false
        while true {
            let offset = reader.offset
            guard !sink.isStopped, let scalar = reader.next() else { return }
            switch change {
            case _ where scalar.value < 0x80:
                let isFirstOfWord = change == .title ? !previousIsCased : isFirst
                sink.append(ascii(UInt8(truncatingIfNeeded: scalar.value), change, isFirst: isFirstOfWord))
            case .upper: sink.append(text: scalar.upperMapping)
            case .lower: writeLower(scalar, at: offset, of: text, into: &sink)
            case .fold: sink.append(text: scalar.foldMapping)
            case .swap where scalar.isUpper: writeLower(scalar, at: offset, of: text, into: &sink)
            case .swap where scalar.isLower: sink.append(text: scalar.upperMapping)
            case .swap: sink.append(scalar: scalar)
            case .capitalize where isFirst: sink.append(text: scalar.titleMapping)
            case .title where !previousIsCased: sink.append(text: scalar.titleMapping)
            case .capitalize, .title: writeLower(scalar, at: offset, of: text, into: &sink)
            }
            isFirst = false
            if change == .title { previousIsCased = scalar.isCasedLetter }
        }
    }

    /// As `write`, only for ASCII letters; other bytes stay.
    static func writeASCII(_ bytes: ByteView, _ change: Change, into sink: inout some ByteSink) {
        var previousIsLetter = false
        for index in 0..<bytes.count {
            let byte = bytes[index]
            sink.append(ascii(byte, change, isFirst: change == .title ? !previousIsLetter : index == 0))
            previousIsLetter = (byte | 0x20) &- 0x61 < 26
        }
    }

    /// An ASCII letter changed, another byte as it is. `isFirst` tells that it begins the text, or the word for a title.
    @inline(__always) private static func ascii(_ byte: UInt8, _ change: Change, isFirst: Bool) -> UInt8 {
        let isUpper = byte &- 0x41 < 26
        let isLower = byte &- 0x61 < 26
        let wantsUpper =
            switch change {
            case .upper: true
            case .lower, .fold: false
            case .swap: isLower
            case .capitalize, .title: isFirst
            }
        return (wantsUpper ? isLower : isUpper) ? byte ^ 0x20 : byte
    }

    private static func writeLower(
        _ scalar: Unicode.Scalar, at offset: Int, of text: ByteView, into sink: inout some ByteSink
    ) {
        guard scalar == "Σ" else { return sink.append(text: scalar.lowerMapping) }
        sink.append(scalar: endsWord(text, at: offset) ? "ς" : "σ")
    }

    /// Whether a capital sigma ends a word: a letter comes before it and none after it.
    private static func endsWord(_ text: ByteView, at offset: Int) -> Bool {
        var start = offset
        var isAfterLetter = false
        while start > 0 {
            let (scalar, length) = TextScalars.decode(text, before: start)
            start -= length
            guard scalar.isIgnoredByCase else {
                isAfterLetter = scalar.isCasedLetter
                break
            }
        }
        guard isAfterLetter else { return false }
        for scalar in text.from(offset + TextScalars.decode(text, at: offset).length).scalars
        where !scalar.isIgnoredByCase {
            return !scalar.isCasedLetter
        }
        return true
    }
}
