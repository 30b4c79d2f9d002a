import CPython

// Lists, sets and tuples. Exact `list` objects are read in place; everything else goes through a copy made by
// Python's own iteration. Text and bytes are no lists, though Python counts them among its sequences.

extension Array: FromPython where Element: FromPython {
    public static var pythonTypeName: String { "list" }

    /// A list, a tuple, or any other `collections.abc.Sequence` but text and bytes.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> [Element]
    {
        py_is_exact_list(object) != 0 ? try fromList(object, py) : try fromSequence(object, py)
    }

    @inlinable static func fromSequence(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> [Element] {
        let list = try ListCopy.ofSequence(object, expecting: pythonTypeName, py)
        defer { py_decref(list) }
        return try fromList(list, py)
    }

    /// From an exact list. It is held, and its size asked again for each element: converting one may run Python.
    @inlinable static func fromList(_ list: PyRef, _ py: borrowing Python)
        throws(PythonError) -> [Element]
    {
        py_incref(list)
        defer { py_decref(list) }
        let count = py_list_size(list)
        var failure: PythonError?
        let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let places = buffer.baseAddress else { return }
            var index = Element.readPlain(list, into: UnsafeMutableRawPointer(places), count: count)
            do throws(PythonError) {
                while index < count {
                    guard let item = py_list_element(list, index) else { throw ListCopy.changed("list") }
                    // Safe because the index is below the capacity and each place is written once.
                    (places + index).initialize(to: try Element.fromPython(item, Python(held: ())))
                    index &+= 1
                }
            } catch {
                failure = error.at(index: index)
            }
            initialized = index
        }
        if let failure { throw failure }
        guard py_list_size(list) == count else { throw ListCopy.changed("list") }
        return elements
    }
}

extension Array: ToPython where Element: ToPython {
    /// A list.
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try Element.newList(of: self, py)
    }
}

extension ToPython {
    @inlinable public static func newList(of elements: [Self], _ py: borrowing Python) throws(PythonError) -> PyRef {
        try fillList(elements, py) { element, py throws(PythonError) in try element.toPython(py) }
    }

    @inlinable @inline(__always) static func fillList(
        _ elements: [Self], _ py: borrowing Python,
        _ make: (Self, borrowing Python) throws(PythonError) -> PyRef
    ) throws(PythonError) -> PyRef {
        let count = elements.count
        guard let list = PyList_New(count) else { throw .taken(py) }
        var index = 0
        do throws(PythonError) {
            while index < count {
                py_list_init(list, index, try make(elements[index], py))
                index &+= 1
            }
        } catch {
            py_decref(list)
            throw error.at(index: index)
        }
        return list
    }
}

extension Set: FromPython where Element: FromPython {
    public static var pythonTypeName: String { "set" }

    /// A set, a frozenset, or any other `collections.abc.Set` (the keys of a dict, for example).
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Set<Element>
    {
        let list = try ListCopy.ofSet(object, py)
        defer { py_decref(list) }
        let elements: [Element] = try Array.fromList(list, py)
        let result = Set(elements)
        guard result.count == elements.count else {
            throw .valueError("different elements of the set become equal when they are converted")
        }
        return result
    }
}

extension Set: ToPython where Element: ToPython {
    /// A set.
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let set = PySet_New(nil) else { throw .taken(py) }
        do throws(PythonError) {
            for element in self {
                let item = try element.toPython(py)
                defer { py_decref(item) }
                guard PySet_Add(set, item) == 0 else { throw .taken(py) }
            }
        } catch {
            py_decref(set)
            throw error
        }
        return set
    }
}

/// New lists of the elements of other containers; what is no such container is refused.
@usableFromInline
enum ListCopy {
    @usableFromInline @inline(never) static func ofSequence(
        _ object: PyRef, expecting name: String, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        if py_is_list(object) == 0, py_is_tuple(object) == 0, py_is_range(object) == 0 {
            guard py_is_str(object) == 0, py_is_bytes(object) == 0, py_is_bytearray(object) == 0,
                py_is_memoryview(object) == 0, try PlainTypes.isInstance(object, PlainTypes.sequence, py)
            else { throw .mismatch(name, object, py) }
        }
        return try of(object, py)
    }

    @usableFromInline @inline(never) static func ofSet(
        _ object: PyRef, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        if py_is_exact_set(object) == 0 {
            guard try PlainTypes.isInstance(object, PlainTypes.set, py) else { throw .mismatch("set", object, py) }
        }
        return try of(object, py)
    }

    /// The pairs of any mapping: a list of tuples of two.
    @usableFromInline @inline(never) static func ofPairs(
        _ object: PyRef, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        if py_is_dict(object) == 0 {
            guard try PlainTypes.isInstance(object, PlainTypes.mapping, py) else { throw .mismatch("dict", object, py) }
        }
        py_incref(object)
        defer { py_decref(object) }
        guard let pairs = PyMapping_Items(object) else { throw .taken(py) }
        return pairs
    }

    @usableFromInline static func of(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        py_incref(object)
        defer { py_decref(object) }
        guard let list = PySequence_List(object) else { throw .taken(py) }
        return list
    }

    @usableFromInline @inline(never) static func changed(_ name: String) -> PythonError {
        PythonError(.runtimeError, "\(name) changed size during conversion; convert a copy")
    }
}
