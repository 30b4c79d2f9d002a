import CURL
import Glibc
import Synchronization

/// The libcurl of this process, loaded when it is first asked for.
enum CurlLibrary {
    private static let outcome = Mutex<Result<Void, HTTPError>?>(nil)

    /// Loads the library once; the error names what was tried and what to do.
    static func load(preferred: String?, for location: String) throws(HTTPError) {
        try outcome.withLock { outcome in
            if let outcome { return outcome }
            let first = tryAll(candidates(preferred), location)
            outcome = first
            return first
        }.get()
    }

    /// What the environment names goes before what the program brought, and that before what the system has.
    private static func candidates(_ preferred: String?) -> [String] {
        let named = unsafe getenv("DANA_LIBCURL").map { unsafe String(cString: $0) }
        return [named, preferred].compactMap { $0 } + ["libcurl.so.4", "libcurl-gnutls.so.4"]
    }

    private static func tryAll(_ candidates: [String], _ location: String) -> Result<Void, HTTPError> {
        var reasons: [String] = []
        for path in candidates {
            guard let reason = unsafe danaCurlLoad(path) else { return .success(()) }
            reasons.append("\(path): \(unsafe String(cString: reason))")
        }
        let message =
            "no libcurl can be loaded: install it (Debian: apt-get install libcurl4), or name the file in DANA_LIBCURL"
        return .failure(
            HTTPError(.libraryMissing, "\(message). Tried \(reasons.joined(separator: "; "))", at: location))
    }
}
