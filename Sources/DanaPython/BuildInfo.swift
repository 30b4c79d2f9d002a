import DanaData
import PythonBridge

/// How this build of the extension was made.
enum BuildInfo {
    static func dictionary(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        let info = try py.builtin("dict").call(py)
        for (name, value) in items { try info.setItem(name, value, py) }
        return info
    }

    private static let items: [(String, String)] = [
        ("version", DanaVersion.text),
        ("language", "Swift 6"),
        ("python", PythonHeaders.build),
        ("configuration", configuration),
    ]

    private static var configuration: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}
