/// What a program does with something of the host's. The operands are the call's arguments.
public enum HandleOperation: Sendable, Equatable {
    /// `handle.name(...)`; the arguments are the call's, as are those of `call`.
    case method(HostName)
    case call
    /// `handle.name`, no argument.
    case attribute(HostName)
    /// `handle.name = value`: the value. What the host answers is dropped, as for every assignment and deletion.
    case setAttribute(HostName)
    case deleteAttribute(HostName)
    /// `handle[key]`: the key, for a slice a slice object.
    case item
    /// `handle[key] = value`: the key and the value.
    case setItem
    case deleteItem
    /// `item in handle`: the item. The answer's truth counts.
    case contains
    /// An iterator over the handle, no argument: another handle, which is then asked for `next`, or any value that
    /// Dana can walk, such as a list.
    case iterate
    /// The next item, no argument; `Interpreter.end` says that there is none.
    case next
    /// The same for a loop over an iterator that nothing else has: the host may give several items at once, with
    /// `Interpreter.answer(_:withItems:)`.
    case nextOfLoop
    case unary(UnaryOperator)
    /// `handle + other`, or `other + handle` when it is reflected: the other operand. Of two handles the left one is
    /// asked.
    case binary(BinaryOperator, isReflected: Bool)
    /// `handle += other`; the answer is what the variable then holds.
    case augmented(BinaryOperator)
    /// The other operand. `1 < handle` arrives as `handle > 1`. The answer is the comparison's value, whatever it is;
    /// where a program needs its truth and it is a handle, that is asked next.
    case comparison(ComparisonOperator)
    /// `bool(handle)` where a condition needs it. A handle for an answer counts as true.
    case truth
    /// A built-in function by its name, `sum`, `len`, `str`, with all its arguments, of which at least one is a
    /// handle. Functions of modules and methods of immutable values have a dot in their name: `math.sqrt`,
    /// `str.format`, whose first argument is the receiver. The answers to `str`, `repr`, `ascii` and `format` must be
    /// strings where they become a part of a text.
    case builtin(String)
    /// `with handle as x`: the answer is x.
    case enter
    /// The end of a `with`: the exception's type, the exception (both null for none), and null. An exception is
    /// swallowed when the answer is true.
    case exit
    /// `raise handle`: the host fails with the error that it is, or that a class of errors makes.
    case raise
    /// `except handle`, a class of errors: the exception, or the host's own error that it stands for, and behind it, of
    /// several classes, a tuple of those that are the host's. The answer's truth counts.
    case catches
}

/// An operator before one operand.
public enum UnaryOperator: UInt8, Sendable {
    case negate, plus, invert
}

/// An operator that compares two values.
public enum ComparisonOperator: UInt8, Sendable {
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

    /// The operator that says the same of the operands the other way around.
    var reflected: ComparisonOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }

    var symbol: String {
        switch self {
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .equal: "=="
        case .notEqual: "!="
        }
    }
}
