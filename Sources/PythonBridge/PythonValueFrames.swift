import CPython
import DanaData

/// A container that is being put on a tape: what is read, and how far.
struct PythonValueFrame {
    enum Style: UInt8 {
        case list, tuple, dict
        /// A list made of the elements, of keys and values in turn, of names and values in turn.
        case elements, pairs, fields
    }

    let style: Style
    /// The container itself; owned.
    let source: PyRef
    /// What is walked over: the container, or a list of its parts; owned.
    let container: PyRef
    /// How many elements, pairs or parts there were at the beginning.
    let count: Int
    /// How many of them were taken.
    var position = 0
    /// CPython's own position in a dict.
    var dictPosition = 0
    /// The value of the key just taken; owned.
    var pending: PyRef?

    init(_ style: Style, source: PyRef, container: PyRef, count: Int) {
        self.style = style
        self.source = source
        self.container = container
        self.count = count
    }

    /// The step from the container to the part taken last.
    func step(_ py: borrowing Python) -> PythonPath.Step? {
        guard position > 0 else { return nil }
        switch style {
        case .list, .tuple, .elements: return .index(position - 1)
        case .pairs, .fields:
            return py_list_get(container, (position - 1) & ~1).map { PythonPath.Step.of(key: $0, py) }
        case .dict:
            var place = 0
            var key: PyRef?
            for _ in 0..<position { PyDict_Next(container, &place, &key, nil) }
            return key.map { PythonPath.Step.of(key: $0, py) }
        }
    }
}

/// The containers around the place where a value is read, outermost first. It owns what the frames own.
struct PythonValueFrames: ~Copyable {
    private var base: UnsafeMutablePointer<PythonValueFrame>
    private var capacity = 16
    private(set) var count = 0

    init() { base = .allocate(capacity: capacity) }

    deinit {
        // The interpreter is held: frames exist only inside a conversion.
        for index in 0..<count { PythonValueFrames.release(base[index]) }
        base.deallocate()
    }

    /// The innermost frame; valid until the next push or pop.
    @inline(__always)
    var top: UnsafeMutablePointer<PythonValueFrame>? { count > 0 ? base + (count - 1) : nil }

    /// The frame's references become owned.
    mutating func push(_ frame: PythonValueFrame) {
        py_incref(frame.source)
        py_incref(frame.container)
        if count == capacity { grow() }
        (base + count).initialize(to: frame)
        count += 1
    }

    mutating func pop() {
        count -= 1
        PythonValueFrames.release(base[count])
    }

    private static func release(_ frame: PythonValueFrame) {
        py_xdecref(frame.pending)
        py_decref(frame.container)
        py_decref(frame.source)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<PythonValueFrame>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }

    func path(_ py: borrowing Python) -> PythonPath {
        var steps: [PythonPath.Step] = []
        for index in 0..<count {
            if let step = base[index].step(py) { steps.append(step) }
        }
        return PythonPath(steps)
    }

    /// How many steps lead to the first container that is inside itself, when `container` is the next one; nil
    /// when all are different.
    func cycle(with container: PyRef) -> Int? {
        var seen: Set<PyRef> = []
        for index in 0..<count where !seen.insert(base[index].source).inserted { return index }
        return seen.contains(container) ? count : nil
    }
}
