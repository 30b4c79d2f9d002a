/// Where an import looks for a module.
public enum ModuleForm: UInt8, Sendable {
    /// `import x`: a `.na` file first, then a module of Python.
    case any
    /// `import x.na`
    case dana
    /// `import x.py`
    case python
}
