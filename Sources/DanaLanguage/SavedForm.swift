/// Why saved bytes are not restored, or a program is not saved.
public struct SaveError: Error, Equatable, Sendable {
    public let message: String
    /// The limit that a program is too large for.
    public var limit: LimitKind?

    init(message: String) { self.message = message }

    /// An error of the program's as it is restored.
    init(restoring error: ProgramError) {
        message = "the program cannot be restored: \(error.message)"
        if case .limit(let limit) = error.cause { self.limit = limit }
    }

    /// What makes no sense in bytes whose seal is right.
    static func damaged(_ what: String) -> SaveError {
        SaveError(message: "the saved program is damaged: \(what)")
    }
}

/// The bytes of a saved program: a name, the format's version, the content's length, the content, and a seal that
/// only whoever knows the key can make. What is damaged, cut off or sealed with another key is refused unread.
struct SavedForm {
    private static let magic: [UInt8] = Array("DanaProg".utf8)
    private static let version: UInt32 = 5
    private static let headerCount = 20
    private static let sealCount = 16

    static func sealed(_ content: [UInt8], key: SealKey) -> [UInt8] {
        sealed(count: content.count, key: key) { $0.append(content) }
    }

    /// Content of so many bytes, which are written to a writer.
    static func sealed(count: Int, key: SealKey, _ write: (inout SaveWriter) -> Void) -> [UInt8] {
        var writer = SaveWriter(capacity: headerCount + count + sealCount)
        writer.append(magic)
        writer.write(version)
        writer.write(UInt64(count))
        write(&writer)
        let seal = writer.withBytes { Seal(of: $0, key: key) }
        writer.write(seal.low)
        writer.write(seal.high)
        return writer.bytes
    }

    static func content(of bytes: [UInt8], key: SealKey) throws(SaveError) -> ArraySlice<UInt8> {
        guard bytes.count >= headerCount + sealCount, bytes.prefix(magic.count).elementsEqual(magic) else {
            throw SaveError(message: "these bytes are not a saved program")
        }
        var reader = SaveReader(bytes[magic.count..<headerCount])
        let version: UInt32 = try reader.read()
        guard version == SavedForm.version else {
            throw SaveError(
                message: "the program was saved in format \(version); this build reads format \(SavedForm.version)")
        }
        let length: UInt64 = try reader.read()
        guard length == UInt64(bytes.count - headerCount - sealCount) else {
            throw SaveError(message: "the saved program is cut off, or something follows it")
        }
        var ending = SaveReader(bytes.suffix(sealCount))
        let seal = Seal(low: try ending.read(), high: try ending.read())
        let made = bytes.withUnsafeBytes { bytes in
            Seal(of: UnsafeRawBufferPointer(rebasing: bytes.dropLast(sealCount)), key: key)
        }
        guard seal == made else {
            throw SaveError(message: "the saved program is damaged, or was sealed with another key")
        }
        return bytes[headerCount..<(bytes.count - sealCount)]
    }
}
