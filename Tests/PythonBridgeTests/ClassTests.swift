import PythonBridge
import Testing

@Suite struct ClassTests {
    @Test func anObjectKeepsItsIdentityBothWays() throws {
        try TestInterpreter.hold { py in
            let dog = Animal("Rex")
            let first = try py.object(dog)
            let second = try py.object(dog)
            #expect(first === second)
            let back: Animal = try first.value(py)
            #expect(back === dog)
            let sound = try first.callMethod("says", "hello", as: String.self, py: py)
            #expect(sound == "Rex says hello")
        }
    }

    @Test func swiftOutlivesPythonAndTheOtherWayRound() throws {
        try TestInterpreter.hold { py in
            let dog = Animal("Rex")
            var object: PythonObject? = try py.object(dog)
            let reference = try py.import("weakref").attribute("ref", py).call(dog, py: py)
            object = nil
            _ = object
            let isGone = try reference.call(py).isNone(py)
            #expect(isGone)
            #expect(dog.name == "Rex")
            let again = try py.object(dog).callMethod("says", "again", as: String.self, py: py)
            #expect(again == "Rex says again")

            weak var cat: Animal?
            let kept: PythonObject
            do {
                let made = Animal("Tom")
                cat = made
                kept = try py.object(made)
            }
            #expect(cat != nil)
            let sound = try kept.callMethod("says", "hi", as: String.self, py: py)
            #expect(sound == "Tom says hi")
        }
    }

    @Test func aSwiftSubclassComesBackAsItself() throws {
        try TestInterpreter.hold { py in
            let puppy = Puppy("Bo")
            let object = try py.object(puppy)
            let asAnimal: Animal = try object.value(py)
            #expect(asAnimal === puppy)
            let asPuppy: Puppy = try object.value(py)
            #expect(asPuppy === puppy)
            let animal = try py.object(Animal("Rex"))
            #expect { _ = try animal.value(as: Puppy.self, py) } throws: { "\($0)".contains("expected Puppy") }
            let number = try py.object(3)
            #expect { _ = try number.value(as: Animal.self, py) } throws: {
                "\($0)".hasSuffix("expected Animal, got int")
            }
        }
    }

    @Test func aSpecialMethodThatCannotBeDefinedIsRefused() throws {
        try TestInterpreter.hold { py in
            let odd = Odd()
            #expect { _ = try py.object(odd) } throws: {
                "\($0)".contains("class Odd: __getattribute__ cannot be defined in Swift")
            }
        }
    }

    @Test func aSwiftSequenceIsIterated() throws {
        try TestInterpreter.hold { py in
            let items = try py.builtin("list").call(SwiftIterator(["a", "b"]), py: py)
            let texts = try items.elements(as: String.self, py)
            #expect(texts == ["a", "b"])
        }
    }
}

/// A class that may have subclasses in Swift.
private class Animal: PythonExported {
    let name: String

    init(_ name: String) { self.name = name }

    static let pythonClass = PythonClass("Animal") {
        function("says", "self", "what") { (animal: Animal, what: String) in "\(animal.name) says \(what)" }
    }
}

/// A subclass that Python does not know of.
private final class Puppy: Animal {}

/// A class with a special method that has no slot here.
private final class Odd: PythonExported {
    static let pythonClass = PythonClass("Odd") {
        function("__getattribute__", "self", "name") { (_: Odd, name: String) in name }
    }
}
