import CPython

/// A special name that a class defines through a slot of its type, and the slot.
struct SlotName {
    let slot: PyType_Slot

    /// Nil for a name that belongs among the ordinary methods.
    init?(_ name: String) {
        if let special = PythonSpecialMethod.byName[name.hasPrefix("__r") ? Self.forward(name) : name] {
            slot = special.slot
            return
        }
        switch name {
        case "__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__":
            slot = Self.slot(Py_tp_richcompare, compareInstance)
        case "__hash__": slot = Self.slot(Py_tp_hash, hashOfInstance)
        case "__len__": slot = Self.slot(Py_mp_length, lengthOfInstance)
        case "__bool__": slot = Self.slot(Py_nb_bool, truthOfInstance)
        case "__contains__": slot = Self.slot(Py_sq_contains, containedInInstance)
        case "__setitem__", "__delitem__": slot = Self.slot(Py_mp_ass_subscript, setItemOfInstance)
        case "__call__": slot = Self.slot(Py_tp_call, callInstance)
        default: return nil
        }
    }

    /// Whether an argument of the wrong type makes the answer `NotImplemented`.
    static func isOperator(_ name: String) -> Bool {
        if ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"].contains(name) { return true }
        return PythonSpecialMethod.byName[forward(name)]?.isOperator == true
    }

    /// Whether a name that has no slot here has none in CPython either.
    static func isPlain(_ name: String) -> Bool {
        !(name.hasPrefix("__") && name.hasSuffix("__")) || plain.contains(name)
    }

    private static let plain: Set<String> = [
        "__enter__", "__exit__", "__aenter__", "__aexit__", "__reduce__", "__reduce_ex__", "__getstate__",
        "__setstate__", "__copy__", "__deepcopy__", "__format__", "__dir__", "__sizeof__", "__bytes__", "__round__",
        "__trunc__", "__floor__", "__ceil__", "__reversed__", "__length_hint__", "__fspath__", "__complex__",
        "__missing__", "__get__", "__instancecheck__", "__subclasscheck__", "__arrow_c_stream__", "__arrow_c_array__",
        "__arrow_c_schema__", "__dlpack__", "__dlpack_device__",
    ]

    /// `__add__` for `__radd__`; the name itself for everything else.
    private static func forward(_ name: String) -> String {
        guard name.hasPrefix("__r"), PythonSpecialMethod.byName[name] == nil else { return name }
        return "__\(name.dropFirst(3))"
    }

    private static func slot<Function>(_ identifier: Int32, _ function: Function) -> PyType_Slot {
        // Safe because every caller passes a C function of the shape that the slot asks for.
        PyType_Slot(slot: identifier, pfunc: unsafeBitCast(function, to: UnsafeMutableRawPointer.self))
    }
}
