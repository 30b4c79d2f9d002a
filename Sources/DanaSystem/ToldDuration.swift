extension Duration {
    /// In seconds, as messages tell it, by three digits or so: `60 s`, `0.3 s`.
    package var told: String {
        let seconds = self / .seconds(1)
        var scale = 1.0
        while seconds.magnitude * scale < 100, scale < 1e9 { scale *= 10 }
        let rounded = (seconds * scale).rounded() / scale
        return "\(Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)") s"
    }
}
