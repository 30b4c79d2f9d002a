import Testing
import ValueGenerator

@testable import DanaHTTP

/// The decisions about one exchange, event by event; waiters are numbers.
@Suite struct TransferMachineTests {
    typealias Machine = TransferMachine<Int, Int>

    private func machine(body: Int = 1000, buffer: Int = 10) -> Machine {
        Machine(limits: HTTPLimits(headers: 100, body: body, buffer: buffer), location: "here")
    }

    /// A machine whose head was given out.
    private func receiving(body: Int = 1000, buffer: Int = 10) -> Machine {
        var machine = machine(body: body, buffer: buffer)
        _ = machine.awaitHead(1)
        _ = machine.headArrived()
        return machine
    }

    @Test func theHeadGoesToWhoeverWaits() {
        var machine = machine()
        guard case .wait = machine.awaitHead(7) else { return #expect(Bool(false), "it does not wait") }
        #expect(machine.headArrived() == 7)
        #expect(machine.headArrived() == nil)
    }

    @Test func bytesWaitForTheReader() {
        var machine = receiving()
        guard case .kept = machine.received([1, 2]), case .kept = machine.received([3]) else {
            return #expect(Bool(false), "they are not kept")
        }
        guard case .give(let piece, continueTransfer: false) = machine.takePiece() else {
            return #expect(Bool(false), "they are not given")
        }
        #expect(piece == [1, 2, 3])
        guard case .wait = machine.takePiece() else { return #expect(Bool(false), "they are given twice") }
    }

    @Test func theReaderWaitsForBytes() {
        var machine = receiving()
        guard case .wait = machine.awaitPiece(5), case .give(5, [9]) = machine.received([9]) else {
            return #expect(Bool(false), "the waiter is not given the bytes")
        }
        let (head, piece) = machine.finished(nil)
        #expect(head == nil && piece == nil)
        guard case .end = machine.takePiece() else { return #expect(Bool(false), "it does not end") }
    }

    @Test func aFullBufferPausesAndTheReaderContinues() {
        var machine = receiving(buffer: 4)
        guard case .kept = machine.received([1, 2, 3]), case .pause = machine.received([4, 5]) else {
            return #expect(Bool(false), "it does not pause")
        }
        guard case .give([1, 2, 3], continueTransfer: true) = machine.takePiece(),
            case .kept = machine.received([4, 5])
        else { return #expect(Bool(false), "it does not go on") }
    }

    @Test func onePieceLargerThanTheBufferIsTaken() {
        var machine = receiving(buffer: 2)
        guard case .kept = machine.received([1, 2, 3]) else { return #expect(Bool(false), "it stalls") }
    }

    @Test func aBodyBeyondTheLimitStops() {
        var machine = receiving(body: 3)
        guard case .wait = machine.awaitPiece(4), case .stop(4, let reason) = machine.received([1, 2, 3, 4]) else {
            return #expect(Bool(false), "it does not stop")
        }
        #expect(reason?.code == .bodyTooLarge)
        guard case .fail(let again) = machine.takePiece() else { return #expect(Bool(false), "the error is lost") }
        #expect(again == reason)
    }

    @Test func whatArrivedIsReadBeforeTheError() {
        var machine = receiving()
        let reason = HTTPError(.connectionLost, "lost", at: "here")
        guard case .kept = machine.received([1]) else { return #expect(Bool(false), "it is not kept") }
        _ = machine.finished(reason)
        guard case .give([1], continueTransfer: false) = machine.takePiece(), case .fail(reason) = machine.takePiece()
        else { return #expect(Bool(false), "bytes or error are lost") }
    }

    @Test func aCancelBeforeTheStartStands() {
        var machine = machine()
        guard case .stopTransfer(nil, nil, _) = machine.cancel(), case .fail(3, let reason) = machine.awaitHead(3)
        else {
            return #expect(Bool(false), "the cancel is forgotten")
        }
        #expect(reason.code == .cancelled)
    }

    @Test func aCancelAnswersTheWaiterOnce() {
        var machine = receiving()
        guard case .wait = machine.awaitPiece(8), case .stopTransfer(nil, 8, _) = machine.cancel() else {
            return #expect(Bool(false), "the waiter is forgotten")
        }
        guard case .nothing = machine.cancel() else { return #expect(Bool(false), "it is cancelled twice") }
        #expect(machine.finished(nil) == (nil, nil))
    }

    @Test func twoReadersAreTold() {
        var machine = receiving()
        guard case .wait = machine.awaitPiece(1), case .fail(let reason) = machine.awaitPiece(2) else {
            return #expect(Bool(false), "the second reader waits for ever")
        }
        #expect(reason.code == .readTwice)
    }

    @Test func theRestIsDroppedAndTheConnectionKept() {
        var machine = receiving()
        let goesOn = machine.drain()
        #expect(goesOn)
        guard case .kept = machine.received([1]), case .nothing = machine.cancel(), case .end = machine.takePiece()
        else {
            return #expect(Bool(false), "the rest is not dropped")
        }
        guard case .stop(nil, nil) = machine.received([UInt8](repeating: 0, count: 1 << 17)) else {
            return #expect(Bool(false), "a long rest is read on")
        }
    }

    @Test func theRestIsDroppedThoughAllOfItIsHere() {
        var machine = receiving()
        _ = machine.received([1, 2])
        _ = machine.finished(nil)
        let goesOn = machine.drain()
        #expect(!goesOn)
        guard case .end = machine.takePiece() else { return #expect(Bool(false), "the rest is not dropped") }
    }

    /// Random events in every order that a driver can give them: each waiter comes back exactly once, and bytes arrive
    /// in order.
    @Test(arguments: 0..<200) func everyWaiterComesBackOnce(seed: UInt64) {
        var random = Generator(seed: seed)
        var machine = machine(body: 300, buffer: 8)
        var open: Set<Int> = [1]
        var sent: UInt8 = 0
        var read: UInt8 = 0
        var number = 1
        func back(_ waiter: Int?) {
            if let waiter { #expect(open.remove(waiter) != nil, "waiter \(waiter) came back twice, seed \(seed)") }
        }
        func taken(_ piece: [UInt8]) {
            for byte in piece {
                #expect(byte == read)
                read &+= 1
            }
        }
        func answered(_ answer: Machine.TakePiece, _ waiter: Int?) {
            switch answer {
            case .wait: return
            case .give(let piece, _): taken(piece)
            case .end, .fail: break
            }
            back(waiter)
        }
        if Int.random(in: 0..<10, using: &random) == 0 { _ = machine.cancel() }
        if case .fail(let waiter, _) = machine.awaitHead(1) { back(waiter) }
        var isPaused = false
        for _ in 0..<Int.random(in: 0..<60, using: &random) {
            switch Int.random(in: 0..<9, using: &random) {
            case 0: back(machine.headArrived())
            case 1, 2, 3:
                guard !isPaused, !open.contains(1) else { break }
                let piece = (0..<Int.random(in: 0..<6, using: &random) + 1).map { sent &+ UInt8($0) }
                switch machine.received(piece) {
                case .kept: sent &+= UInt8(piece.count)
                case .give(let waiter, let bytes):
                    sent &+= UInt8(piece.count)
                    taken(bytes)
                    back(waiter)
                case .pause: isPaused = true
                case .stop(let waiter, _): back(waiter)
                }
            case 4, 5:
                guard !open.contains(1) else { break }
                let answer = machine.takePiece()
                if case .give(_, continueTransfer: true) = answer { isPaused = false }
                answered(answer, nil)
            case 6:
                guard open.isEmpty else { break }
                number += 1
                open.insert(number)
                let answer = machine.awaitPiece(number)
                if case .give(_, continueTransfer: true) = answer { isPaused = false }
                answered(answer, number)
            case 7 where Int.random(in: 0..<4, using: &random) == 0:
                if case .stopTransfer(let head, let piece, _) = machine.cancel() {
                    back(head)
                    back(piece)
                }
            case 8 where Int.random(in: 0..<4, using: &random) == 0:
                let (head, piece) = machine.finished(nil)
                back(head)
                back(piece)
            default: break
            }
        }
        let (head, piece) = machine.finished(nil)
        back(head)
        back(piece)
        #expect(open.isEmpty, "waiters \(open) never came back, seed \(seed)")
    }
}
