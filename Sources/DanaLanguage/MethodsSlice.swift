/// The parts of slices, and the bounds that they mean.
enum MethodsSlice {
    static let table = NativeCatalogue.Member.table(
        methods: [
            NativeFunction(
                "slice.indices", [.receiver, NativeParameter("length")],
                "The start, stop and step that the slice means in a sequence of a length.",
                body: { call throws(DanaError) in
                    let heap = call.heap
                    let slice = try slice(call)
                    let length = try call.integer(1)
                    if length < 0 { throw heap.valueError("length should not be negative") }
                    let places = try Slicing(heap: heap).places(slice, count: length)
                    let step = slice.at.pointee.step
                    let result = try heap.tuple(count: 3)
                    let held = heap.owned(result.value)
                    result.start[0] = try heap.integer(places.start)
                    result.start[1] = try heap.integer(places.stop)
                    result.start[2] = step.isObject(.bigInt) ? heap.retained(step) : try heap.integer(places.step)
                    return held.take()
                })
        ],
        properties: [
            part("start", "The first bound.") { $0.at.pointee.start },
            part("stop", "The bound that is not reached.") { $0.at.pointee.stop },
            part("step", "What lies between two places.") { $0.at.pointee.step },
        ])

    private static func part(
        _ name: String, _ documentation: String, _ part: @escaping @Sendable (SliceObject) -> Value
    ) -> NativeFunction {
        NativeFunction("slice." + name, [.receiver], documentation) { call throws(DanaError) in
            call.heap.retained(part(try slice(call)))
        }
    }

    private static func slice(_ call: NativeCall) throws(DanaError) -> SliceObject {
        guard let slice = SliceObject(call[0]) else { throw call.expects("slice", at: 0) }
        return slice
    }
}
