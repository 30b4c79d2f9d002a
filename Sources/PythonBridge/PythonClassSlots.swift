import CPython

// The C functions behind the slots of exported classes that have a shape of their own.

typealias NewInstance = @convention(c) (PyRef?, PyRef?, PyRef?) -> PyRef?
typealias InitialiseInstance = @convention(c) (PyRef?, PyRef?, PyRef?) -> Int32
typealias NewInstanceDirectly = @convention(c) (PyRef?, UnsafePointer<PyRef?>?, Int, PyRef?) -> PyRef?
typealias EndInstance = @convention(c) (PyRef?) -> Void
typealias CompareInstance = @convention(c) (PyRef?, PyRef?, Int32) -> PyRef?
typealias NumberOfInstance = @convention(c) (PyRef?) -> Int
typealias TruthOfInstance = @convention(c) (PyRef?) -> Int32
typealias ContainedInInstance = @convention(c) (PyRef?, PyRef?) -> Int32
typealias SetItemOfInstance = @convention(c) (PyRef?, PyRef?, PyRef?) -> Int32

/// `Type(...)`: the class itself makes the whole object, a Python subclass an empty one for `__init__` to fill.
let newInstance: NewInstance = { type, arguments, keywords in
    PythonEntry.object { py throws(PythonError) in
        guard let type, let arguments, let exported = PythonClass.describing(type) else { return nil }
        guard exported.type == type else { return py_allocate(type) }
        return try exported.construct(arguments, keywords, py)
    }
}

/// The same, where CPython can pass the arguments without a tuple.
let newInstanceDirectly: NewInstanceDirectly = { type, arguments, count, names in
    PythonEntry.enter { py in
        guard let type, let constructor = PythonClass.describing(type)?.constructor else { return nil }
        return constructor.call(nil, arguments, py_vectorcall_count(count), names, py)
    }
}

/// `__init__`: fills an empty object; what has been made whole is left as it is.
let initialiseInstance: InitialiseInstance = { object, arguments, keywords in
    PythonEntry.status { py throws(PythonError) in
        guard let object, let arguments, let exported = PythonClass.of(object) else { return -1 }
        guard PythonInstance.of(object).pointee.value == nil else { return 0 }
        let made = try exported.construct(arguments, keywords, py)
        defer { py_decref(made) }
        try exported.move(from: made, to: object, py)
        return 0
    }
}

/// The end of an object: its Swift object is released, which may run anything.
let endInstance: EndInstance = { object in
    guard let object else { return }
    PythonEntry.enter { _ in
        var saved: (PyRef?, PyRef?, PyRef?) = (nil, nil, nil)
        withUnsafeMutableBytes(of: &saved) { saved in
            // Safe because a tuple of three pointers is three pointers in a row.
            if let saved = saved.assumingMemoryBound(to: PyRef?.self).baseAddress {
                py_save_error(saved)
                PythonClass.end(object)
                py_restore_error(saved)
            }
        }
        py_free_instance(object)
    }
}

/// `==`, `<` and their relatives; `!=` follows from `==` as in Python.
let compareInstance: CompareInstance = { object, other, code in
    PythonEntry.object { py throws(PythonError) in
        guard let object, let other, let exported = PythonClass.of(object) else { return nil }
        let names = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"]
        let operators: [PythonComparison] = [.less, .lessOrEqual, .equal, .notEqual, .greater, .greaterOrEqual]
        guard let position = operators.firstIndex(where: { $0.code == code }) else { return py_not_implemented() }
        if let function = exported.specials[names[position]] { return try function.answer(object, other, nil, py) }
        guard operators[position] == .notEqual, let equal = exported.specials["__eq__"] else {
            return py_not_implemented()
        }
        let answer = PythonObject(owning: try equal.answer(object, other, nil, py))
        if answer.pointer == py_not_implemented_borrowed() { return answer.owned(py) }
        return py_bool(try answer.isTrue(py) ? 0 : 1)
    }
}

let lengthOfInstance: NumberOfInstance = { object in
    PythonEntry.status { py throws(PythonError) in
        guard let object else { return -1 }
        let length: Int = try PythonClass.answer("__len__", object, nil, py).value(py)
        guard length >= 0 else { throw .valueError("__len__() should return >= 0") }
        return length
    }
}

let hashOfInstance: NumberOfInstance = { object in
    PythonEntry.status { py throws(PythonError) in
        guard let object else { return -1 }
        // A hash of -1 means a failure to CPython; `int` has the same exception.
        let hash = try PythonClass.answer("__hash__", object, nil, py).hash(py)
        return hash == -1 ? -2 : hash
    }
}

let truthOfInstance: TruthOfInstance = { object in
    PythonEntry.status { py throws(PythonError) in
        guard let object else { return -1 }
        return try PythonClass.answer("__bool__", object, nil, py).value(as: Bool.self, py) ? 1 : 0
    }
}

let containedInInstance: ContainedInInstance = { object, item in
    PythonEntry.status { py throws(PythonError) in
        guard let object else { return -1 }
        return try PythonClass.answer("__contains__", object, item, py).isTrue(py) ? 1 : 0
    }
}

/// `object[key] = value`, and `del object[key]` when there is no value.
let setItemOfInstance: SetItemOfInstance = { object, key, value in
    PythonEntry.status { py throws(PythonError) in
        guard let object, let key, let exported = PythonClass.of(object) else { return -1 }
        guard let function = exported.specials[value == nil ? "__delitem__" : "__setitem__"] else {
            throw .typeError(
                "'\(exported.name)' object does not support item \(value == nil ? "deletion" : "assignment")")
        }
        py_decref(try function.answer(object, key, value, py))
        return 0
    }
}

/// `object(...)`.
let callInstance: NewInstance = { object, arguments, keywords in
    PythonEntry.object { py throws(PythonError) in
        guard let object, let arguments else { return nil }
        if let call = PythonClass.of(object)?.directCall { return try call.answer(object, arguments, keywords, py) }
        return try PythonClass.special("__call__", of: object, py).call(spread: object, arguments, keywords, py)
    }
}

extension ExportedFunction {
    /// Calls a method with up to two arguments.
    func answer(
        _ receiver: PyRef, _ first: PyRef?, _ second: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        var passed = InlineArray<2, PyRef?>(repeating: nil)
        passed[0] = first
        passed[1] = second
        let count = first == nil ? 0 : second == nil ? 1 : 2
        let result = passed.span.withUnsafeBufferPointer { call(receiver, $0.baseAddress, count, nil, py) }
        guard let result else { throw .taken(py) }
        return result
    }

    /// Calls with the arguments that CPython passes to slots: a tuple and perhaps a dict.
    func call(
        spread receiver: PyRef?, _ arguments: PyRef, _ keywords: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let count = py_tuple_size(arguments)
        var passed = (0..<count).map { py_tuple_get(arguments, $0) }
        var names: PyRef?
        defer { py_xdecref(names) }
        if let keywords, py_dict_size(keywords) > 0 {
            guard let tuple = PyTuple_New(py_dict_size(keywords)) else { throw .taken(py) }
            names = tuple
            var position = 0
            var index = 0
            var key: PyRef?
            var value: PyRef?
            while PyDict_Next(keywords, &position, &key, &value) != 0, let key, let value {
                py_incref(key)
                py_tuple_init(tuple, index, key)
                passed.append(value)
                index += 1
            }
        }
        let result = passed.span.withUnsafeBufferPointer { call(receiver, $0.baseAddress, count, names, py) }
        guard let result else { throw .taken(py) }
        return result
    }
}
