/// One reference held by Swift code: whatever way the code leaves, the reference is released or handed on.
struct Owned: ~Copyable {
    private let held: Value
    private let heap: Heap

    /// Takes over a reference the caller holds.
    @inline(__always) init(_ value: consuming Value, heap: Heap) {
        held = value
        self.heap = heap
    }

    /// A further reference to a borrowed value.
    @inline(__always) init(retaining value: Value, heap: Heap) {
        heap.retain(value)
        held = value
        self.heap = heap
    }

    /// The value, to look at while this lives.
    @inline(__always) var value: Value { held }

    /// Hands the reference on; the caller now owns it.
    @inline(__always) consuming func take() -> Value {
        let value = held
        discard self
        return value
    }

    @inline(__always) deinit { heap.release(held) }
}
