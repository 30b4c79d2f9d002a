import CPython
import Glibc

/// Something a ``PythonClass`` can contain: functions, static and class methods, properties.
///
/// A function's first parameter is the instance, as in Python; one with a special name (`__len__`, `__add__`)
/// is what that name is in Python.
public protocol PythonClassItem: Sendable {
    var classMember: PythonClassMember { get }
}

/// What an item is to its class.
public struct PythonClassMember: Sendable {
    enum Kind: Sendable {
        case method(ExportedFunction)
        case staticMethod(ExportedFunction)
        case classMethod(ExportedFunction)
        case property(PythonProperty)
        case call(DirectCall)
    }

    let kind: Kind
}

extension ExportedFunction: PythonClassItem {
    public var classMember: PythonClassMember { PythonClassMember(kind: .method(self)) }
}

/// A function of a class that has no `self`.
public func staticMethod(_ function: ExportedFunction) -> any PythonClassItem {
    ClassFunction(classMember: PythonClassMember(kind: .staticMethod(function)))
}

/// A function whose first parameter is the class it is called on.
public func classMethod(_ function: ExportedFunction) -> any PythonClassItem {
    ClassFunction(classMember: PythonClassMember(kind: .classMethod(function.receiving(.parameter))))
}

/// A function that is not called on an instance.
private struct ClassFunction: PythonClassItem {
    let classMember: PythonClassMember
}

/// Gathers the items of a ``PythonClass``.
@resultBuilder
public enum PythonClassBuilder {
    public static func buildExpression(_ item: any PythonClassItem) -> [any PythonClassItem] { [item] }
    public static func buildExpression(_ items: [any PythonClassItem]) -> [any PythonClassItem] { items }
    public static func buildBlock(_ items: [any PythonClassItem]...) -> [any PythonClassItem] { items.flatMap { $0 } }
    public static func buildOptional(_ items: [any PythonClassItem]?) -> [any PythonClassItem] { items ?? [] }
    public static func buildEither(first items: [any PythonClassItem]) -> [any PythonClassItem] { items }
    public static func buildEither(second items: [any PythonClassItem]) -> [any PythonClassItem] { items }
    public static func buildArray(_ items: [[any PythonClassItem]]) -> [any PythonClassItem] { items.flatMap { $0 } }
}
