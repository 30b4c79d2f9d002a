// swift-tools-version: 6.2
import PackageDescription

// The environment chooses what is built: DANA_WHEEL=1 makes self-contained extensions (the Swift
// runtime linked in, only PyInit_* exported), DANA_ABI3=1 keeps to CPython's limited API of 3.11.
// pkg-config decides for which Python: PKG_CONFIG_PATH points to the folder of its python3.pc.
let wheel = Context.environment["DANA_WHEEL"] == "1"
let abi3 = Context.environment["DANA_ABI3"] == "1"
// DANA_FUZZ=1 adds the fuzzer, which links only with `-Xswiftc -sanitize=fuzzer`.
let fuzz = Context.environment["DANA_FUZZ"] == "1"

let swift: [SwiftSetting] =
    [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]
    + (abi3 ? [.unsafeFlags(["-Xcc", "-DDANA_ABI3"]), .define("DANA_ABI3")] : [])
    + (wheel ? [.unsafeFlags(["-static-stdlib", "-enforce-exclusivity=unchecked"])] : [])
let c: [CSetting] = abi3 ? [.define("DANA_ABI3")] : []
let link: [LinkerSetting] =
    wheel
    ? [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld", "-Xlinker", "--icf=all", "-Xlinker", "--gc-sections", "-Xlinker", "-s",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/DanaPython/exports.map",
        ])
    ] : []

let package = Package(
    name: "Dana",
    products: [
        .library(name: "DanaData", targets: ["DanaData"]),
        .library(name: "Dana", targets: ["Dana"]),
        .library(name: "DanaLanguage", targets: ["DanaLanguage"]),
        .library(name: "DanaPools", targets: ["DanaPools"]),
        .library(name: "DanaHTTP", targets: ["DanaHTTP"]),
        .library(name: "DanaModels", targets: ["DanaModels", "DanaHTTP"]),
        .library(name: "PythonBridge", targets: ["PythonBridge"]),
        .library(name: "PythonEmbedding", targets: ["PythonEmbedding"]),
        .library(name: "_native", type: .dynamic, targets: ["DanaPython"]),
        .library(name: "bridge_peer", type: .dynamic, targets: ["BridgePeer"]),
        .library(name: "bridge_probe", type: .dynamic, targets: ["BridgeProbe"]),
        .executable(name: "embed-python", targets: ["EmbedPython"]),
        .executable(name: "dana-service", targets: ["DanaService"]),
        .executable(name: "dana", targets: ["DanaCLI"]),
        .executable(name: "language-peer", targets: ["LanguagePeer"]),
        .executable(name: "pool-peer", targets: ["PoolPeer"]),
        .executable(name: "language-probe", targets: ["LanguageProbe"]),
    ],
    targets: [
        .systemLibrary(name: "CPython", pkgConfig: "python3", providers: [.apt(["libpython3-dev"])]),
        .systemLibrary(name: "CPythonLib", pkgConfig: "python3-embed", providers: [.apt(["libpython3-dev"])]),
        .target(name: "GlibcFloor"),
        .target(name: "ForkedThread"),
        .target(name: "PythonTrampolines", dependencies: ["CPython"], cSettings: c),
        .target(name: "DanaSystem", swiftSettings: swift),
        .target(name: "DanaData", swiftSettings: swift),
        .target(name: "DanaLanguage", dependencies: ["DanaData"], swiftSettings: swift),
        .target(name: "DanaPools", dependencies: ["DanaSystem"], swiftSettings: swift),
        .target(name: "OpenBeneath"),
        .target(
            name: "Dana",
            dependencies: ["DanaLanguage", "DanaModels", "DanaData", "DanaSystem", "DanaHTTP", "OpenBeneath"],
            swiftSettings: swift),
        .executableTarget(
            name: "DanaCLI", dependencies: ["Dana", "DanaLanguage", "DanaData", "DanaSystem"], swiftSettings: swift),
        .target(name: "CURL"),
        .target(name: "DanaHTTP", dependencies: ["CURL", "DanaSystem"], swiftSettings: swift),
        .target(name: "DanaProcesses", dependencies: ["DanaPools", "DanaSystem"], swiftSettings: swift),
        .target(
            name: "DanaModels", dependencies: ["DanaHTTP", "DanaData", "DanaPools", "DanaProcesses", "DanaSystem"],
            resources: [.embedInCode("engine.py")], swiftSettings: swift),
        .target(
            name: "PythonBridge",
            dependencies: ["CPython", "PythonTrampolines", "DanaData", "DanaSystem", "ForkedThread"],
            swiftSettings: swift),
        .target(
            name: "PythonEmbedding", dependencies: ["PythonBridge", "CPython", "CPythonLib", "DanaSystem"],
            swiftSettings: swift),
        .target(
            name: "DanaPython",
            dependencies: ["PythonBridge", "Dana", "DanaLanguage", "DanaModels", "DanaPools", "DanaData"]
                + (wheel ? ["GlibcFloor"] : []),
            exclude: ["exports.map"], swiftSettings: swift, linkerSettings: link),
        .target(
            name: "BridgePeer", dependencies: ["PythonBridge"], path: "Benchmarks/BridgePeer",
            swiftSettings: swift, linkerSettings: link),
        .executableTarget(
            name: "LanguagePeer", dependencies: ["DanaLanguage"], path: "Benchmarks/LanguagePeer",
            swiftSettings: swift),
        .executableTarget(
            name: "PoolPeer", dependencies: ["DanaPools"], path: "Benchmarks/PoolPeer", swiftSettings: swift),
        .executableTarget(
            name: "LanguageProbe", dependencies: ["DanaLanguage"], path: "Tests/LanguageProbe", swiftSettings: swift),
        .executableTarget(
            name: "DanaService", dependencies: ["Dana"], path: "Examples/DanaService", swiftSettings: swift),
        .executableTarget(
            name: "EmbedPython", dependencies: ["PythonEmbedding"], path: "Examples/EmbedPython",
            swiftSettings: swift),
        .target(
            name: "BridgeProbe", dependencies: ["PythonBridge", "DanaData", "ThreadSanitizerMutex"],
            path: "Tests/BridgeProbe", swiftSettings: swift, linkerSettings: link),
        .target(name: "ThreadSanitizerMutex", path: "Tests/ThreadSanitizerMutex"),
        .target(
            name: "ValueGenerator", dependencies: ["DanaData"], path: "Tests/ValueGenerator", swiftSettings: swift),
        .testTarget(
            name: "PythonBridgeTests",
            dependencies: ["PythonEmbedding", "PythonBridge", "BridgeProbe", "DanaData", "ValueGenerator"],
            swiftSettings: swift),
        .target(
            name: "TestPrograms", dependencies: ["DanaLanguage"], path: "Tests/TestPrograms", swiftSettings: swift),
        .testTarget(
            name: "DanaLanguageTests",
            dependencies: [
                "DanaLanguage", "DanaData", "TestPrograms", "LanguageFuzzing", "ValueGenerator", "ThreadSanitizerMutex",
            ],
            swiftSettings: swift),
        .target(
            name: "LanguageFuzzing", dependencies: ["DanaLanguage"], path: "Tests/LanguageFuzzing", swiftSettings: swift
        ),
        .testTarget(
            name: "DanaPoolsTests", dependencies: ["DanaPools", "ThreadSanitizerMutex"], swiftSettings: swift),
        .testTarget(
            name: "DanaTests", dependencies: ["Dana", "DanaLanguage", "DanaModels", "DanaPools"], swiftSettings: swift),
        .testTarget(
            name: "DanaCLITests", dependencies: ["DanaCLI", "Dana", "DanaData", "TestPrograms"], swiftSettings: swift),
        .testTarget(name: "DanaDataTests", dependencies: ["DanaData", "ValueGenerator"], swiftSettings: swift),
        .target(
            name: "FaultServer", path: "Tests/FaultServer", exclude: ["fault_server.py", "fake_engine.py"],
            swiftSettings: swift),
        .testTarget(
            name: "DanaHTTPTests", dependencies: ["DanaHTTP", "FaultServer", "ValueGenerator", "ThreadSanitizerMutex"],
            swiftSettings: swift),
        .executableTarget(
            name: "ProcessOwner", dependencies: ["DanaProcesses"], path: "Tests/ProcessOwner", swiftSettings: swift),
        .testTarget(
            name: "DanaProcessesTests",
            dependencies: ["DanaProcesses", "DanaPools", "DanaSystem", "ProcessOwner", "ThreadSanitizerMutex"],
            swiftSettings: swift),
        .testTarget(
            name: "DanaModelsTests",
            dependencies: [
                "DanaModels", "DanaHTTP", "DanaData", "DanaPools", "FaultServer", "ValueGenerator",
                "ThreadSanitizerMutex",
            ],
            swiftSettings: swift),
        .testTarget(name: "ArchitectureTests", swiftSettings: swift),
    ]
        + (fuzz
            ? [
                .executableTarget(
                    name: "LanguageFuzzer", dependencies: ["LanguageFuzzing"], path: "Tests/Fuzz", swiftSettings: swift)
            ] : []),
    swiftLanguageModes: [.v6]
)
