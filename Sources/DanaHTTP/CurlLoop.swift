import CURL
import DanaSystem
import Glibc

/// The thread that carries all exchanges of a transport: does what the mailbox asks, lets libcurl work, tells what has
/// ended or taken too long, and waits.
final class CurlLoop {
    /// How many unused handles of libcurl are kept for the next exchanges.
    private static let spareHandles = 64
    /// The longest wait, in milliseconds; commands and bytes end it early.
    private static let longestWait: Int32 = 60_000
    /// How long to rest when libcurl cannot wait, for want of memory or of file descriptors; in microseconds.
    private static let pauseAfterFailure: UInt32 = 10_000

    private let multi: CurlMulti
    private let mailbox: CurlMailbox
    private let settings: CurlSettings
    private let certificateFile: String?
    /// The exchanges, by the address of libcurl's handle, and the handles by the exchange.
    private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
    private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]
    private var spare: [UnsafeMutableRawPointer] = []
    private var scan = DeadlineScan()
    private var isClosing = false

    private init(_ multi: CurlMulti, _ mailbox: CurlMailbox, _ settings: CurlSettings) {
        self.multi = multi
        self.mailbox = mailbox
        self.settings = settings
        certificateFile = settings.certificateFile ?? CertificateFile.find()
    }

    /// Works on the calling thread until the mailbox is told to close and all exchanges have ended.
    static func run(_ mailbox: CurlMailbox, _ settings: CurlSettings) {
        guard let multi = CurlMulti(settings) else {
            return mailbox.closed(HTTPError(.systemFailed, "there is no memory for connections", at: "libcurl"))
        }
        mailbox.opened(multi)
        CurlLoop(multi, mailbox, settings).work()
        mailbox.closed(HTTPError(.systemFailed, "the transport is closed", at: "libcurl"))
        unsafe danaCurlMultiFree(multi.handle)
    }

    private func work() {
        while true {
            for command in mailbox.take() { perform(command) }
            _ = unsafe danaCurlMultiPerform(multi.handle)
            while let (easy, code) = unsafe multi.nextFinished() {
                unsafe end(easy)?.finished(code)
            }
            endExpired()
            if isClosing, active.isEmpty { break }
            let wait = scan.wait(MonotonicTime.now, longest: CurlLoop.longestWait)
            if unsafe danaCurlMultiPoll(multi.handle, wait) != 0 { usleep(CurlLoop.pauseAfterFailure) }
        }
        for easy in unsafe spare { unsafe danaCurlEasyFree(easy) }
    }

    private func perform(_ command: CurlMailbox.Command) {
        switch command {
        case .start(let transfer): start(transfer)
        case .proceed(let transfer): proceed(transfer) { $0.proceed(MonotonicTime.now) }
        case .drain(let transfer): proceed(transfer) { $0.drain(MonotonicTime.now) }
        case .stop(let transfer):
            if let easy = handles[ObjectIdentifier(transfer)] { _ = unsafe end(easy) }
        case .close: isClosing = true
        }
    }

    private func start(_ transfer: Transfer) {
        guard !transfer.hasEnded else { return }
        guard let easy = unsafe spare.popLast() ?? danaCurlEasyMake() else {
            return transfer.finished(
                HTTPError(.systemFailed, "there is no memory for a connection", at: transfer.location))
        }
        let entry = unsafe ActiveTransfer(transfer, easy: easy, now: MonotonicTime.now) { [unowned self] in
            scan.added($0)
        }
        unsafe active[easy] = entry
        unsafe handles[ObjectIdentifier(transfer)] = easy
        guard entry.prepare(settings, certificateFile: certificateFile) else {
            _ = unsafe end(easy)
            return entry.failed(.invalidRequest, "the installed libcurl cannot send this request")
        }
        guard unsafe danaCurlMultiAdd(multi.handle, easy) == CurlResult.fine else {
            _ = unsafe end(easy)
            return entry.failed(.systemFailed, "libcurl takes no further request")
        }
        scan.added(entry.deadline.next)
    }

    private func proceed(_ transfer: Transfer, _ body: (ActiveTransfer) -> Void) {
        if let easy = handles[ObjectIdentifier(transfer)], let entry = unsafe active[easy] { body(entry) }
    }

    /// Takes an exchange from libcurl, which closes its connection unless the answer is complete.
    private func end(_ easy: UnsafeMutableRawPointer) -> ActiveTransfer? {
        guard let entry = unsafe active.removeValue(forKey: easy) else { return nil }
        handles[ObjectIdentifier(entry.transfer)] = nil
        unsafe danaCurlMultiRemove(multi.handle, easy)
        if spare.count < CurlLoop.spareHandles {
            unsafe danaCurlEasyReset(easy)
            unsafe spare.append(easy)
        } else {
            unsafe danaCurlEasyFree(easy)
        }
        return entry
    }

    private func endExpired() {
        let now = MonotonicTime.now
        guard scan.isDue(now) else { return }
        let expired = active.compactMap { easy, entry in
            unsafe entry.deadline.expired(now).map { unsafe (easy, $0) }
        }
        for (easy, (code, message)) in unsafe expired { unsafe end(easy)?.failed(code, message) }
        scan.done(now, earliest: active.values.lazy.map(\.deadline.next).min())
    }
}
