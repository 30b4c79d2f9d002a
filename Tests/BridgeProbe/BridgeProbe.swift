import PythonBridge

/// The tests' extension module: every kind of export once or more, for tests in Swift and in stock Python.
public let bridgeProbe = PythonModule("bridge_probe", doc: "Exports of every kind, for tests.") {
    asyncProbes
    classProbes
    crossingProbes
    errorProbes
    conversionProbe
    functionProbes
    lifetimeProbes
    constant("ANSWER", 42)
    constant("NOTHING", Nothing())
    PythonModule("inner", doc: "A module inside a module.") {
        constant("NAME", "inner")
        function("shout", "text", doc: "In capitals.") { (text: String) in text.uppercased() }
    }
}

@c(PyInit_bridge_probe)
public func initializeBridgeProbe() -> UnsafeMutableRawPointer? { bridgeProbe.initialize() }
