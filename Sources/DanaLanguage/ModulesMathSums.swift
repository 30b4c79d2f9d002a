import Glibc

/// The functions of `math` over several numbers: sums, products, distances.
enum ModulesMathSums {
    static let functions: [NativeFunction] = [
        NativeFunction("math.fsum", [.iterable("seq")], "The exact sum, rounded once.", body: exactSum),
        NativeFunction(
            "math.prod", [.iterable(), NativeParameter("start", .keyword, default: .integer(1))],
            "The start and all items multiplied.", body: product),
        NativeFunction(
            "math.hypot", [NativeParameter("coordinates", .rest)], "The distance from the origin.",
            body: { call throws(DanaError) in
                var coordinates: [Double] = []
                for value in call.rest(0) { coordinates.append(try number(value, call.heap)) }
                return try call.heap.float(length(of: coordinates))
            }),
        NativeFunction(
            "math.dist", [.iterable("p"), .iterable("q")], "The distance of two points.", body: distance),
        NativeFunction(
            "math.sumprod", [.iterable("p"), .iterable("q")], "The sum of the products of items at the same place.",
            body: productSum),
    ]

    private static func number(_ value: Value, _ heap: Heap) throws(DanaError) -> Double {
        guard let float = try heap.float(from: value) else {
            throw heap.typeError("must be real number, not \(value.typeName)")
        }
        return float
    }

    private static func numbers(_ call: NativeCall, _ index: Int) throws(DanaError) -> [Double] {
        var items = try call.items(index)
        var numbers: [Double] = []
        while let item = try items.next() {
            let item = call.heap.owned(item)
            if numbers.count & 0xFFF == 0xFFF { try call.reserve(numbers.count * 8) }
            numbers.append(try number(item.value, call.heap))
        }
        return numbers
    }

    /// The length of a vector, exact to the last digit or two: scaled by a power of two and summed with its errors.
    private static func length(of coordinates: [Double]) -> Double {
        let greatest = coordinates.reduce(0) { max($0, $1.magnitude) }
        if coordinates.contains(where: { $0.isInfinite }) { return .infinity }
        if coordinates.contains(where: { $0.isNaN }) { return .nan }
        guard greatest > 0 else { return 0 }
        let scale = Double(sign: .plus, exponent: -Int(greatest.exponent), significand: 1)
        guard scale.isFinite, scale > 0 else { return coordinates.reduce(0) { hypot($0, $1) } }
        var sum = 0.0
        var error = 0.0
        for coordinate in coordinates {
            let scaled = coordinate * scale
            let square = scaled * scaled
            error += (-square).addingProduct(scaled, scaled)
            let next = sum + square
            error += sum >= square ? (sum - next) + square : (square - next) + sum
            sum = next
        }
        var root = (sum + error).squareRoot()
        // One step of Newton's method with the exact difference.
        let square = root * root
        let difference = (sum - square) + (error - (-square).addingProduct(root, root))
        root += difference / (2 * root)
        return root / scale
    }

    private static func distance(_ call: NativeCall) throws(DanaError) -> Value {
        let (p, q) = (try numbers(call, 0), try numbers(call, 1))
        guard p.count == q.count else {
            throw call.heap.valueError("both points must have the same number of dimensions")
        }
        return try call.heap.float(length(of: zip(p, q).map { $0 - $1 }))
    }

    private static func product(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        var items = try call.items(0)
        var result = Owned(retaining: call[1], heap: heap)
        while let item = try items.next() {
            let item = heap.owned(item)
            result = heap.owned(try Arithmetic(heap: heap).calculate(.multiply, result.value, item.value))
        }
        return result.take()
    }

    private static func productSum(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        var left = try call.items(0)
        var right = try call.items(1)
        var sum = heap.owned(Value(small: 0))
        while let first = try left.next() {
            let first = heap.owned(first)
            guard let second = try right.next() else { throw heap.valueError("Inputs are not the same length") }
            let second2 = heap.owned(second)
            let product = heap.owned(try Arithmetic(heap: heap).calculate(.multiply, first.value, second2.value))
            sum = heap.owned(try Arithmetic(heap: heap).calculate(.add, sum.value, product.value))
        }
        if let extra = try right.next() {
            heap.release(extra)
            throw heap.valueError("Inputs are not the same length")
        }
        return sum.take()
    }

    /// Partial sums that do not overlap are kept, so that nothing is lost before the end.
    private static func exactSum(_ call: NativeCall) throws(DanaError) -> Value {
        var partials: [Double] = []
        var special = 0.0
        var hasSpecial = false
        for number in try numbers(call, 0) {
            guard number.isFinite else {
                hasSpecial = true
                if special.isInfinite, number.isInfinite, special != number {
                    throw call.heap.valueError("-inf + inf in fsum")
                }
                special += number
                continue
            }
            var x = number
            var kept = 0
            for index in partials.indices {
                var y = partials[index]
                if x.magnitude < y.magnitude { swap(&x, &y) }
                let high = x + y
                let low = y - (high - x)
                if low != 0 {
                    partials[kept] = low
                    kept += 1
                }
                x = high
            }
            guard x.isFinite else { throw call.heap.overflowError("intermediate overflow in fsum") }
            partials.removeSubrange(kept...)
            if x != 0 { partials.append(x) }
        }
        if hasSpecial { return try call.heap.float(special) }
        return try call.heap.float(rounded(partials))
    }

    /// The sum of partials that do not overlap, the greatest last, rounded to the nearest float.
    static func rounded(_ partials: [Double]) -> Double {
        guard var sum = partials.last else { return 0 }
        var index = partials.count - 1
        var low = 0.0
        while index > 0 {
            index -= 1
            let x = sum
            let y = partials[index]
            sum = x + y
            low = y - (sum - x)
            if low != 0 { break }
        }
        // A tie is decided by what comes below it.
        if index > 0, (low < 0 && partials[index - 1] < 0) || (low > 0 && partials[index - 1] > 0) {
            let twice = low * 2
            let next = sum + twice
            if twice == next - sum { sum = next }
        }
        return sum
    }
}
