import CPython
import Dana
import DanaLanguage
import PythonBridge

/// An iterator that a loop alone goes through, over items that are there already: they come several at a time. To
/// anyone else it is the iterator that it stands for.
final class PythonItems: PythonGuest, @unchecked Sendable {
    // Safe because nothing of it changes.

    /// What gives lists of the items; nil where the iterator's own items are gathered.
    private let lists: PythonObject?

    /// How many items are gathered at a time: enough to make the asking cheap, few enough for a loop that ends early.
    private static let count = 256

    /// The items of an object that runs no code of a program's when it is gone through; nil for any other.
    init?(of object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        if PythonItems.isPlain(object.pointer) {
            guard let iterator = PyObject_GetIter(object.pointer) else { throw .taken(py) }
            lists = nil
            super.init(PythonObject(owning: iterator))
            return
        }
        guard let hook = Hooks[.items] else { return nil }
        let lists = try hook.call(object, py: py)
        guard lists.pointer != py_not_implemented_borrowed(), let iterator = PyObject_GetIter(object.pointer) else {
            return nil
        }
        self.lists = lists
        super.init(PythonObject(owning: iterator))
    }

    private static func isPlain(_ object: PyRef) -> Bool { py_is_dict_view(object) != 0 }

    // It is another object to programs than the iterator, which several may have.
    override var identity: UInt { UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()) }

    override func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        guard case .nextOfLoop = operation else { return super.perform(operation, call, in: core) }
        return Python.hold { py in
            PythonCall(core: core, call: call).answer(withItems: py) { py throws(PythonError) in try next(py) }
        }
    }

    /// A list of the next items; nil at the end.
    private func next(_ py: borrowing Python) throws(PythonError) -> PythonObject? {
        if let lists {
            guard let list = PyIter_Next(lists.pointer) else {
                if PyErr_Occurred() != nil { throw .taken(py) }
                return nil
            }
            let items = PythonObject(owning: list)
            // There are none where the column has become shorter meanwhile.
            return py_list_size(list) == 0 ? nil : items
        }
        guard let list = PyList_New(0) else { throw .taken(py) }
        let items = PythonObject(owning: list)
        for _ in 0..<PythonItems.count {
            guard let item = PyIter_Next(object.pointer) else {
                if PyErr_Occurred() != nil { throw .taken(py) }
                break
            }
            defer { py_decref(item) }
            guard PyList_Append(list, item) == 0 else { throw .taken(py) }
        }
        return py_list_size(list) == 0 ? nil : items
    }
}
