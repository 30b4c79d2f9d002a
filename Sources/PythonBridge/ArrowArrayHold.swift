import CPython
import PythonTrampolines

/// An Arrow array that its producer has handed over, released once, with the interpreter held.
final class ArrowArrayHold: @unchecked Sendable {
    // Safe because Arrow's arrays do not change, and the structure is written before anyone sees this.
    let array: UnsafeMutablePointer<ArrowArray>

    /// Moves the structure: the producer's own is marked as released.
    init(moving array: UnsafeMutablePointer<ArrowArray>) {
        self.array = .allocate(capacity: 1)
        self.array.initialize(to: array.pointee)
        array.pointee.release = nil
    }

    deinit {
        if dana_held_get() > 0 { releaseArray(array) } else { ReleaseQueue.push(array, releasedBy: releaseArray) }
    }
}

private let releaseArray: @convention(c) (UnsafeMutableRawPointer) -> Void = { thing in
    let array = thing.assumingMemoryBound(to: ArrowArray.self)
    array.pointee.release?(array)
    array.deallocate()
}
