/// The tenants of a pool that hold, await or are about to await something, by name. Requests that name nobody belong to
/// tenant 0, whom no share binds.
struct TenantTable {
    struct Tenant {
        var name = ""
        var held = 0
        var waiting = 0
        var announced = 0

        var isIdle: Bool { held == 0 && waiting == 0 && announced == 0 }
    }

    private let share: Int
    private var tenants: ContiguousArray<Tenant> = [Tenant()]
    private var byName: [String: Int] = [:]
    private var free: [Int] = []

    init(share: Int?) {
        self.share = share ?? .max
    }

    /// The tenant of this name, made when there is none.
    mutating func find(_ name: String?) -> Int {
        guard let name else { return 0 }
        if let known = byName[name] { return known }
        let tenant = free.popLast() ?? tenants.count
        if tenant == tenants.count { tenants.append(Tenant()) }
        tenants[tenant].name = name
        byName[name] = tenant
        return tenant
    }

    /// How many tenants are remembered although there may be nothing of them: most come again.
    static let remembered = 256

    /// Forgets a tenant of whom there is nothing, unless few are known.
    mutating func drop(_ tenant: Int) {
        guard byName.count > Self.remembered, tenant > 0, tenants[tenant].isIdle,
            byName.removeValue(forKey: tenants[tenant].name) != nil
        else { return }
        tenants[tenant].name = ""
        free.append(tenant)
    }

    mutating func change(_ tenant: Int, _ change: (inout Tenant) -> Void) {
        change(&tenants[tenant])
    }

    func waiting(_ tenant: Int) -> Int { tenants[tenant].waiting }

    /// Whether no share binds the tenant.
    func isUnbound(_ tenant: Int) -> Bool { tenant == 0 || share == .max }

    /// How many more the tenant may hold.
    func room(_ tenant: Int) -> Int { isUnbound(tenant) ? .max : share - tenants[tenant].held }

    /// How many of the tenant's requests could be lent something by its share.
    func eligible(_ tenant: Int) -> Int { min(tenants[tenant].waiting, room(tenant)) }

    /// How many tenants are known.
    var count: Int { byName.count }
}
