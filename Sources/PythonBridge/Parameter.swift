import CPython

/// One parameter of an exported function: a name, how it may be passed and what stands in when it is not.
///
/// A string literal is a required parameter: `function("add", "a", "b") { (a: Int, b: Int) in a + b }`.
public struct Parameter<Value: FromPython> {
    @usableFromInline let name: StaticString
    @usableFromInline let passing: ParameterPassing
    @usableFromInline let fallback: Value?
    @usableFromInline let fallbackText: String?

    @inlinable init(_ name: StaticString, _ passing: ParameterPassing, _ fallback: Value?, text: String?) {
        self.name = name
        self.passing = passing
        self.fallback = fallback
        self.fallbackText = text
    }

    @usableFromInline var specification: ParameterSpecification {
        ParameterSpecification(name: name, passing: passing, fallbackText: fallbackText, fallback: Fallback(fallback))
    }
}

/// A default, kept without its type until the call that needs it, which knows the type.
@usableFromInline
class AnyFallback: @unchecked Sendable {
    // Safe because the only subclass is immutable.
}

/// A default of a known type.
@usableFromInline
final class Fallback<Value>: AnyFallback, @unchecked Sendable {
    // Safe because only `Sendable` values can be given as a default, and this one never changes.
    @usableFromInline let value: Value?

    @usableFromInline init(_ value: Value?) { self.value = value }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByUnicodeScalarLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral
{
    @inlinable public init(stringLiteral name: StaticString) { self.init(name, .either, nil, text: nil) }
}

/// A parameter with a default; `shown` is how `help()` prints it.
@inlinable
public func optional<Value: FromPython & Sendable>(
    _ name: StaticString, _ fallback: Value, shown: String? = nil
) -> Parameter<Value> {
    Parameter(name, .either, fallback, text: shown ?? PythonSource.literal(fallback))
}

/// A required parameter that must be named.
@inlinable
public func keyword<Value: FromPython & Sendable>(_ name: StaticString) -> Parameter<Value> {
    Parameter(name, .keywordOnly, nil, text: nil)
}

/// A parameter with a default that must be named.
@inlinable
public func keyword<Value: FromPython & Sendable>(
    _ name: StaticString, _ fallback: Value, shown: String? = nil
) -> Parameter<Value> {
    Parameter(name, .keywordOnly, fallback, text: shown ?? PythonSource.literal(fallback))
}

/// A required parameter that must not be named.
@inlinable
public func positional<Value: FromPython & Sendable>(_ name: StaticString) -> Parameter<Value> {
    Parameter(name, .positionalOnly, nil, text: nil)
}

/// The positional arguments that are left: `*args`.
@inlinable
public func variadic(_ name: StaticString) -> Parameter<PositionalArguments> {
    Parameter(name, .variadic, nil, text: nil)
}

/// The named arguments that are left: `**kwargs`.
@inlinable
public func keywords(_ name: StaticString) -> Parameter<KeywordArguments> {
    Parameter(name, .keywords, nil, text: nil)
}

/// How a parameter may be passed.
@usableFromInline
enum ParameterPassing: Sendable {
    case positionalOnly, either, variadic, keywordOnly, keywords
}

/// A parameter without its type: what binding and documentation need.
@usableFromInline
struct ParameterSpecification: Sendable {
    let name: StaticString
    let passing: ParameterPassing
    let fallbackText: String?
    @usableFromInline let fallback: AnyFallback

    var isRequired: Bool { fallbackText == nil && passing != .variadic && passing != .keywords }
}

/// The positional arguments beyond the named parameters.
public struct PositionalArguments: FromPython, Sendable {
    public let values: [PythonObject]
    /// The same as CPython passed them.
    public let tuple: PythonObject

    public static var pythonTypeName: String { "tuple" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        Self(
            values: (0..<py_tuple_size(object)).compactMap { index in
                py_tuple_get(object, index).map { PythonObject(borrowing: $0, py) }
            }, tuple: PythonObject(borrowing: object, py))
    }
}

/// The named arguments beyond the named parameters, in the order of the call.
public struct KeywordArguments: FromPython, Sendable {
    public let values: [(name: String, value: PythonObject)]
    /// The same as CPython passed them.
    public let dictionary: PythonObject

    public static var pythonTypeName: String { "dict" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        var values: [(name: String, value: PythonObject)] = []
        var position = 0
        var key: PyRef?
        var value: PyRef?
        while PyDict_Next(object, &position, &key, &value) != 0 {
            guard let key, let value else { break }
            values.append((try String.fromPython(key, py), PythonObject(borrowing: value, py)))
        }
        return Self(values: values, dictionary: PythonObject(borrowing: object, py))
    }

    public subscript(name: String) -> PythonObject? { values.first { $0.name == name }?.value }
}
