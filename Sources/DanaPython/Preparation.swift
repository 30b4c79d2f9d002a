import CPython
import Dana
import PythonBridge

/// What the Python side makes of values that the core does not know, also within plain containers, before they go into a
/// context. A container that is met again, in itself or elsewhere, is done once: what is shared stays shared.
struct Preparation {
    /// The containers met so far with what was made of each; nil while that is under way. Holding them keeps their
    /// addresses from being used again.
    private var made: [PyRef: (original: PythonObject, made: PythonObject?)] = [:]

    /// What goes in for an object: the object itself where nothing is made of it.
    static func result(
        for object: PythonObject, depth: Int = 0, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard isNeeded(for: object.pointer) else { return object }
        var preparation = Preparation()
        return try preparation.result(for: object, depth, py)
    }

    private mutating func result(
        for object: PythonObject, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let kind = Int(py_kind(object.pointer))
        switch kind {
        case PY_KIND_LIST, PY_KIND_TUPLE, PY_KIND_DICT:
            // What is nested too deep, or contains itself, is refused when it is copied.
            guard depth < ContextCore.depthLimit else { return object }
            if let known = made[object.pointer] { return known.made ?? object }
            made[object.pointer] = (object, nil)
            let result =
                kind == PY_KIND_DICT ? try dict(object, depth, py) : try sequence(object, depth, py)
            made[object.pointer] = (object, result)
            return result
        default:
            guard Preparation.isUnknown(object.pointer), let hook = Hooks[.toDana] else { return object }
            let made = try hook.call(object, py: py)
            return made.pointer == py_not_implemented_borrowed() ? object : made
        }
    }

    private mutating func sequence(
        _ object: PythonObject, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard let copy = PySequence_List(object.pointer) else { throw .taken(py) }
        let items = PythonObject(owning: copy)
        var isChanged = false
        for index in 0..<py_list_size(copy) {
            guard let item = py_list_get(copy, index) else { break }
            if Preparation.isScalar(item) { continue }
            let made = try result(for: PythonObject(borrowing: item, py), depth + 1, py)
            if made.pointer == item { continue }
            isChanged = true
            PyList_SetItem(copy, index, made.owned(py))
        }
        return isChanged ? try object.type(py).call(items, py: py) : object
    }

    private mutating func dict(
        _ object: PythonObject, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let copy = try py.builtin("dict").call(object, py: py)
        for key in try py.builtin("list").call(copy, py: py).value(as: [PythonObject].self, py) {
            let item = try copy.item(key, py)
            if Preparation.isScalar(item.pointer) { continue }
            try copy.setItem(key, try result(for: item, depth + 1, py), py)
        }
        return copy
    }

    // MARK: Whether

    /// Whether an object, or one that it holds, is of a type that the core does not know, and the Python side may.
    static func isNeeded(for object: PyRef) -> Bool {
        var search = Search()
        return search.finds(in: object, depth: 0) && Hooks[.toDana] != nil
    }

    private struct Search {
        /// Containers that are looked into before one remembers which: most values have few, and share none.
        private static let unremembered = 256

        private var count = 0
        private var seen: Set<PyRef> = []

        /// Safe without holding what was seen: no code of anyone's runs meanwhile.
        mutating func finds(in object: PyRef, depth: Int) -> Bool {
            switch Int(py_kind(object)) {
            case PY_KIND_LIST:
                let scalars = py_list_scalars(object)
                guard scalars < py_list_size(object), isNew(object) else { return false }
                for index in scalars..<py_list_size(object) {
                    if let item = py_list_get(object, index), isUnknown(item, depth) { return true }
                }
                return false
            case PY_KIND_TUPLE:
                guard isNew(object) else { return false }
                for index in 0..<py_tuple_size(object) {
                    if let item = py_tuple_get(object, index), isUnknown(item, depth) { return true }
                }
                return false
            case PY_KIND_DICT:
                guard isNew(object) else { return false }
                var position = 0
                var item: PyRef?
                while PyDict_Next(object, &position, nil, &item) != 0 {
                    if let item, isUnknown(item, depth) { return true }
                }
                return false
            case PY_KIND_OTHER: return Preparation.isUnknown(object)
            default: return false
            }
        }

        private mutating func isUnknown(_ object: PyRef, _ depth: Int) -> Bool {
            !isScalar(object) && depth < ContextCore.depthLimit && finds(in: object, depth: depth + 1)
        }

        private mutating func isNew(_ container: PyRef) -> Bool {
            count += 1
            return count <= Search.unremembered || seen.insert(container).inserted
        }
    }

    private static func isScalar(_ object: PyRef) -> Bool {
        switch Int(py_kind(object)) {
        case PY_KIND_NONE, PY_KIND_BOOL, PY_KIND_INT, PY_KIND_FLOAT, PY_KIND_STR: true
        default: false
        }
    }

    private static func isUnknown(_ object: PyRef) -> Bool {
        Int(py_kind(object)) == PY_KIND_OTHER && py_base_kind(py_type(object)) == Int32(PY_KIND_OTHER)
            && !PythonToDana.isNative(object)
    }
}
