/// `security_report()`: every blocked name with its reason and what to write instead.
enum SecurityReport {
    static let function = NativeFunction(
        "security_report", [], "What is blocked, why, and what to write instead, by name.", body: report)

    private static func report(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let report = try heap.dict()
        let held = heap.owned(report.value)
        for blocked in BlockedNames.all {
            let entry = try heap.dict()
            let heldEntry = heap.owned(entry.value)
            try set("reason", blocked.reasonClass, in: entry, heap)
            try set("explanation", blocked.explanation, in: entry, heap)
            try set("alternative", blocked.alternative, in: entry, heap)
            try heap.set(try heap.string(blocked.name).value, to: heldEntry.take(), in: report)
        }
        return held.take()
    }

    private static func set(_ key: String, _ text: String, in dict: DictObject, _ heap: Heap) throws(DanaError) {
        let value = heap.owned(try heap.string(text).value)
        try heap.set(try heap.string(key).value, to: value.take(), in: dict)
    }
}
