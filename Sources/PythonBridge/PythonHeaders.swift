import CPython

/// What CPython this bridge was compiled for.
public enum PythonHeaders {
    /// `abi3 of 3.11` for a build that serves every version from there on, else the one version: `3.12`.
    public static var build: String {
        #if DANA_ABI3
            "abi3 of 3.11"
        #else
            "\(PY_MAJOR_VERSION).\(PY_MINOR_VERSION)"
        #endif
    }
}
