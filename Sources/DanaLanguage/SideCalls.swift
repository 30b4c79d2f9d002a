/// Calls to be made side by side: each of some functions with the same arguments, or one function with each of some
/// items. Each is made when its turn comes, so that many take no more than what they are made of.
struct SideCalls {
    /// The functions, or the items; this and the others are one reference each, or undefined where there is none.
    let parts: TupleObject
    /// What is called with each of the parts; undefined where these are called.
    let function: Value
    /// A tuple, and a dict or undefined, of what each of the parts is called with; undefined where a function is.
    let arguments: Value
    let keywords: Value

    /// Takes the references over.
    init(functions: TupleObject, arguments: Value, keywords: Value) {
        self.init(parts: functions, function: .undefined, arguments: arguments, keywords: keywords)
    }

    /// Takes the references over.
    init(function: Value, items: TupleObject) {
        self.init(parts: items, function: function, arguments: .undefined, keywords: .undefined)
    }

    init(parts: TupleObject, function: Value, arguments: Value, keywords: Value) {
        self.parts = parts
        self.function = function
        self.arguments = arguments
        self.keywords = keywords
    }

    var count: Int { parts.count }

    func release(_ heap: Heap) {
        for value in [parts.value, function, arguments, keywords] { heap.release(value) }
    }

    /// The function, the tuple of arguments and the keywords of one call, each owned by the caller.
    func call(
        _ number: Int, _ heap: Heap
    ) throws(DanaError) -> (function: Value, arguments: Value, keywords: Value) {
        let part = parts[unchecked: number]
        guard function.isUndefined else {
            let arguments = try heap.tuple(count: 1)
            arguments.start[0] = heap.retained(part)
            return (heap.retained(function), arguments.value, .undefined)
        }
        return (heap.retained(part), heap.retained(arguments), heap.retained(keywords))
    }
}
