/// Slices of sequences, with Python's rules for absent, negative and far bounds.
struct Slicing {
    let heap: Heap

    /// The places a slice means in a sequence of a known length.
    struct Places {
        let start: Int
        let stop: Int
        let step: Int
        let count: Int
    }

    /// Throws a TypeError or ValueError for parts that are no integers, or a step of zero.
    func places(_ slice: SliceObject, count: Int) throws(DanaError) -> Places {
        let step = try part(slice.at.pointee.step) ?? 1
        guard step != 0 else { throw heap.valueError("slice step cannot be zero") }
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func bound(_ value: Int?, absent: Int) -> Int {
            guard var value else { return absent }
            if value < 0 { value += count }
            return min(max(value, low), high)
        }
        let start = bound(try part(slice.at.pointee.start), absent: step > 0 ? low : high)
        let stop = bound(try part(slice.at.pointee.stop), absent: step > 0 ? high : low)
        let length: Int
        if step > 0 {
            length = start < stop ? (stop - start - 1) / step + 1 : 0
        } else {
            length = start > stop ? (start - stop - 1) / (step == Int.min ? Int.max : -step) + 1 : 0
        }
        return Places(start: start, stop: stop, step: step, count: length)
    }

    @inline(__always) private func part(_ value: Value) throws(DanaError) -> Int? {
        value.isSmallInteger ? value.smallInteger : try otherPart(value)
    }

    private func otherPart(_ value: Value) throws(DanaError) -> Int? {
        if value.isNull || value.isUndefined { return nil }
        switch Numbers.number(value) {
        case .small(let integer): return integer
        case .big(let integer): return integer.isNegative ? Value.smallestInteger : Value.largestInteger
        case .float, nil: throw heap.typeError("slice indices must be integers or None or have an __index__ method")
        }
    }

    /// The places between bounds that are absent or small integers, without a step.
    @inline(__always) private func plainRange(_ slice: SliceObject, count: Int) -> Range<Int>? {
        func bound(_ value: Value, absent: Int) -> Int? {
            guard value.isSmallInteger else { return value.isNull ? absent : nil }
            let place = value.smallInteger
            return place < 0 ? max(place &+ count, 0) : min(place, count)
        }
        guard let start = bound(slice.at.pointee.start, absent: 0),
            let stop = bound(slice.at.pointee.stop, absent: count)
        else { return nil }
        return start..<max(start, stop)
    }

    /// `sequence[slice]`, owned.
    func slice(_ slice: SliceObject, of sequence: Value) throws(DanaError) -> Value {
        if let string = StringObject(sequence), slice.at.pointee.step.isNull,
            let range = plainRange(slice, count: string.scalarCount)
        {
            try heap.charge(range.count >> 6)
            return try part(range, of: string)
        }
        let places = try self.places(slice, count: heap.count(ofSequence: sequence))
        if sequence.isObject(.list) {
            let source = ListObject(known: sequence)
            let result = try heap.list(capacity: places.count)
            let held = heap.owned(result.value)
            try heap.forEachPortion(of: places.count) { portion in
                for number in portion {
                    result[unchecked: number] = heap.retained(source[unchecked: places.start + number * places.step])
                }
                result.at.pointee.count = portion.upperBound
            }
            return held.take()
        }
        switch sequence.objectKind {
        case .tuple:
            let source = TupleObject(known: sequence)
            let result = try heap.tuple(count: places.count)
            let held = heap.owned(result.value)
            try heap.forEachPortion(of: places.count) { portion in
                for number in portion {
                    result.start[number] = heap.retained(source[unchecked: places.start + number * places.step])
                }
            }
            return held.take()
        case .bytes:
            let source = BytesObject(known: sequence)
            return try heap.bytes(count: places.count) { start throws(DanaError) in
                try copy(places, of: source.start, to: start)
            }.value
        case .range:
            if slice.at.pointee.step.isObject(.bigInt) { throw heap.overflowError("range step is too large") }
            return try part(places, of: RangeObject(known: sequence))
        default: return try part(places, of: StringObject(known: sequence))
        }
    }

    private func part(_ places: Places, of range: RangeObject) throws(DanaError) -> Value {
        let (step, overflow) = range.step.multipliedReportingOverflow(by: places.step)
        guard !overflow else { throw heap.overflowError("range step is too large") }
        func bound(_ place: Int) throws(DanaError) -> Int {
            guard let bound = Int(exactly: Int128(range.start) + Int128(place) * Int128(range.step)) else {
                throw heap.overflowError("range bounds are too large")
            }
            return bound
        }
        return try heap.range(start: try bound(places.start), stop: try bound(places.stop), step: step).value
    }

    /// Copies the bytes at some places.
    private func copy(
        _ places: Places, of source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) throws(DanaError) {
        if places.step == 1 {
            try heap.charge(places.count >> 10)
            return try heap.copy(places.count, from: source + places.start, to: target)
        }
        try heap.forEachPortion(of: places.count) { portion in
            for number in portion { target[number] = source[places.start + number * places.step] }
        }
    }

    private func part(_ places: Places, of string: StringObject) throws(DanaError) -> Value {
        if places.step == 1 {
            try heap.charge(places.count >> 6)
            return try part(places.start..<places.start + places.count, of: string)
        }
        if places.count == 0 { return heap.retained(heap.emptyString) }
        if string.isASCII {
            return try heap.string(bytes: places.count, scalars: places.count) { start throws(DanaError) in
                try copy(places, of: string.start, to: start)
            }.value
        }
        let result = try heap.emptyString(capacity: places.count * 4)
        let held = heap.owned(result.value)
        var bytes = 0
        for number in 0..<places.count {
            if number & 63 == 63 { try heap.charge(1) }
            let offset = try heap.byteOffset(of: places.start + number * places.step, in: string)
            let length = Heap.scalarLength(string.start[offset])
            (result.start + bytes).update(from: string.start + offset, count: length)
            bytes += length
        }
        result.at.pointee.byteCount = UInt32(truncatingIfNeeded: bytes)
        result.at.pointee.scalarCount = UInt32(truncatingIfNeeded: places.count)
        return held.take()
    }

    /// The characters in a range that lies within the string.
    private func part(_ range: Range<Int>, of string: StringObject) throws(DanaError) -> Value {
        if range.isEmpty { return heap.retained(heap.emptyString) }
        if range.count == string.scalarCount { return heap.retained(string.value) }
        let start = try heap.byteOffset(of: range.lowerBound, in: string)
        let end = try heap.byteOffset(of: range.upperBound, in: string)
        if end - start == 1 { return heap.retained(try heap.character(string.start[start])) }
        return try heap.string(
            copying: UnsafeBufferPointer(start: string.start + start, count: end - start), scalars: range.count
        ).value
    }

    /// `list[slice] = value`.
    func assign(_ value: Value, to slice: SliceObject, of list: ListObject) throws(DanaError) {
        if value.isObject(.generator) { throw .handle }
        let places = try self.places(slice, count: list.count)
        let replacement = try heap.list()
        let held = heap.owned(replacement.value)
        var items: Iteration
        do { items = try heap.iteration(over: value) } catch {
            heap.discard(error)
            throw heap.typeError(
                places.step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice")
        }
        while let item = try items.next() {
            if replacement.count & 63 == 63 { try heap.charge(1) }
            do { try heap.append(item, to: replacement) } catch {
                heap.release(item)
                throw error
            }
        }
        if places.step != 1 {
            guard replacement.count == places.count else {
                throw heap.valueError(
                    "attempt to assign sequence of size \(replacement.count) to extended slice of size \(places.count)")
            }
            for number in 0..<places.count {
                if number & 0xFFFF == 0xFFFF { try heap.charge(1 << 10) }
                let index = places.start + number * places.step
                let old = list[unchecked: index]
                list[unchecked: index] = replacement[unchecked: number]
                replacement[unchecked: number] = old
            }
            return
        }
        try heap.replace(places.start..<places.start + places.count, of: list, with: replacement)
        _ = held.value
    }

    /// `del list[slice]`.
    func delete(_ slice: SliceObject, of list: ListObject) throws(DanaError) {
        var places = try self.places(slice, count: list.count)
        if places.count == 0 { return }
        if places.step < 0 {
            let last = places.start + (places.count - 1) * places.step
            places = Places(start: last, stop: places.start + 1, step: -places.step, count: places.count)
        }
        let removed = try heap.list(capacity: places.step == 1 ? 0 : places.count)
        let held = heap.owned(removed.value)
        if places.step == 1 {
            try heap.replace(places.start..<places.start + places.count, of: list, with: removed)
        } else {
            try delete(places, of: list, into: removed)
        }
        _ = held.value
    }

    /// Moves the items at some places, in rising order, to a list that has room for them.
    private func delete(_ places: Places, of list: ListObject, into removed: ListObject) throws(DanaError) {
        guard let items = list.at.pointee.items else { return }
        var target = places.start
        for index in places.start..<list.count {
            if index & 0xFFFF == 0xFFFF {
                do throws(DanaError) { try heap.charge(1 << 10) } catch {
                    // What was moved stands twice in the list.
                    (items + target).update(repeating: .null, count: index - target)
                    throw error
                }
            }
            let offset = index - places.start
            if offset % places.step == 0 && offset / places.step < places.count {
                removed[unchecked: removed.count] = items[index]
                removed.at.pointee.count += 1
            } else {
                items[target] = items[index]
                target += 1
            }
        }
        list.at.pointee.count = target
    }
}
