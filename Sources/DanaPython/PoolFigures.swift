import CPython
import DanaPools
import PythonBridge

/// A pool's figures as a dict.
struct PoolFigures: ToPython, Sendable {
    private let figures: [(String, Int)]

    init(_ statistics: PoolStatistics, limit: Int) {
        let totals = statistics.totals
        figures = [
            ("size", statistics.size), ("limit", limit), ("leased", statistics.leased), ("idle", statistics.idle),
            ("waiting", statistics.waiting), ("lent", totals.lent), ("returned", totals.returned),
            ("leaked", totals.leaked), ("waited", totals.waited), ("cancelled", totals.cancelled),
            ("timed_out", totals.timedOut), ("refused", totals.refused),
        ]
    }

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let dict = try py.builtin("dict").call(py)
        for (name, figure) in figures { try dict.setItem(name, figure, py) }
        return dict.owned(py)
    }
}
