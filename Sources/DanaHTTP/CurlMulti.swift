import CURL

/// libcurl's handle of many exchanges. It belongs to one thread; others may only wake it.
struct CurlMulti: @unchecked Sendable {
    // Safe to send because only `danaCurlWakeUp` is called with it on other threads, and libcurl allows that.
    let handle: UnsafeMutableRawPointer

    /// Nil when there is no memory for one.
    init?(_ settings: CurlSettings) {
        guard let handle = unsafe danaCurlMultiMake() else { return nil }
        unsafe self.handle = handle
        set(.idleConnections, settings.idleConnections)
        set(.connectionsPerHost, settings.connectionsPerHost)
        set(.connections, settings.connections)
    }

    private func set(_ option: CurlOption.Multi, _ value: Int) {
        _ = unsafe danaCurlMultiSetNumber(handle, option.rawValue, value)
    }

    /// The next exchange that has ended, and libcurl's result.
    func nextFinished() -> (easy: UnsafeMutableRawPointer, code: Int32)? {
        var easy: UnsafeMutableRawPointer?
        var code: Int32 = 0
        guard unsafe danaCurlMultiFinished(handle, &easy, &code), let easy = unsafe easy else { return nil }
        return unsafe (easy, code)
    }
}
