import PythonBridge

/// Classes with every kind of member.
@PythonModuleBuilder var classProbes: [any PythonModuleItem] {
    ProbeCounter.pythonClass
    ProbeVector.pythonClass
    ProbeSealed.pythonClass
    function("same", "counter", doc: "Gives back the Swift object it was given.") { (counter: ProbeCounter) in counter }
    function("make_sealed", doc: "An object of a class that Python cannot instantiate.") { () in ProbeSealed() }
    function("live_counters", doc: "How many counters live in Swift.") { () in ProbeCounter.live }
}

/// Counts, and is counted: its live objects are known.
final class ProbeCounter: PythonExported {
    // Safe because Python calls everything here with the interpreter held.
    nonisolated(unsafe) static var live = 0

    var value: Int
    var log: [String] = []

    init(_ value: Int) {
        self.value = value
        Self.live += 1
    }

    deinit { Self.live -= 1 }

    static let pythonClass = PythonClass("Counter", doc: "Counts from a start.", subclassable: true) {
        function("__init__", optional("start", 0)) { (start: Int) throws(PythonError) in
            guard start >= 0 else { throw .valueError("start must not be negative, got \(start)") }
            return ProbeCounter(start)
        }
        function("add", "self", "n", doc: "Adds n and returns the sum.") { (counter: ProbeCounter, n: Int) in
            counter.value &+= n
            return counter.value
        }
        function("me", "self", doc: "The counter itself.") { (counter: ProbeCounter) in counter }
        function("twice", "self", keyword("by", 2), doc: "The value, multiplied.") { (counter: ProbeCounter, by: Int) in
            counter.value &* by
        }
        property("value", doc: "The count.") {
            (counter: ProbeCounter) in
            counter.value
        } set: {
            (counter: ProbeCounter, value: Int) throws(PythonError) in
            guard value >= 0 else { throw .valueError("value must not be negative") }
            counter.value = value
        }
        property("parity", doc: "even or odd.") { (counter: ProbeCounter) in
            counter.value.isMultiple(of: 2) ? "even" : "odd"
        }
        staticMethod(
            function("parse", "text", doc: "A counter from its text.") {
                (text: String) throws(PythonError) in
                guard let value = Int(text) else { throw .valueError("not a number: \(text)") }
                return ProbeCounter(value)
            })
        classMethod(
            function("named", "cls", doc: "The class's name.") {
                (type: PythonObject) throws(PythonError) -> PythonObject in
                try Python.hold { py throws(PythonError) in try type.attribute("__name__", py) }
            })
        function("__repr__", "self") { (counter: ProbeCounter) in "Counter(\(counter.value))" }
        function("__str__", "self") { (counter: ProbeCounter) in "\(counter.value) counted" }
        function("__eq__", "self", "other") { (one: ProbeCounter, other: ProbeCounter) in one.value == other.value }
        function("__lt__", "self", "other") { (one: ProbeCounter, other: ProbeCounter) in one.value < other.value }
        function("__hash__", "self") { (counter: ProbeCounter) in counter.value }
        function("__bool__", "self") { (counter: ProbeCounter) in counter.value != 0 }
        function("__int__", "self") { (counter: ProbeCounter) in counter.value }
        function("__call__", "self", "n", keyword("sign", 1)) { (counter: ProbeCounter, n: Int, sign: Int) in
            counter.value &+ n &* sign
        }
        function("__enter__", "self") { (counter: ProbeCounter) in
            counter.log.append("enter")
            return counter
        }
        function("__exit__", "self", "kind", "value", "traceback") {
            (counter: ProbeCounter, _: PythonObject?, value: PythonObject?, _: PythonObject?) in
            counter.log.append(value == nil ? "exit" : "failed")
            return false
        }
        property("log", doc: "What happened.") { (counter: ProbeCounter) in counter.log.joined(separator: " ") }
    }
}

/// A container with operators.
final class ProbeVector: PythonExported {
    var items: [Int]

    init(_ items: [Int]) { self.items = items }

    func index(_ index: Int) throws(PythonError) -> Int {
        let position = index < 0 ? index + items.count : index
        guard items.indices.contains(position) else {
            throw PythonError(.indexError, "index \(index) is out of range: the vector has \(items.count) items")
        }
        return position
    }

    static let pythonClass = PythonClass("Vector", doc: "Integers.") {
        function("__init__", variadic("items")) { (items: PositionalArguments) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                var values: [Int] = []
                for item in items.values { values.append(try item.value(py)) }
                return ProbeVector(values)
            }
        }
        function("__len__", "self") { (vector: ProbeVector) in vector.items.count }
        function("__getitem__", "self", "index") { (vector: ProbeVector, index: Int) throws(PythonError) in
            vector.items[try vector.index(index)]
        }
        function("__setitem__", "self", "index", "value") {
            (vector: ProbeVector, index: Int, value: Int) throws(PythonError) in
            vector.items[try vector.index(index)] = value
            return Nothing()
        }
        function("__delitem__", "self", "index") { (vector: ProbeVector, index: Int) throws(PythonError) in
            vector.items.remove(at: try vector.index(index))
            return Nothing()
        }
        function("__contains__", "self", "item") { (vector: ProbeVector, item: Int) in vector.items.contains(item) }
        function("__iter__", "self") { (vector: ProbeVector) in SwiftIterator(vector.items) }
        function("__add__", "self", "other") { (one: ProbeVector, other: ProbeVector) in
            ProbeVector(zip(one.items, other.items).map { $0 &+ $1 })
        }
        function("__mul__", "self", "factor") { (vector: ProbeVector, factor: Int) in
            ProbeVector(vector.items.map { $0 &* factor })
        }
        function("__rmul__", "self", "factor") { (vector: ProbeVector, factor: Int) in
            ProbeVector(vector.items.map { $0 &* factor })
        }
        function("__neg__", "self") { (vector: ProbeVector) in ProbeVector(vector.items.map { 0 &- $0 }) }
        function("__eq__", "self", "other") { (one: ProbeVector, other: ProbeVector) in one.items == other.items }
    }
}

/// Can be neither made nor subclassed in Python.
final class ProbeSealed: PythonExported {
    static let pythonClass = PythonClass("Sealed", doc: "Made in Swift only.") {
        function("greet", "self") { (_: ProbeSealed) in "hello" }
    }
}
