import CURL
import DanaSystem

/// An exchange on the thread that carries it: libcurl's handle, and what its callbacks need. Only that thread touches
/// it, and libcurl's handle points to it from `start` to `end`.
final class ActiveTransfer {
    let transfer: Transfer
    private(set) var deadline: TransferDeadline
    /// Told of a deadline that may be nearer than the one before.
    private let deadlineCameNearer: (UInt64) -> Void
    private let easy: UnsafeMutableRawPointer
    private var lines: UnsafeMutableRawPointer?
    private let reason = UnsafeMutablePointer<CChar>.allocate(capacity: CurlOption.errorSize)
    private var parser: HeadParser
    /// What the head was refused for.
    private var refusal: HTTPError?

    init(
        _ transfer: Transfer, easy: UnsafeMutableRawPointer, now: UInt64,
        deadlineCameNearer: @escaping (UInt64) -> Void
    ) {
        self.transfer = transfer
        self.deadlineCameNearer = deadlineCameNearer
        unsafe self.easy = easy
        deadline = TransferDeadline(transfer.request.timeouts, start: now)
        parser = HeadParser(limit: transfer.request.limits.headers)
        unsafe reason.initialize(repeating: 0, count: CurlOption.errorSize)
    }

    deinit {
        unsafe danaCurlListFree(lines)
        unsafe reason.deallocate()
    }

    /// Tells libcurl about the request; false when there is no memory, or this libcurl cannot do it.
    func prepare(_ settings: CurlSettings, certificateFile: String?) -> Bool {
        let request = transfer.request
        // Optional parts: an older or smaller libcurl works without them. Waiting for another exchange's connection, to
        // share it (PIPEWAIT), is not asked for: libcurl 7.88 forgets who waits when that other one is cancelled.
        _ = set(.httpVersion, CurlOption.http2OverTLS)
        _ = set(.suppressConnectHeaders, 1)
        if let certificateFile { _ = set(.certificateFile, certificateFile) }
        if request.expandsBody { _ = set(.acceptedEncodings, "") }
        let milliseconds = request.timeouts.connect / .milliseconds(1)
        return set(.noSignal, 1) && set(.noProgress, 1) && set(.followLocation, 0) && set(.tcpKeepAlive, 1)
            && set(.protocols, CurlOption.http)
            && set(.connectTimeoutMilliseconds, Int(max(1, min(milliseconds, Double(Int32.max)))))
            && set(.url, request.url) && set(.userAgent, settings.userAgent)
            && setProxy(settings.proxy) && setSocket(request.socketPath)
            && setMethod(request) && setHeaders(request) && setReceivers()
    }

    private func setProxy(_ proxy: CurlSettings.Proxy) -> Bool {
        if transfer.request.socketPath != nil { return set(.proxy, "") }
        return switch proxy {
        case .environment: true
        case .none: set(.proxy, "")
        case .address(let address): set(.proxy, address)
        }
    }

    private func setSocket(_ path: String?) -> Bool { path.map { set(.unixSocketPath, $0) } ?? true }

    private func setMethod(_ request: HTTPRequest) -> Bool {
        if let body = request.body {
            // Safe because libcurl copies the bytes, whose number it was told before.
            return set(.post, 1) && set(.customRequest, request.method) && set(.postFieldSize, body.count)
                && body.withUnsafeBytes { bytes in
                    unsafe set(.copiedPostFields, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
                }
        }
        if request.method == "HEAD" { return set(.noBody, 1) }
        return set(.httpGet, 1) && set(.customRequest, request.method)
    }

    private func setHeaders(_ request: HTTPRequest) -> Bool {
        for (name, value) in request.headers.fields {
            guard append(value.isEmpty ? "\(name);" : "\(name): \(value)") else { return false }
        }
        // libcurl would ask for leave before it sends a large body, and wait for the answer.
        guard append("Expect:") else { return false }
        // It would ask for the compressions that it knows.
        if request.expandsBody, !append("Accept-Encoding:") { return false }
        return unsafe set(.headerList, lines)
    }

    private func append(_ line: String) -> Bool {
        guard let longer = unsafe danaCurlListAppend(lines, line) else { return false }
        unsafe lines = longer
        return true
    }

    private func setReceivers() -> Bool {
        // Safe because the loop keeps this object as long as the handle is with libcurl.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        return unsafe set(.headContext, context) && set(.bodyContext, context)
            && set(.errorBuffer, UnsafeMutableRawPointer(reason))
            && set(.head) { bytes, size, count, context in
                unsafe ActiveTransfer.at(context)?.receiveHead(bytes, size &* count) ?? 0
            }
            && set(.body) { bytes, size, count, context in
                unsafe ActiveTransfer.at(context)?.receiveBody(bytes, size &* count) ?? 0
            }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
        // Safe because the context is the one that `setReceivers` gave.
        unsafe context.map { unsafe Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func receiveHead(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count)
        switch unsafe parser.line(line) {
        case .more: return count
        case .head(let head):
            deadline.headArrived(MonotonicTime.now)
            deadlineCameNearer(deadline.next)
            transfer.headArrived(head)
            return count
        case .invalid(let code, let message):
            refusal = HTTPError(code, message, at: transfer.location)
            return -1
        }
    }

    private func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
        switch transfer.received(piece) {
        case .taken:
            deadline.bytesArrived(MonotonicTime.now)
            return count
        case .pause:
            deadline.paused()
            return danaCurlPause
        case .stop: return -1
        }
    }

    /// The reader has made room.
    func proceed(_ now: UInt64) {
        deadline.continued(now)
        deadlineCameNearer(deadline.next)
        _ = unsafe danaCurlContinue(easy)
    }

    /// The reader has what it needs.
    func drain(_ now: UInt64) {
        deadline.draining(now)
        proceed(now)
    }

    /// The exchange has ended with libcurl's result.
    func finished(_ code: Int32) {
        if let refusal { return transfer.finished(refusal) }
        guard code != CurlResult.fine else { return transfer.finished(nil) }
        if code == CurlResult.outOfMemory || code == CurlResult.tooLarge, parser.isInside {
            return failed(.headersTooLarge, "a line of the answer's head is longer than libcurl takes")
        }
        // Safe because libcurl ends the text it writes, and the buffer began as zeros.
        let written = unsafe String(cString: reason)
        let detail = written.isEmpty ? unsafe String(cString: danaCurlReason(code)) : written
        transfer.finished(CurlResult.error(code, detail: detail, for: transfer.request))
    }

    /// The exchange fails for a reason that is not libcurl's.
    func failed(_ code: HTTPError.Code, _ message: String) {
        transfer.finished(HTTPError(code, message, at: transfer.location))
    }

    // MARK: Options

    private func set(_ option: CurlOption.Number, _ value: Int) -> Bool {
        unsafe danaCurlSetNumber(easy, option.rawValue, value) == 0
    }

    private func set(_ option: CurlOption.Size, _ value: Int) -> Bool {
        unsafe danaCurlSetSize(easy, option.rawValue, Int64(value)) == 0
    }

    private func set(_ option: CurlOption.Text, _ value: String) -> Bool {
        unsafe danaCurlSetText(easy, option.rawValue, value) == 0
    }

    private func set(_ option: CurlOption.Pointer, _ value: UnsafeMutableRawPointer?) -> Bool {
        unsafe danaCurlSetPointer(easy, option.rawValue, value) == 0
    }

    private func set(_ option: CurlOption.Receiver, _ value: DanaCurlReceiver) -> Bool {
        unsafe danaCurlSetReceiver(easy, option.rawValue, value) == 0
    }
}
