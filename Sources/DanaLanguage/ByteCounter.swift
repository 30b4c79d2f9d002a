/// A sink that only counts: how many bytes a result has, and how many scalars when it is text. A count beyond what an
/// `Int` holds stays at its greatest value.
struct ByteCounter: ByteSink {
    private(set) var bytes = 0
    private(set) var scalars = 0

    @inline(__always) mutating func append(_ byte: UInt8) {
        add(bytes: 1, scalars: byte & 0xC0 == 0x80 ? 0 : 1)
    }

    mutating func append(_ view: ByteView) {
        add(bytes: view.count, scalars: TextScalars.count(view))
    }

    mutating func append(_ byte: UInt8, times: Int) {
        guard times > 0 else { return }
        add(bytes: times, scalars: byte & 0xC0 == 0x80 ? 0 : times)
    }

    mutating func append(_ view: ByteView, times: Int) {
        guard times > 0 else { return }
        let (size, overflow) = times.multipliedReportingOverflow(by: view.count)
        let (length, overflowOfLength) = times.multipliedReportingOverflow(by: TextScalars.count(view))
        add(bytes: overflow ? .max : size, scalars: overflowOfLength ? .max : length)
    }

    mutating func append(scalar: Unicode.Scalar, times: Int) {
        guard times > 0 else { return }
        let (size, overflow) = times.multipliedReportingOverflow(by: UTF8.width(scalar))
        add(bytes: overflow ? .max : size, scalars: times)
    }

    @inline(__always) private mutating func add(bytes more: Int, scalars moreScalars: Int) {
        let (sum, overflow) = bytes.addingReportingOverflow(more)
        bytes = overflow ? .max : sum
        let (sumOfScalars, overflowOfScalars) = scalars.addingReportingOverflow(moreScalars)
        scalars = overflowOfScalars ? .max : sumOfScalars
    }
}
