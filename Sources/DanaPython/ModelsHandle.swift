import CPython
import Dana
import DanaModels
import DanaPools
import PythonBridge

/// The language models of a runtime, as the Python side finds them.
final class ModelsHandle: PythonExported, Sendable {
    private let hub: ModelHub

    init(_ hub: ModelHub) { self.hub = hub }

    static let pythonClass = PythonClass("Models", doc: "The language models of a runtime.") {
        function(
            "get", "self", optional("name", String?.none), optional("priority", String?.none),
            optional("tenant", String?.none), optional("timeout", Double?.none),
            doc: "The model of a name, or the default one; the rest is how its places are asked for."
        ) {
            (models: ModelsHandle, name: String?, priority: String?, tenant: String?, timeout: Double?) throws
                -> ModelHandle in
            let wish = try PlaceWish(priority: priority, tenant: tenant, timeout: timeout)
            return ModelHandle(try models.hub.pool(name), wish)
        }
        function(
            "add", "self", "name", "model", "terms", "headers", keyword("size", Int?.none), keyword("default", false),
            doc: """
                Adds a model behind a server, or puts it in the place of another. The terms are `base_url`, `key` and `socket`,
                as far as they are said.
                """
        ) {
            (
                models: ModelsHandle, name: String, model: String, terms: [String: String], headers: [String: String],
                size: Int?, isDefault: Bool
            ) throws in
            let sizes = PoolLimits.sizes
            guard size.map(sizes.contains) ?? true else {
                throw OptionFault(.value, "'max_size' must be from 1 to \(sizes.upperBound), got \(size ?? 0)")
            }
            try models.hub.add(
                name, model: model, address: terms["base_url"], key: terms["key"].map { Secret($0) },
                headers: headers.mapValues { Secret($0) }, socket: terms["socket"], size: size, isDefault: isDefault)
            return Nothing()
        }
        property("names", doc: "The models that are in use or configured.") { (models: ModelsHandle) in
            models.hub.names
        }
        property("default", doc: "The name of the model that is asked when none is named.") {
            (models: ModelsHandle) throws in try models.hub.defaultName()
        }
        property("processes", doc: "The process ids of embedded models that run.") { (models: ModelsHandle) in
            models.hub.processIDs.map(Int.init)
        }
        property("metrics", doc: "What was asked of the models and what came of it, as Prometheus reads it.") {
            (models: ModelsHandle) in models.hub.meter.metrics.prometheusText
        }
        function("listen", "self", "callback", doc: "Calls back when a call has ended; the number takes it back.") {
            (models: ModelsHandle, callback: PythonObject) in
            models.hub.listen { event in CallEvents.tell(callback, event) }
        }
        function("stop_listening", "self", "number", doc: "Takes a listener back.") {
            (models: ModelsHandle, number: Int) in
            models.hub.ignore(number)
            return Nothing()
        }
        function("__repr__", "self") { (_: ModelsHandle) in "<Dana models>" }
    }
}
