// The parts of expressions, by name.

/// A comprehension or a generator expression.
public struct ComprehensionSyntax: Sendable {
    /// The element, or the key of a dictionary comprehension.
    public let element: NodeID
    /// The value of a dictionary comprehension.
    public let value: NodeID?
    /// For clauses and if clauses; the first is a for clause.
    public let clauses: NodeList
}

public struct ForClauseSyntax: Sendable {
    public let target: NodeID
    public let iterable: NodeID
}

/// Keys and values of a dictionary display.
public struct DictionarySyntax: Sendable {
    public let count: Int
    fileprivate let list: NodeList
}

/// Which stages of a pipe hold the `$$` of this pipe.
public struct PipelineSyntax: Sendable {
    public let stages: NodeList
    /// Whether the first stage holds `$$`; it is the `$$` of the pipe around it, if there is one.
    public let beginsOpen: Bool
    /// The first stage after the first that holds `$$`.
    public let firstPlaced: Int?
}

/// `f as x` in a pipe.
public struct NamedStageSyntax: Sendable {
    public let expression: NodeID
    public let name: NodeID
}

/// `name := value`
public struct WalrusSyntax: Sendable {
    public let name: NodeID
    public let value: NodeID
}

public struct LambdaSyntax: Sendable {
    public let parameters: NodeID
    public let body: NodeID
}

/// A base expression and the attributes, items and calls after it.
public struct ChainSyntax: Sendable {
    public let base: NodeID
    public let suffixes: NodeList
}

public struct SliceSyntax: Sendable {
    public let lower: NodeID?
    public let upper: NodeID?
    public let step: NodeID?
}

public struct InterpolationSyntax: Sendable {
    public let expression: NodeID
    public let conversion: FormatConversion
    public let specification: NodeID?
}

extension SyntaxTree {
    public func comprehension(_ node: NodeID) -> ComprehensionSyntax {
        let isDictionary = kind(node) == .dictionaryComprehension
        return ComprehensionSyntax(
            element: child(node, 0), value: isDictionary ? child(node, 1) : nil,
            clauses: children(node, from: isDictionary ? 2 : 1))
    }

    public func forClause(_ node: NodeID) -> ForClauseSyntax {
        ForClauseSyntax(target: child(node, 0), iterable: child(node, 1))
    }

    public func dictionary(_ node: NodeID) -> DictionarySyntax {
        let list = children(node)
        return DictionarySyntax(count: list.count / 2, list: list)
    }

    /// The key of an entry, nil for `**value`.
    public func key(of dictionary: DictionarySyntax, _ entry: Int) -> NodeID? {
        self[dictionary.list, entry * 2].ifPresent
    }

    public func value(of dictionary: DictionarySyntax, _ entry: Int) -> NodeID {
        self[dictionary.list, entry * 2 + 1]
    }

    public func pipeline(_ node: NodeID) -> PipelineSyntax {
        let carried = self[node]
        return PipelineSyntax(
            stages: children(node), beginsOpen: carried.detail != 0,
            firstPlaced: carried.first > 0 ? Int(carried.first) : nil)
    }

    public func namedStage(_ node: NodeID) -> NamedStageSyntax {
        NamedStageSyntax(expression: child(node, 0), name: child(node, 1))
    }

    public func walrus(_ node: NodeID) -> WalrusSyntax {
        WalrusSyntax(name: child(node, 0), value: child(node, 1))
    }

    public func lambda(_ node: NodeID) -> LambdaSyntax {
        LambdaSyntax(parameters: child(node, 0), body: child(node, 1))
    }

    public func chain(_ node: NodeID) -> ChainSyntax {
        ChainSyntax(base: child(node, 0), suffixes: children(node, from: 1))
    }

    /// The range of a chain's part that ends with the suffix at a place.
    public func range(ofChain node: NodeID, through place: Int) -> SyntaxRange {
        SyntaxRange(start: range(node).start, end: range(child(node, place + 1)).end)
    }

    public func slice(_ node: NodeID) -> SliceSyntax {
        SliceSyntax(lower: optionalChild(node, 0), upper: optionalChild(node, 1), step: optionalChild(node, 2))
    }

    public func interpolation(_ node: NodeID) -> InterpolationSyntax {
        InterpolationSyntax(
            expression: child(node, 0), conversion: conversion(node), specification: optionalChild(node, 1))
    }
}
