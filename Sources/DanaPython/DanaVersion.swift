/// The version of this package: Swift reads it here, and the Python build takes it from this file.
enum DanaVersion {
    static let text = "0.1.0"
}
