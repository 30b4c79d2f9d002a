import DanaHTTP
import DanaPools

/// What a hub of models starts from.
public struct ModelHubSettings: Sendable {
    /// Which models there are; asked at first use.
    public var configuration: @Sendable () throws(ModelConfiguration.Fault) -> ModelConfiguration
    /// How the embedded model runs; nil where there is to be none.
    public var embedded: EmbeddedSettings? = EmbeddedSettings()
    /// What carries requests; made at first use.
    public var transport: @Sendable () -> any HTTPTransport = { CurlTransport() }
    /// How many may ask a provider's model at once where the configuration does not say.
    public var providerSize = 100
    /// Told of each call, on whatever thread it ends.
    public var listener: @Sendable (ModelCallEvent) -> Void = { _ in }
    /// Told of each key that is used, so that it is kept out of texts.
    public var secret: @Sendable (String) -> Void = { _ in }
    /// Told when the embedded model has to be fetched first, with its size in bytes.
    public var fetching: @Sendable (_ package: String, _ bytes: Int) -> Void = { _, _ in }

    /// What routers know of time.
    public var clock = RouterClock.system

    public init(
        configuration: @escaping @Sendable () throws(ModelConfiguration.Fault) -> ModelConfiguration = {
            () throws(ModelConfiguration.Fault) in
            try ModelConfiguration(folder: WorkingFolder.path, environment: ProcessEnvironment.variables)
        }
    ) {
        self.configuration = configuration
    }

    /// Has requests carried by a libcurl that the program brought, where `DANA_LIBCURL` names no other.
    public mutating func use(libcurl path: String) {
        transport = {
            var settings = CurlSettings()
            settings.libraryPath = path
            return CurlTransport(settings)
        }
    }
}
