import LanguageFuzzing
import Synchronization

// The long-running fuzzer: `language-fuzz MODE [OPTION ...] [CORPUS]`, with libFuzzer's options. It is built only with
// DANA_FUZZ=1 and `-sanitize=fuzzer`, which links libFuzzer and its `main`'s driver.

/// The mode that the command line chose.
private let mode = Mutex(LanguageFuzz.bytes)

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    mode.withLock(\.self).run(UnsafeBufferPointer(start: bytes, count: count))
    return 0
}

/// The entry that SwiftPM links as `main`.
@_cdecl("LanguageFuzzer_main")
public func start(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    guard count > 1, let name = arguments[1], let chosen = LanguageFuzz(rawValue: String(cString: name)) else {
        print("usage: language-fuzz \(LanguageFuzz.allCases.map(\.rawValue).joined(separator: "|")) [OPTION ...]")
        return 2
    }
    mode.withLock { $0 = chosen }
    arguments[1] = arguments[0]
    var left = count - 1
    var rest = arguments + 1
    return runDriver(&left, &rest, testOneInput)
}
