import PythonBridge

/// The tests' extension module: every kind of export once or more, for tests in Swift and in stock Python.
public let bridgeProbe = PythonModule("bridge_probe", doc: "Exports of every kind, for tests.") {
    asyncProbes
    conversionProbe
    functionProbes
}

@c(PyInit_bridge_probe)
public func initializeBridgeProbe() -> UnsafeMutableRawPointer? { bridgeProbe.initialize() }
