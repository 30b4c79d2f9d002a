/// Text that a built-in writes piece by piece: it asks the heap before it grows, and remembers a limit it met.
struct TextOutput: ByteSink {
    let heap: Heap
    private(set) var bytes: [UInt8] = []
    /// How many bytes there is room for.
    private var capacity = 0
    /// How many bytes may be held without asking again; no more than `portion` at a time, so that limits are seen.
    private var granted = 0
    private var failure: DanaError?

    private static let portion = 1 << 16
    private static let movedAtOnce = 1 << 20

    init(heap: Heap) { self.heap = heap }

    @inline(__always) var count: Int { bytes.count }

    @inline(__always) mutating func append(_ byte: UInt8) {
        if bytes.count == granted { grow(1) }
        if bytes.count < granted { bytes.append(byte) }
    }

    mutating func append(_ view: ByteView) {
        if view.count > TextOutput.portion { return appendInPortions(view) }
        if view.count > granted - bytes.count { grow(view.count) }
        if view.count <= granted - bytes.count { bytes.append(contentsOf: view.buffer) }
    }

    @inline(never) private mutating func appendInPortions(_ view: ByteView) {
        reserve(view.count)
        var start = 0
        while start < view.count, failure == nil {
            let end = min(start + TextOutput.portion, view.count)
            append(view[start..<end])
            start = end
        }
    }

    mutating func append(_ byte: UInt8, times: Int) {
        if times > TextOutput.portion { reserve(times) }
        var left = times
        while left > 0, failure == nil {
            let part = min(left, TextOutput.portion)
            if part > granted - bytes.count { grow(part) }
            if part <= granted - bytes.count { bytes.append(contentsOf: repeatElement(byte, count: part)) }
            left -= part
        }
    }

    mutating func append(scalar: Unicode.Scalar, times: Int) {
        if scalar.isASCII { return append(UInt8(truncatingIfNeeded: scalar.value), times: times) }
        var left = times
        while left > 0, failure == nil {
            append(scalar: scalar)
            left -= 1
        }
    }

    mutating func append(_ string: StringObject) { append(ByteView(string.bytes)) }

    var isStopped: Bool { failure != nil }

    /// Throws the limit that stopped the writing, if one did.
    func check() throws(DanaError) {
        if let failure { throw failure }
    }

    /// The text as a string, owned.
    func string() throws(DanaError) -> Value {
        try check()
        var outcome: Result<Value, DanaError>?
        bytes.withView { view in
            do throws(DanaError) {
                outcome = .success(try heap.string(copying: view.buffer, scalars: try scalarCount(of: view)).value)
            } catch { outcome = .failure(error) }
        }
        guard let outcome else { throw .limit(.memory) }
        return try outcome.get()
    }

    private func scalarCount(of view: ByteView) throws(DanaError) -> Int {
        var scalars = 0
        for start in stride(from: 0, to: view.count, by: 1 << 20) {
            if start > 0 { try heap.charge(1 << 10) }
            scalars += TextScalars.count(view[start..<min(start + 1 << 20, view.count)])
        }
        return scalars
    }

    /// Makes room for so many bytes more at once, rather than as they come.
    private mutating func reserve(_ more: Int) {
        guard failure == nil else { return }
        do throws(DanaError) { _ = try makeRoom(for: more) } catch { failure = error }
    }

    /// How many bytes there will be.
    private mutating func makeRoom(for more: Int) throws(DanaError) -> Int {
        let (needed, overflow) = bytes.count.addingReportingOverflow(more)
        guard !overflow, needed <= StringObject.largestByteCount else { throw .limit(.memory) }
        if needed > capacity {
            let size = max(needed, capacity + capacity / 2, 64)
            try heap.reserve(size)
            try move(toRoomFor: size)
            capacity = size
        }
        return needed
    }

    /// Gives the bytes more room. Many bytes are moved in portions, so that limits are seen meanwhile.
    private mutating func move(toRoomFor size: Int) throws(DanaError) {
        guard bytes.count > TextOutput.movedAtOnce else { return bytes.reserveCapacity(size) }
        var larger: [UInt8] = []
        larger.reserveCapacity(size)
        var start = 0
        while start < bytes.count {
            let end = min(start + TextOutput.movedAtOnce, bytes.count)
            larger.append(contentsOf: bytes[start..<end])
            try heap.charge(1 << 10)
            start = end
        }
        bytes = larger
    }

    @inline(never) private mutating func grow(_ more: Int) {
        guard failure == nil else { return }
        do throws(DanaError) {
            let needed = try makeRoom(for: more)
            let larger = min(capacity, needed + TextOutput.portion)
            try heap.charge((larger - granted) >> 4)
            granted = larger
        } catch { failure = error }
    }
}
