import CPython
import PythonTrampolines

/// A view of memory that a Python object lends, given back when the last reference to this is gone.
@usableFromInline
final class BufferHold: @unchecked Sendable {
    // Safe because the view is written once, before anyone else sees it. It stays where it is, in the object:
    // its shape and strides may point into itself. Nobody writes to it later, so accesses need no check of overlap.
    @usableFromInline @exclusivity(unchecked) var view = Py_buffer()

    /// What elements that are moments count.
    @usableFromInline let moments: Moments?

    /// A unit of time, out of line: other buffers do not pay for it.
    @usableFromInline
    final class Moments: Sendable {
        let unit: String

        init(unit: String) { self.unit = unit }
    }

    @inlinable @inline(__always)
    init(moments: Moments?) { self.moments = moments }

    /// Asks the object for its memory. When it does not lend it, Python's exception is set and the answer false.
    @inlinable @inline(__always)
    func fill(from object: PyRef) -> Bool {
        PyObject_GetBuffer(object, &view, py_buffer_full_read_only()) == 0
    }

    @inlinable deinit {
        guard view.obj != nil else { return }
        if dana_held_get() > 0 {
            PyBuffer_Release(&view)
        } else {
            queue()
        }
    }

    @usableFromInline
    func queue() {
        let moved = UnsafeMutablePointer<Py_buffer>.allocate(capacity: 1)
        moved.initialize(to: Py_buffer())
        py_buffer_move(&view, moved)
        ReleaseQueue.push(moved) { thing in
            let view = thing.assumingMemoryBound(to: Py_buffer.self)
            PyBuffer_Release(view)
            view.deallocate()
        }
    }
}
