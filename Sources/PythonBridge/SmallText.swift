import CPython

/// Short text made into a `String` without a call of the standard library, which takes longer than all else about it.
///
/// On 64-bit Linux a string of up to 15 bytes of UTF-8 holds them in its own two words. That layout cannot change:
/// the standard library's code that reads it is inlined in every program. A test compares what is made here with
/// strings made the usual way.
@usableFromInline
enum SmallText {
    #if os(Linux) && (arch(x86_64) || arch(arm64))
        /// The longest text that is made here, in bytes.
        @inlinable static var limit: Int { 15 }
    #else
        /// No text is made here.
        @inlinable static var limit: Int { -1 }
    #endif

    /// `count` must be at most the limit and the bytes valid UTF-8.
    @inlinable @inline(__always)
    static func string(_ bytes: UnsafePointer<CChar>, _ count: Int) -> String {
        var words = py_small_string_of(bytes, count)
        return withUnsafeMutablePointer(to: &words) { words in
            // Safe because the words are those of a string that owns no memory. Moved out, and not copied, which would
            // call the runtime to count a reference.
            UnsafeMutableRawPointer(words).assumingMemoryBound(to: String.self).move()
        }
    }
}
