/// A number laid out by a format's specification: padding, sign, prefix, grouped digits, and what follows the digits.
struct FormatNumber {
    let specification: FormatSpecification
    let isNegative: Bool
    /// Such as "0x".
    var prefix: StaticString = ""
    /// The digits to be grouped; words such as "inf" are no digits and belong to the rest.
    let digits: ByteView
    /// How many scalars `writeRest` writes.
    let restLength: Int

    private var sign: UInt8? {
        if isNegative { return UInt8(ascii: "-") }
        return specification.sign == UInt8(ascii: "-") ? nil : specification.sign
    }

    /// Writes the number; `writeRest` adds what follows the digits.
    func write<Sink: ByteSink>(into sink: inout Sink, writeRest: (inout Sink) -> Void) {
        let fixedLength = saturated((sign == nil ? 0 : 1) + prefix.utf8CodeUnitCount, restLength)
        let width = specification.width ?? 0
        let zeroFills = specification.fill == "0" && specification.alignment == .inside
        let grouping = Grouping(
            digits: digits.count, width: zeroFills ? max(0, width - fixedLength) : 0,
            size: specification.groupSize, mark: specification.grouping)
        let length = saturated(fixedLength, grouping.length)
        let padding = max(0, width - length)
        let left =
            switch specification.alignment {
            case .left, .inside: 0
            case .center: padding / 2
            case .right: padding
            }
        sink.append(scalar: specification.fill, times: left)
        if let sign { sink.append(sign) }
        sink.append(prefix)
        if specification.alignment == .inside { sink.append(scalar: specification.fill, times: padding) }
        grouping.write(digits, into: &sink)
        writeRest(&sink)
        if specification.alignment != .inside { sink.append(scalar: specification.fill, times: padding - left) }
    }

    private func saturated(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// Digits in groups, with zeros before them up to a width that counts the marks too.
    private struct Grouping {
        let size: Int
        let mark: UInt8?
        /// Zeros and digits together.
        let count: Int
        let length: Int

        init(digits: Int, width: Int, size: Int, mark: UInt8?) {
            self.size = size
            self.mark = mark
            guard digits > 0 else {
                (count, length) = (0, 0)
                return
            }
            guard mark != nil else {
                count = max(digits, width)
                length = count
                return
            }
            // A width in which a mark would stand first has one more digit before it.
            let fitting = width > 0 ? width - (width - 1) / (size + 1) : 0
            count = max(digits, fitting)
            let marks = (count - 1) / size
            length = count + marks
        }

        func write(_ digits: ByteView, into sink: inout some ByteSink) {
            guard count > 0 else { return }
            let zeros = count - digits.count
            guard let mark else {
                sink.append(UInt8(ascii: "0"), times: zeros)
                return sink.append(digits)
            }
            var place = 0
            while place < count {
                let end = min(count, place + (count - place - 1) % size + 1)
                if place > 0 {
                    // Groups of zeros alone may be very many; they are one call, which a counter answers at once.
                    let groups = max(0, (zeros - place) / size)
                    if groups > 0 {
                        let pattern = [mark] + [UInt8](repeating: UInt8(ascii: "0"), count: size)
                        pattern.withView { sink.append($0, times: groups) }
                        place += groups * size
                        continue
                    }
                    sink.append(mark)
                }
                sink.append(UInt8(ascii: "0"), times: min(zeros, end) - min(zeros, place))
                sink.append(digits[max(0, place - zeros)..<max(0, end - zeros)])
                place = end
            }
        }
    }
}
