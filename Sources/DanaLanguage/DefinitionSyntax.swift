// The parts of definitions, by name.

public struct FunctionDefinitionSyntax: Sendable {
    public let name: NodeID
    public let parameters: NodeID
    public let returns: NodeID?
    public let body: NodeID
    /// The parameter in front of the name, of `func (p: Point) area():`.
    public let receiver: NodeID?
    public let decorators: NodeList
}

/// `func f(x) = a | b | c`
public struct PipelineDefinitionSyntax: Sendable {
    public let name: NodeID
    public let parameters: NodeID
    public let returns: NodeID?
    public let pipe: NodeID
    public let decorators: NodeList
}

public struct ParameterSyntax: Sendable {
    public let symbol: Symbol
    public let kind: ParameterKind
    public let annotation: NodeID?
    public let defaultValue: NodeID?
}

/// A struct (members are `field`s), an enum (`enumMember`s) or an interface (`field`s and
/// `methodSignature`s).
public struct TypeDefinitionSyntax: Sendable {
    public let name: NodeID
    public let documentation: NodeID?
    public let members: NodeList
}

public struct FieldSyntax: Sendable {
    public let symbol: Symbol
    public let annotation: NodeID
    public let defaultValue: NodeID?
}

public struct MethodSignatureSyntax: Sendable {
    public let symbol: Symbol
    public let parameters: NodeID
    public let returns: NodeID?
}

extension SyntaxTree {
    public func functionDefinition(_ node: NodeID) -> FunctionDefinitionSyntax {
        FunctionDefinitionSyntax(
            name: child(node, 0), parameters: child(node, 1), returns: optionalChild(node, 2), body: child(node, 3),
            receiver: optionalChild(node, 4), decorators: children(node, from: 5))
    }

    public func pipelineDefinition(_ node: NodeID) -> PipelineDefinitionSyntax {
        PipelineDefinitionSyntax(
            name: child(node, 0), parameters: child(node, 1), returns: optionalChild(node, 2), pipe: child(node, 3),
            decorators: children(node, from: 4))
    }

    public func parameter(_ node: NodeID) -> ParameterSyntax {
        ParameterSyntax(
            symbol: symbol(node), kind: parameterKind(node), annotation: optionalChild(node, 0),
            defaultValue: optionalChild(node, 1))
    }

    /// The parts of a `structDefinition`, an `enumDefinition` or an `interfaceDefinition`.
    public func typeDefinition(_ node: NodeID) -> TypeDefinitionSyntax {
        TypeDefinitionSyntax(
            name: child(node, 0), documentation: optionalChild(node, 1), members: children(node, from: 2))
    }

    public func field(_ node: NodeID) -> FieldSyntax {
        FieldSyntax(symbol: symbol(node), annotation: child(node, 0), defaultValue: optionalChild(node, 1))
    }

    /// The value that an `enumMember` is given.
    public func enumMemberValue(_ node: NodeID) -> NodeID? { optionalChild(node, 0) }

    public func methodSignature(_ node: NodeID) -> MethodSignatureSyntax {
        MethodSignatureSyntax(symbol: symbol(node), parameters: child(node, 0), returns: optionalChild(node, 1))
    }
}
