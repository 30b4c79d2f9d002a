import PythonBridge

/// An object with one method, to measure a method's call.
final class BenchmarkObject: PythonExported {
    private var total = 0

    static let pythonClass = PythonClass("Obj") {
        function("__init__") { () in BenchmarkObject() }
        function("add", "self", positional("n")) { (object: BenchmarkObject, n: Int) in
            object.total &+= n
            return object.total & 0xff
        }
    }
}
