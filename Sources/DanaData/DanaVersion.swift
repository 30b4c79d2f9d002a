/// The version of this package: Swift reads it here, and the Python build takes it from this file.
public enum DanaVersion {
    public static let text = "0.1.0"
}
