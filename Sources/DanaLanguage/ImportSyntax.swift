// The parts of imports, by name.

/// `a.b.na as c` of an import statement.
public struct ImportClauseSyntax: Sendable {
    public let path: NodeID
    /// The name that the module is bound to; nil when its functions become global names.
    public let name: NodeID?
    /// Whether the name was given with `as`; without, `import a.b` binds `a`.
    public let hasAlias: Bool
}

/// `from path import a as b, c`
public struct FromImportSyntax: Sendable {
    public let path: NodeID
    /// Whether everything public is imported, by `*`.
    public let isStar: Bool
    public let items: NodeList
}

/// A module's place: leading dots, the parts of its name, the ending that was written.
public struct ModulePathSyntax: Sendable {
    public let form: ModuleForm
    public let leadingDots: Int
    public let parts: NodeList
}

extension SyntaxTree {
    public func importClause(_ node: NodeID) -> ImportClauseSyntax {
        ImportClauseSyntax(path: child(node, 0), name: optionalChild(node, 1), hasAlias: self[node].detail != 0)
    }

    public func fromImport(_ node: NodeID) -> FromImportSyntax {
        FromImportSyntax(path: child(node, 0), isStar: self[node].detail != 0, items: children(node, from: 1))
    }

    /// The name that an `importItem` is bound to; the item carries the symbol of what it imports.
    public func importItemName(_ node: NodeID) -> NodeID { child(node, 0) }

    public func modulePath(_ node: NodeID) -> ModulePathSyntax {
        ModulePathSyntax(
            form: ModuleForm(rawValue: self[node].detail) ?? .any, leadingDots: Int(self[node].first),
            parts: children(node))
    }
}
