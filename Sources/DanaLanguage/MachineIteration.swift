/// Loops and unpacking.
extension Machine {
    /// `getIterator`: R[A], R[A+1], R[A+2] = an iteration over R[B].
    ///
    /// A range of small integers becomes the number of items left, the next item and the step; a list, tuple or
    /// string itself and a position; whatever else an iterator or a generator.
    func getIterator(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        try beginIteration(over: base[i.b], base + i.a)
        if i.x == 1, base[i.a].isObject(.iterator) { heap.store(heap.retained(base[i.a]), in: base + i.b) }
    }

    /// Puts an iteration over a value, borrowed, in three registers.
    func beginIteration(over source: Value, _ control: UnsafeMutablePointer<Value>) throws(DanaError) {
        switch source.objectKind {
        case .range:
            let range = RangeObject(known: source)
            guard let count = Value(fitting: range.count), let step = Value(fitting: range.step) else {
                return heap.store(try heap.iterator(over: source), in: control)
            }
            let start = Value(small: range.start)
            heap.store(count, in: control)
            heap.store(start, in: control + 1)
            heap.store(step, in: control + 2)
        case .list, .tuple, .string:
            heap.store(heap.retained(source), in: control)
            heap.store(Value(small: 0), in: control + 1)
            heap.store(.null, in: control + 2)
        case .generator:
            heap.store(heap.retained(source), in: control)
            heap.store(.null, in: control + 1)
        default:
            heap.store(try heap.iterator(over: source), in: control)
        }
    }

    /// `forNext` of what the loop does not do itself.
    func forNext(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        let frame = fiber.pointee.frame
        let control = frame.pointee.base + i.a
        let source = control.pointee
        var item: Value?
        switch source.objectKind {
        case .tuple:
            let tuple = TupleObject(known: source)
            let index = control[1].smallInteger
            if index < tuple.count {
                control[1] = Value(small: index + 1)
                item = heap.retained(tuple[unchecked: index])
            }
        case .string:
            let string = StringObject(known: source)
            let offset = control[1].smallInteger
            if offset < string.byteCount {
                let length = Heap.scalarLength(string.start[offset])
                item = try heap.character(of: string, at: offset, length: length)
                control[1] = Value(small: offset + length)
            }
        case .generator:
            let sent = control[1]
            control[1] = .null
            if try resume(GeneratorObject(known: source), sent: sent, purpose: .forNext, fiber) { return }
        case .iterator: item = try heap.next(of: IteratorObject(known: source))
        case .hostHandle: throw .handle
        default: break
        }
        if let item {
            heap.store(item, in: frame.pointee.base + i.b)
            frame.pointee.pc += i.jump
        } else {
            heap.store(.null, in: control)
        }
    }

    /// `unpack`: R[A], ... = the B items of R[C]. False when a generator must be drained first.
    func unpack(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        let base = fiber.pointee.frame.pointee.base
        guard
            let items = try sequence(in: i.c, atMost: i.b + 1, { "cannot unpack non-iterable \($0) object" }, fiber)
        else { return }
        guard items.count == i.b else {
            throw heap.valueError(
                items.count > i.b
                    ? "too many values to unpack (expected \(i.b))"
                    : "not enough values to unpack (expected \(i.b), got \(items.count))")
        }
        let held = Owned(retaining: base[i.c], heap: heap)
        defer { _ = held.value }
        heap.store(.undefined, in: base + i.c)
        for index in 0..<i.b { heap.store(heap.retained(items[index]), in: base + (i.a + index)) }
    }

    /// `unpackStar`: B items, a list of those between, X items.
    func unpackStar(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        let base = fiber.pointee.frame.pointee.base
        guard let items = try sequence(in: i.c, { "cannot unpack non-iterable \($0) object" }, fiber) else { return }
        let middle = items.count - i.b - i.x
        guard middle >= 0 else {
            throw heap.valueError("not enough values to unpack (expected at least \(i.b + i.x), got \(items.count))")
        }
        let held = Owned(retaining: base[i.c], heap: heap)
        defer { _ = held.value }
        let rest = try heap.list(copying: UnsafeBufferPointer(rebasing: items[i.b..<(i.b + middle)]))
        heap.store(.undefined, in: base + i.c)
        for index in 0..<i.b { heap.store(heap.retained(items[index]), in: base + (i.a + index)) }
        heap.store(rest.value, in: base + (i.a + i.b))
        for index in 0..<i.x {
            heap.store(heap.retained(items[i.b + middle + index]), in: base + (i.a + i.b + 1 + index))
        }
    }

    /// The items of a register as a list or a tuple, which the register then holds; nil when a generator's drain
    /// begins, after which the instruction runs again. Of what is walked, only the first items up to a number.
    func sequence(
        in register: Int, atMost limit: Int = .max, _ complaint: (String) -> String,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> UnsafeBufferPointer<Value>? {
        let base = fiber.pointee.frame.pointee.base
        let value = base[register]
        switch value.objectKind {
        case .list: return ListObject(known: value).items
        case .tuple: return TupleObject(known: value).items
        case .generator:
            try drain(GeneratorObject(known: value), into: .register(register), fiber)
            return nil
        case .hostHandle:
            let generator = heap.owned(try walk(over: HostHandleObject(known: value)))
            try drain(GeneratorObject(known: generator.value), into: .register(register), fiber)
            return nil
        case .iterator, .string, .bytes, .range, .dict, .set, .dictView, .enumType:
            let list = try list(of: value, atMost: limit)
            heap.store(list, in: base + register)
            return ListObject(known: list).items
        default: throw heap.typeError(complaint(value.typeName))
        }
    }

    /// A list of the first items that a value gives, owned.
    private func list(of value: Value, atMost limit: Int) throws(DanaError) -> Value {
        let list = try heap.list()
        let held = heap.owned(list.value)
        var items = try heap.iteration(over: value)
        while list.count < limit, let item = try items.next() {
            if list.count & 63 == 63 { try heap.charge(1) }
            do { try heap.append(item, to: list) } catch {
                heap.release(item)
                throw error
            }
        }
        return held.take()
    }
}
