import Dana
import DanaLanguage
import PythonBridge
import Synchronization

/// A text of Dana as the Python side holds it, compiled when it is first run.
final class ProgramHandle: PythonExported, Sendable {
    private let source: SourceText
    private let compiled = Mutex<Compiler.Program?>(nil)

    /// What a longer text compiles to is left to the runtimes to keep.
    private static let longestKept = 1 << 16

    init(_ source: SourceText) { self.source = source }

    /// The text as a program of a context, whose limits it has to keep.
    func program(in core: ContextCore) throws(DanaFailure) -> Compiler.Program {
        try core.checkSize(of: source)
        if let compiled = compiled.withLock({ $0 }) { return compiled }
        let program = try core.program(source)
        if source.bytes.count <= ProgramHandle.longestKept { compiled.withLock { $0 = program } }
        return program
    }

    static let pythonClass = PythonClass("Program", doc: "A text of Dana, compiled once.") {
        function("__init__", "source", "name") { (source: String, name: String) in
            ProgramHandle(SourceText(source, name: name))
        }
        function("__repr__", "self") { (program: ProgramHandle) in "<Dana program \(program.source.name)>" }
    }
}
