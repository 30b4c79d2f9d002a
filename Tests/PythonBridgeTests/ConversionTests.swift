import CPython
import DanaData
import Glibc
import Testing
import ValueGenerator

@testable import PythonBridge

/// Values of every type go from Swift to Python and come back the same. DANA_SEED repeats a run that failed.
@Suite struct ConversionTests {
    /// Some that are always tried, and one that differs from run to run; each is an argument, which a failure names.
    static let seeds: [UInt64] = {
        let asked = getenv("DANA_SEED").flatMap { UInt64(String(cString: $0)) }
        let fresh = asked ?? UInt64.random(in: 1000...UInt64.max)
        print("conversions: seed \(fresh); set DANA_SEED to it to repeat")
        return [1, 2, 3, fresh]
    }()
    static let rounds = 100

    /// Random values of one type there and back.
    private func check<Value: PythonConvertible>(
        _ seed: UInt64, _ make: (inout Generator) throws -> Value, _ same: (Value, Value) -> Bool
    ) throws {
        var generator = Generator(seed: seed)
        for round in 0..<Self.rounds {
            let value = try make(&generator)
            let back = try TestInterpreter.hold { py in
                let object = PythonObject(owning: try value.toPython(py))
                return try object.value(as: Value.self, py)
            }
            #expect(same(back, value), "\(Value.self), seed \(seed), round \(round): \(value) became \(back)")
        }
    }

    /// The same of what may fail to be made.
    private func checkSome<Value: PythonConvertible & Equatable>(
        _ seed: UInt64, _ make: (inout Generator) -> Value?
    ) throws {
        try check(
            seed,
            { generator in
                let value = make(&generator)
                return try #require(value)
            }, ==)
    }

    private func check<Value: PythonConvertible & Equatable>(
        _ seed: UInt64, _ make: (inout Generator) throws -> Value
    ) throws {
        try check(seed, make, ==)
    }

    @Test(arguments: seeds) func integers(seed: UInt64) throws {
        func each<Value: FixedWidthInteger & PythonConvertible>(_ type: Value.Type) throws {
            try check(seed) { $0.integer(of: type) }
            try check(seed) { generator in generator.list { $0.integer(of: type) } }
        }
        try each(Int.self)
        try each(Int8.self)
        try each(Int16.self)
        try each(Int32.self)
        try each(Int64.self)
        try each(Int128.self)
        try each(UInt.self)
        try each(UInt8.self)
        try each(UInt16.self)
        try each(UInt32.self)
        try each(UInt64.self)
        try each(UInt128.self)
        try check(seed) { $0.integer() as BigInteger }
        try check(seed) { $0.chance(1, in: 2) }
    }

    /// Bit by bit; a NaN that passes through a wider type may become a quiet one.
    @Test(arguments: seeds) func floats(seed: UInt64) throws {
        try check(seed, { $0.double() }, { $0.bitPattern == $1.bitPattern })
        try check(seed, { $0.list { $0.double() } }, { $0.map(\.bitPattern) == $1.map(\.bitPattern) })
        try check(
            seed, { Float(bitPattern: UInt32(truncatingIfNeeded: $0.next())) },
            { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
        try check(
            seed, { $0.complex() },
            {
                $0.real.bitPattern == $1.real.bitPattern && $0.imaginary.bitPattern == $1.imaginary.bitPattern
            })
    }

    @Test(arguments: seeds) func textAndBytes(seed: UInt64) throws {
        // Equal texts may be written differently: the scalars are what must come back.
        try check(seed, { $0.text(upTo: 200) }, { $0.unicodeScalars.elementsEqual($1.unicodeScalars) })
        try check(seed) { generator in generator.list { $0.text() } }
        try check(seed) { Bytes($0.bytes(upTo: 300)) }
        try check(seed) { $0.path() }
    }

    @Test(arguments: seeds) func containers(seed: UInt64) throws {
        try check(seed) { generator in generator.optional { $0.integer(of: Int.self) } }
        try check(seed) { generator in generator.list { $0.optional { $0.list { $0.text() } } } }
        try check(seed) { generator in Set(generator.list { $0.integer(of: Int.self) }) }
        try check(seed) { generator in Set(generator.list { $0.identifier() }) }
        try check(seed) { generator in
            Dictionary(generator.list { ($0.text(), $0.integer(of: Int.self)) }, uniquingKeysWith: { $1 })
        }
        try check(seed) { generator in
            Dictionary(generator.list { ($0.integer(of: Int.self), $0.list { $0.text() }) }, uniquingKeysWith: { $1 })
        }
        func pairs(_ generator: inout Generator) -> PythonPairs<String, Int> {
            var pairs = PythonPairs<String, Int>([])
            for number in 0..<Int.random(in: 0...6, using: &generator) {
                pairs.append("\(number)" + generator.text(), number)
            }
            return pairs
        }
        try check(seed, pairs, { $0.keys == $1.keys && $0.values == $1.values })
        try check(seed) { $0.range() }
        try check(seed) { generator in
            let range = generator.range().clamped(to: .min..<(.max - 1))
            return range.lowerBound...(range.isEmpty ? range.lowerBound : range.upperBound - 1)
        }
        try checkSome(seed) { $0.steppedRange() }
    }

    @Test(arguments: seeds) func tuples(seed: UInt64) throws {
        func part(_ generator: inout Generator) -> Int { generator.integer(of: Int.self) }
        try check(seed, { Tuple2(part(&$0), $0.text()) }, { $0.values == $1.values })
        try check(seed, { Tuple3(part(&$0), $0.text(), $0.optional(part)) }, { $0.values == $1.values })
        func four(_ generator: inout Generator) -> Tuple4<Int, String, Int, [Int]> {
            Tuple4(part(&generator), generator.text(), part(&generator), generator.list(part))
        }
        func five(_ generator: inout Generator) -> Tuple5<Int, String, Int, [Int], UniqueIdentifier> {
            let (a, b, c, d) = four(&generator).values
            return Tuple5(a, b, c, d, generator.identifier())
        }
        func six(_ generator: inout Generator) -> Tuple6<Int, String, Int, [Int], UniqueIdentifier, Int> {
            let (a, b, c, d, e) = five(&generator).values
            return Tuple6(a, b, c, d, e, part(&generator))
        }
        try check(seed, four, { $0.values == $1.values })
        try check(seed, five, { $0.values == $1.values })
        try check(seed, six, { $0.values == $1.values })
    }

    @Test(arguments: seeds) func times(seed: UInt64) throws {
        try checkSome(seed) { $0.date() }
        try checkSome(seed) { $0.time() }
        try checkSome(seed) { $0.moment() }
        try checkSome(seed) { $0.delta() }
        try checkSome(seed) { $0.delta().map { Duration($0) } }
        try checkSome(seed) { $0.zone() }
    }

    @Test(arguments: seeds) func exactNumbersAndIdentifiers(seed: UInt64) throws {
        try checkSome(seed) { $0.decimal() ?? Decimal("1") }
        try checkSome(seed) { $0.fraction() }
        try check(seed) { $0.identifier() }
    }

    @Test(arguments: seeds) func recordsAndEnums(seed: UInt64) throws {
        func item(_ generator: inout Generator) -> Parcel.Item {
            Parcel.Item(
                name: generator.text(), count: generator.integer(of: UInt16.self),
                tags: Set(generator.list { $0.text() }))
        }
        try checkSome(
            seed,
            { generator in
                generator.moment().map { sent in
                    Parcel(
                        id: generator.identifier(), weight: Double(generator.integer(of: Int32.self)),
                        colour: generator.optional { $0.chance(1, in: 2) ? .red : .green },
                        contents: generator.list(item), sent: sent,
                        way: generator.chance(1, in: 2) ? .post : .courier(name: generator.text(), stops: [1, 2]))
                }
            })
        try check(seed) { $0.chance(1, in: 2) ? Parcel.Colour.red : .green }
    }

    /// Deep values of every kind, through the tape.
    @Test(arguments: seeds) func values(seed: UInt64) throws {
        try check(
            seed,
            { generator in
                var builder = TapeBuilder()
                generator.appendValue(to: &builder, depth: 5)
                return PythonValue(builder.finish())
            }, { $0.tape == $1.tape })
    }

    @Test func objectsStayThemselves() throws {
        try TestInterpreter.hold { py in
            let object = try py.evaluate("object()")
            let back = try PythonObject(owning: try object.toPython(py)).value(as: PythonObject.self, py)
            #expect(back === object)
        }
    }

    /// What was made of a container before one of its elements failed is given back.
    @Test(arguments: 0..<3) func whatCannotBeFinishedIsGivenBack(bad: Int) throws {
        try TestInterpreter.hold { py in
            let object = try py.evaluate("object()")
            let values = (0..<3).map { Tuple2(object, $0 == bad ? 0...Int.max : 0...1) }
            let pairs = values.enumerated().map { (key: "\($0.offset)", value: $0.element) }
            let dictionary = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
            try refused(values, with: object, at: "$[\(bad)][1]", py)
            try refused(PythonPairs(pairs), with: object, at: "$['\(bad)'][1]", py)
            try refused(dictionary, with: object, at: "$['\(bad)'][1]", py)
            try refused([[values[bad]]], with: object, at: "$[0][0][1]", py)
        }
    }

    private func refused(
        _ value: some ToPython, with object: PythonObject, at place: String, _ py: borrowing Python
    ) throws {
        let count = try py.import("sys").attribute("getrefcount", py)
        let before = try count.call(object, as: Int.self, py: py)
        do throws(PythonError) {
            py_decref(try value.toPython(py))
            Issue.record("\(type(of: value)) was not refused")
        } catch {
            #expect("\(error)".hasPrefix("OverflowError: at \(place): "), "\(error)")
        }
        #expect(try count.call(object, as: Int.self, py: py) == before, "\(type(of: value))")
    }

    @Test func aRangeThatPythonCannotEndIsRefused() throws {
        #expect(throws: PythonError.self) { try TestInterpreter.hold { py in try (0...Int.max).toPython(py) } }
    }
}

/// A record with fields of many kinds.
private struct Parcel: PythonRecord, Equatable {
    enum Colour: String, PythonEnum, Codable { case red, green }

    enum Way: Codable, Equatable {
        case post
        case courier(name: String, stops: [Int])
    }

    struct Item: PythonRecord, Equatable {
        var name: String
        var count: UInt16
        var tags: Set<String>
    }

    var id: UniqueIdentifier
    var weight: Double
    var colour: Colour?
    var contents: [Item]
    var sent: DateTime
    var way: Way
}
