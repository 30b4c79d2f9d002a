/// How much may be spent in all. What a request may take is set aside before it is sent, and settled when it is known.
public struct Budget: Sendable, Hashable {
    /// An amount of what budgets count.
    public struct Amount: Sendable, Hashable {
        public var tokens: Int
        public var money: Double

        public init(tokens: Int = 0, money: Double = 0) {
            self.tokens = tokens
            self.money = money
        }
    }

    /// Nil for no bound.
    public var tokens: Int?
    public var money: Double?
    /// What is spent or set aside.
    public private(set) var used = Amount()

    public init(tokens: Int? = nil, money: Double? = nil) {
        self.tokens = tokens
        self.money = money
    }

    /// Sets an amount aside; false when the budget does not hold it.
    public mutating func setAside(_ amount: Amount) -> Bool {
        let (sum, overflow) = used.tokens.addingReportingOverflow(max(0, amount.tokens))
        let money = used.money + max(0, amount.money)
        guard !overflow, sum <= tokens ?? .max, money <= self.money ?? .infinity else { return false }
        used = Amount(tokens: sum, money: money)
        return true
    }

    /// What was set aside was spent like this.
    public mutating func settle(_ aside: Amount, spent: Amount) {
        let (freed, _) = used.tokens.subtractingReportingOverflow(aside.tokens)
        let (sum, overflow) = max(0, freed).addingReportingOverflow(max(0, spent.tokens))
        used = Amount(tokens: overflow ? .max : sum, money: max(0, used.money - aside.money) + max(0, spent.money))
    }
}
