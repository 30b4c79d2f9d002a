import CPython

/// A Swift `AsyncSequence` as a Python asynchronous iterator.
///
/// ```swift
/// function("ticks", "count") { (count: Int) in PythonStream("ticks") { Ticks(count) } }
/// ```
/// The sequence is first asked when Python first asks, on the event loop's thread, and runs ahead by at most `buffer`
/// elements. Leaving the loop early, `aclose()` and the iterator's end of life cancel it.
public struct PythonStream: ToPython, Sendable {
    @usableFromInline let name: StaticString
    @usableFromInline let buffer: Int
    @usableFromInline let produce: StreamDriver.Producer

    @inlinable
    public init<Source: AsyncSequence & Sendable>(
        _ name: StaticString, buffer: Int = 64, _ source: @escaping @Sendable () -> Source
    ) where Source.Element: ToPython {
        self.name = name
        self.buffer = buffer
        produce = { driver in
            for try await element in source() {
                switch try driver.push(element) {
                case .goOn: break
                case .waitForRoom: await driver.room()
                case .stop: return
                }
            }
        }
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try StreamObject.make(StreamDriver(name, capacity: buffer, produce), py)
    }
}
