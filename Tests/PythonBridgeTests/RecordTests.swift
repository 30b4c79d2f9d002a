import DanaData
import Foundation
import Testing

@testable import PythonBridge

/// Records with `Codable` conformances written by hand: nested containers, superclasses, keys of their own.
@Suite struct RecordTests {
    /// To Python, compared there, and back.
    private func check<Record: PythonRecord & Equatable>(_ record: Record, is source: String) throws {
        try TestInterpreter.hold { py in
            let object = PythonObject(owning: try record.toPython(py))
            #expect(try py.builtin("repr").call(object, as: String.self, py: py) == source)
            #expect(try py.evaluate(source).value(as: Record.self, py) == record)
        }
    }

    /// What reading the record from this Python source says.
    private func refusal<Record: PythonRecord>(_ type: Record.Type, _ source: String) throws -> String? {
        try TestInterpreter.hold { py in
            let object = try py.evaluate(source)
            do throws(PythonError) {
                _ = try object.value(as: Record.self, py)
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func nestedContainers() throws {
        try check(
            Nested(x: 1, y: 2, names: ["a", "b"], rows: [[1], []], pairs: [3: "c"]),
            is: "{'point': {'x': 1, 'y': 2}, 'names': ['a', 'b'], 'rows': [[1], []], 'pairs': [{'3': 'c'}]}")
        #expect(
            try refusal(Nested.self, "{'point': {'x': 1, 'y': 'two'}}")
                == "TypeError: at $.point.y: expected int, got str")
        #expect(
            try refusal(Nested.self, "{'point': {'x': 1, 'y': 2}, 'names': ['a', 2]}")
                == "TypeError: at $.names[1]: expected str, got int")
        #expect(
            try refusal(Nested.self, "{'point': {'x': 1, 'y': 2}, 'names': 'ab'}")
                == "TypeError: at $.names: expected list, got str")
        #expect(
            try refusal(Nested.self, "{'point': 7}")
                == "TypeError: at $.point: expected dict or an object with attributes, got int")
    }

    @Test func aSuperclassHasAPlaceOfItsOwn() throws {
        try TestInterpreter.hold { py in
            let dog = Dog(name: "Rex", age: 3)
            let object = PythonObject(owning: try dog.toPython(py))
            #expect(
                try py.builtin("repr").call(object, as: String.self, py: py)
                    == "{'age': 3, 'super': {'name': 'Rex'}, 'tag': {'name': 'Rex'}}")
            let back = try py.evaluate("{'age': 3, 'name': 'Rex', 'tag': {'name': 'Tag'}}").value(as: Dog.self, py)
            #expect(back.age == 3 && back.name == "Rex" && back.tag.name == "Tag")
        }
    }

    @Test func elementsWithoutAPlaceInASequence() throws {
        try check(Row(first: nil, second: 5, rest: .init(name: "z")), is: "[None, 5, {'name': 'z'}]")
        #expect(try refusal(Row.self, "[None, 5]") == "ValueError: expected more than 2 elements")
        #expect(try refusal(Row.self, "[1, 5, {}]") == "ValueError: the first is nothing")
    }

    @Test func theKeysOfAMapping() throws {
        try check(AnyKeys(values: ["a": 1, "b": 2]), is: "{'a': 1, 'b': 2}")
        // Keys that are no text are none of the type's; an object without a dict has no keys to list.
        #expect(
            try TestInterpreter.hold { py in try py.evaluate("{1: 2}").value(as: AnyKeys.self, py) }.values == [:])
        let object = "__import__('types').SimpleNamespace(a=1)"
        #expect(
            try TestInterpreter.hold { py in try py.evaluate(object).value(as: AnyKeys.self, py) }.values == [:])
        #expect(
            try refusal(AnyKeys.self, "__import__('collections').ChainMap({'a': 'x'})")
                == "TypeError: at $.a: expected int, got str")
    }

    /// A field that raises when it is asked for says so itself; it does not count as missing.
    @Test func anAttributeThatFails() throws {
        let source = "type('Broken', (), {'name': property(lambda self: 1 // 0)})()"
        #expect(
            try refusal(Named.self, source)?.hasPrefix("ZeroDivisionError: ") == true)
        #expect(try refusal(Named.self, "object()") == "ValueError: missing field 'name'")
    }

    @Test func whatAConformanceRefuses() throws {
        #expect(try refusal(Picky.self, "{'kind': 'corrupted'}") == "ValueError: at $.kind: no such kind")
        #expect(try refusal(Picky.self, "{'kind': 'mismatch'}") == "TypeError: at $.kind: wrong type")
        #expect(try refusal(Picky.self, "{'kind': 'absent'}") == "ValueError: at $.kind: nothing there")
        #expect(try refusal(Picky.self, "{'kind': 'missing'}") == "ValueError: missing field 'kind'")
        #expect(try refusal(Picky.self, "{'kind': 'other'}")?.contains("Refused") == true)
        try TestInterpreter.hold { py in
            let error = #expect(throws: PythonError.self) { try Picky(kind: "encode").toPython(py) }
            #expect(error.map { "\($0)" } == "ValueError: cannot be written")
        }
    }

    @Test func typesOfPythonsOwnInsideAnotherType() throws {
        try check(Wrapped(value: BigInteger(7)), is: "7")
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(BigInteger(7)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(BigInteger.self, from: Data("7".utf8)) }
    }

    @Test func aRecordThatHoldsItselfIsRefused() throws {
        let knot = Knot()
        knot.next = knot
        defer { knot.next = nil }
        try TestInterpreter.hold { py in
            let error = #expect(throws: PythonError.self) { try knot.toPython(py) }
            #expect(error?.matches(.recursionError, py) == true)
        }
    }
}

/// Written by hand, with a container in a container.
private struct Nested: PythonRecord, Equatable {
    var x: Int
    var y: Int
    var names: [String]
    var rows: [[Int]]
    var pairs: [Int: String]

    enum Keys: String, CodingKey { case point, names, rows, pairs }
    enum PointKeys: String, CodingKey { case x, y }
    struct NumberKey: CodingKey {
        var intValue: Int?
        var stringValue: String { intValue.map(String.init) ?? "" }
        init(intValue: Int) { self.intValue = intValue }
        init?(stringValue: String) { intValue = Int(stringValue) }
    }

    init(x: Int, y: Int, names: [String], rows: [[Int]], pairs: [Int: String]) {
        (self.x, self.y, self.names, self.rows, self.pairs) = (x, y, names, rows, pairs)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let point = try container.nestedContainer(keyedBy: PointKeys.self, forKey: .point)
        x = try point.decode(Int.self, forKey: .x)
        y = try point.decode(Int.self, forKey: .y)
        var names = try container.nestedUnkeyedContainer(forKey: .names)
        self.names = []
        while !names.isAtEnd { self.names.append(try names.decode(String.self)) }
        var rows = try container.nestedUnkeyedContainer(forKey: .rows)
        self.rows = []
        while !rows.isAtEnd {
            var row = try rows.nestedUnkeyedContainer()
            var cells: [Int] = []
            while !row.isAtEnd { cells.append(try row.decode(Int.self)) }
            self.rows.append(cells)
        }
        var list = try container.nestedUnkeyedContainer(forKey: .pairs)
        pairs = [:]
        while !list.isAtEnd {
            let pair = try list.nestedContainer(keyedBy: NumberKey.self)
            for key in pair.allKeys {
                if let number = key.intValue { pairs[number] = try pair.decode(String.self, forKey: key) }
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var point = container.nestedContainer(keyedBy: PointKeys.self, forKey: .point)
        try point.encode(x, forKey: .x)
        try point.encode(y, forKey: .y)
        var list = container.nestedUnkeyedContainer(forKey: .names)
        for name in names { try list.encode(name) }
        var table = container.nestedUnkeyedContainer(forKey: .rows)
        for cells in rows {
            var row = table.nestedUnkeyedContainer()
            for cell in cells { try row.encode(cell) }
        }
        var entries = container.nestedUnkeyedContainer(forKey: .pairs)
        for (number, name) in pairs {
            var entry = entries.nestedContainer(keyedBy: NumberKey.self)
            try entry.encode(name, forKey: NumberKey(intValue: number))
        }
    }
}

private struct Named: PythonRecord, Equatable {
    var name: String
}

/// A class that writes what it inherits apart, and reads it from the same place.
private final class Dog: PythonRecord {
    let name: String
    let age: Int
    let tag: Named

    enum Keys: String, CodingKey { case age, tag }

    init(name: String, age: Int) {
        (self.name, self.age, tag) = (name, age, Named(name: name))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        age = try container.decode(Int.self, forKey: .age)
        name = try Named(from: container.superDecoder()).name
        tag = try Named(from: container.superDecoder(forKey: .tag))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(age, forKey: .age)
        try Named(name: name).encode(to: container.superEncoder())
        try tag.encode(to: container.superEncoder(forKey: .tag))
    }
}

/// A sequence of different things.
private struct Row: PythonRecord, Equatable {
    var first: Int?
    var second: Int
    var rest: Named

    init(first: Int?, second: Int, rest: Named) { (self.first, self.second, self.rest) = (first, second, rest) }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        guard try container.decodeNil() else { throw PythonError.valueError("the first is nothing") }
        second = try container.decode(Int.self)
        rest = try Named(from: container.superDecoder())
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encodeNil()
        try container.encode(second)
        try rest.encode(to: container.superEncoder())
    }
}

/// Takes whatever keys there are.
private struct AnyKeys: PythonRecord, Equatable {
    var values: [String: Int]

    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(values: [String: Int]) { self.values = values }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        values = [:]
        for key in container.allKeys where try !container.decodeNil(forKey: key) {
            values[key.stringValue] = try container.decode(Int.self, forKey: key)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            try container.encode(value, forKey: Key(stringValue: name))
        }
    }
}

/// Refuses in every way that `Codable` has.
private struct Picky: PythonRecord {
    var kind: String

    enum Keys: String, CodingKey { case kind }
    struct Refused: Error {}

    init(kind: String) { self.kind = kind }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        kind = try container.decode(String.self, forKey: .kind)
        func context(_ text: String) -> DecodingError.Context {
            DecodingError.Context(codingPath: [Keys.kind], debugDescription: text)
        }
        switch kind {
        case "corrupted": throw DecodingError.dataCorrupted(context("no such kind"))
        case "mismatch": throw DecodingError.typeMismatch(Int.self, context("wrong type"))
        case "absent": throw DecodingError.valueNotFound(Int.self, context("nothing there"))
        case "missing":
            throw DecodingError.keyNotFound(Keys.kind, .init(codingPath: [], debugDescription: ""))
        default: throw Refused()
        }
    }

    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            kind, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "cannot be written"))
    }
}

/// Stands for its one value.
private struct Wrapped: PythonRecord, Equatable {
    var value: BigInteger

    init(value: BigInteger) { self.value = value }
    init(from decoder: any Decoder) throws { value = try BigInteger(from: decoder) }
    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// Can hold itself.
private final class Knot: PythonRecord {
    var next: Knot?
    init() {}
}
