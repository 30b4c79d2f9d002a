import PythonBridge
import Testing

@Suite struct HandleTests {
    /// A new object of a class that can be watched, and a weak reference to it.
    private func watched(_ py: borrowing Python) throws -> (object: PythonObject, reference: PythonObject) {
        let object = try py.run("class Watched: pass").item("Watched", py).call(py)
        return (object, try py.import("weakref").attribute("ref", py).call(object, py: py))
    }

    @Test func droppingTheLastHandleReleasesAtOnce() throws {
        try TestInterpreter.hold { py in
            var pair: (object: PythonObject, reference: PythonObject)? = try watched(py)
            let reference = try #require(pair?.reference)
            #expect(try !reference.call(py).isNone(py))
            pair = nil
            #expect(try reference.call(py).isNone(py))
        }
    }

    @Test func droppingWithoutTheInterpreterIsMadeUpForByTheNextHolder() throws {
        let reference = try TestInterpreter.hold { py in
            var object: PythonObject?
            let reference: PythonObject
            (object, reference) = try watched(py)
            let last = HandleBox(object)
            object = nil
            py.release { TestThread { last.drop() }.join() }
            return reference
        }
        #expect(try TestInterpreter.hold { py in try reference.call(py).isNone(py) })
    }

    @Test func tenThousandDropsOnEightThreadsLoseNothing() throws {
        let (object, boxes, before) = try TestInterpreter.hold { py in
            let object = try py.evaluate("object()")
            let count = try py.import("sys").attribute("getrefcount", py).call(object, as: Int.self, py: py)
            let boxes = (0..<8).map { _ in
                HandleList((0..<1250).map { _ in PythonObject(owning: object.owned(py)) })
            }
            return (object, boxes, count)
        }
        let threads = boxes.map { box in TestThread { box.drop() } }
        for thread in threads { thread.join() }
        try TestInterpreter.hold { _ in }
        let after = try TestInterpreter.hold { py in
            try py.import("sys").attribute("getrefcount", py).call(object, as: Int.self, py: py)
        }
        #expect(after == before)
    }
}

/// Holds one handle, to be dropped on a thread of the test's choice.
private final class HandleBox: @unchecked Sendable {
    // Safe because the test lets one thread touch it at a time.
    private var object: PythonObject?

    init(_ object: PythonObject?) { self.object = object }

    func drop() { object = nil }
}

/// Holds many handles, under the same rule.
private final class HandleList: @unchecked Sendable {
    // Safe because the test lets one thread touch it at a time.
    private var objects: [PythonObject]

    init(_ objects: [PythonObject]) { self.objects = objects }

    func drop() { objects = [] }
}
