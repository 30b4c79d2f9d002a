import CPython
import PythonBridge

extension PythonObject {
    /// Calls back where nobody could be told of an exception: it is reported as `sys.unraisablehook` does. From any thread,
    /// with the interpreter taken for it.
    func callUnraisably(_ deed: (borrowing Python) throws(PythonError) -> Void) {
        Python.hold { py in
            do throws(PythonError) {
                try deed(py)
            } catch {
                error.raise(py)
                PyErr_WriteUnraisable(pointer)
            }
        }
    }
}
