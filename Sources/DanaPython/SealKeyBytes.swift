import Dana
import DanaLanguage
import PythonBridge

extension Bytes {
    /// A key for saved programs.
    var sealKey: SealKey {
        get throws(PythonError) {
            guard let key = SealKey(bytes: content) else {
                throw .valueError(
                    "a key must be at least 16 bytes long, got \(content.count): use secrets.token_bytes(32)")
            }
            return key
        }
    }
}
