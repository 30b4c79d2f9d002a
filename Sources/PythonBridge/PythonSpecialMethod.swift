import CPython
import PythonTrampolines

/// The special methods that CPython calls through a type's slots.
enum PythonSpecialMethod: Int, CaseIterable {
    // One operand.
    case repr, str, iter, next, negative, positive, absolute, invert, int, float, index, await, aiter, anext
    // Two operands; the operators come last.
    case getitem, add, subtract, multiply, matrixMultiply, divide, floorDivide, remainder, shiftLeft, shiftRight
    case and, or, xor

    var name: String {
        switch self {
        case .repr: "__repr__"
        case .str: "__str__"
        case .iter: "__iter__"
        case .next: "__next__"
        case .negative: "__neg__"
        case .positive: "__pos__"
        case .absolute: "__abs__"
        case .invert: "__invert__"
        case .int: "__int__"
        case .float: "__float__"
        case .index: "__index__"
        case .await: "__await__"
        case .aiter: "__aiter__"
        case .anext: "__anext__"
        case .getitem: "__getitem__"
        case .add: "__add__"
        case .subtract: "__sub__"
        case .multiply: "__mul__"
        case .matrixMultiply: "__matmul__"
        case .divide: "__truediv__"
        case .floorDivide: "__floordiv__"
        case .remainder: "__mod__"
        case .shiftLeft: "__lshift__"
        case .shiftRight: "__rshift__"
        case .and: "__and__"
        case .or: "__or__"
        case .xor: "__xor__"
        }
    }

    /// The name under which the right operand answers: `__radd__`. Nil for what is not an operator.
    var reflectedName: String? { isOperator ? "__r\(name.dropFirst(2))" : nil }

    var isOperator: Bool { rawValue >= Self.add.rawValue }

    /// The slot's identifier and its C function.
    var slot: PyType_Slot {
        let pointer = rawValue < Self.getitem.rawValue ? dana_special_unary(rawValue) : dana_special_binary(rawValue)
        return PyType_Slot(slot: identifier, pfunc: pointer)
    }

    private var identifier: Int32 {
        switch self {
        case .repr: Py_tp_repr
        case .str: Py_tp_str
        case .iter: Py_tp_iter
        case .next: Py_tp_iternext
        case .negative: Py_nb_negative
        case .positive: Py_nb_positive
        case .absolute: Py_nb_absolute
        case .invert: Py_nb_invert
        case .int: Py_nb_int
        case .float: Py_nb_float
        case .index: Py_nb_index
        case .await: Py_am_await
        case .aiter: Py_am_aiter
        case .anext: Py_am_anext
        case .getitem: Py_mp_subscript
        case .add: Py_nb_add
        case .subtract: Py_nb_subtract
        case .multiply: Py_nb_multiply
        case .matrixMultiply: Py_nb_matrix_multiply
        case .divide: Py_nb_true_divide
        case .floorDivide: Py_nb_floor_divide
        case .remainder: Py_nb_remainder
        case .shiftLeft: Py_nb_lshift
        case .shiftRight: Py_nb_rshift
        case .and: Py_nb_and
        case .or: Py_nb_or
        case .xor: Py_nb_xor
        }
    }

    static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

/// Every special method with one or two operands comes in here.
@c(dana_special)
func special(
    _ index: Int, _ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    // Safe because CPython passes its own objects.
    let left = left.assumingMemoryBound(to: PyObject.self)
    let right = right?.assumingMemoryBound(to: PyObject.self)
    return UnsafeMutableRawPointer(
        PythonEntry.object { py throws(PythonError) in
            guard let method = PythonSpecialMethod(rawValue: index) else { return nil }
            if let right, let reflected = method.reflectedName {
                return try operate(method.name, reflected, left, right, py)
            }
            return try PythonClass.special(method.name, of: left, py).answer(left, right, nil, py)
        })
}

/// `left + right`: the left operand's answer, else the right one's, else `NotImplemented`.
private func operate(
    _ name: String, _ reflectedName: String, _ left: PyRef, _ right: PyRef, _ py: borrowing Python
) throws(PythonError) -> PyRef {
    if let function = PythonClass.of(left)?.specials[name] {
        let answer = try function.answer(left, right, nil, py)
        if answer != py_not_implemented_borrowed() { return answer }
        py_decref(answer)
    }
    if let function = PythonClass.of(right)?.specials[reflectedName] {
        return try function.answer(right, left, nil, py)
    }
    return py_not_implemented()
}

extension PythonError {
    /// Says that an operator does not know its other operand; never reaches Python as an exception.
    static func notImplemented(_ py: borrowing Python) -> PythonError {
        PythonError(exception: PythonObject(borrowing: py_not_implemented_borrowed(), py))
    }

    var isNotImplemented: Bool {
        if case .object(let object) = storage { object.pointer == py_not_implemented_borrowed() } else { false }
    }
}
