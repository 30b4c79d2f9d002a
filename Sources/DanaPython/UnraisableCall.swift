import CPython
import Dana
import PythonBridge

extension PythonObject {
    /// Calls back where nobody could be told of an exception: it is reported as `sys.unraisablehook` does, and what is to
    /// end the program ends the run of the context that the thread works for. From any thread, with the interpreter taken
    /// for it.
    func callUnraisably(_ deed: (borrowing Python) throws(PythonError) -> Void) {
        Python.hold { py in
            do throws(PythonError) {
                try deed(py)
            } catch {
                if let core = ContextCore.working,
                    error.matches(.keyboardInterrupt, py) || error.matches(.systemExit, py)
                {
                    return core.interrupt(with: error)
                }
                error.raise(py)
                PyErr_WriteUnraisable(pointer)
            }
        }
    }
}
