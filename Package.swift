// swift-tools-version: 6.2
import PackageDescription

// The house (floors, from below): imports point downwards, and on one floor to the left only.
//   0  Spelling  Timelines  Cron  JSON  Spaces  Money  CSV  ICalendar  LocatedYAML
//   1  Schedules  Pricing  Hub  History  CZlib  VisitFiles  Webhooks
//   2  Planning  Simulation
//   3  Reports  Acting
//   4  HubSimulator  spaceplan  spaceplan-hub

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

func floor(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

// Swift and Foundation inside of the programs that are installed: they start faster, and need no Swift where
// they run. What Foundation consists of has to be named, as tests are not linked so.
let standalone: [LinkerSetting] =
  [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release))]
  + ["CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections"].map {
    .linkedLibrary($0, .when(platforms: [.linux], configuration: .release))
  }

let package = Package(
  name: "spaceplan",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Timelines", targets: ["Timelines"]),
    .library(name: "Cron", targets: ["Cron"]),
    .library(name: "Pricing", targets: ["Money", "Pricing"]),
    .library(name: "Hub", targets: ["Hub"]),
    .library(name: "Simulation", targets: ["Money", "Simulation", "Spaces"]),
    .executable(name: "spaceplan", targets: ["spaceplan"]),
    .executable(name: "spaceplan-hub", targets: ["spaceplan-hub"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    floor("Spelling", []),
    floor("Timelines", ["Spelling"]),
    floor("Cron", ["Spelling", "Timelines"]),
    floor("JSON", []),
    floor("Spaces", ["JSON", "Timelines"]),
    floor("Money", []),
    floor("CSV", []),
    floor("ICalendar", ["Timelines"]),
    floor("LocatedYAML", ["Spelling", "Timelines", .product(name: "Yams", package: "Yams")]),

    floor(
      "Schedules", ["Cron", "ICalendar", "LocatedYAML", "Money", "Spaces", "Spelling", "Timelines"],
      resources: [.embedInCode("schedules.schema.json")]),
    floor(
      "Pricing", ["JSON", "LocatedYAML", "Money", "Spaces", "Spelling", "Timelines"],
      resources: [.embedInCode("huggingface.yaml"), .embedInCode("pricing.schema.json")]),
    floor(
      "Hub",
      [
        "JSON", "Spaces", "Timelines", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    floor(
      "History",
      [
        "CSV", "JSON", "Spaces", "Timelines", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),

    // Tells the compiler where the system's zlib is.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    floor("VisitFiles", ["CSV", "CZlib", "Spaces", "Timelines"]),

    floor(
      "Webhooks",
      [
        "Timelines", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),

    floor("Planning", ["Money", "Pricing", "Schedules", "Spaces", "Spelling", "Timelines"]),
    floor(
      "Simulation",
      ["Cron", "LocatedYAML", "Money", "Planning", "Pricing", "Schedules", "Spaces", "Timelines"]),

    floor(
      "Reports", ["CSV", "JSON", "Money", "Pricing", "Schedules", "Spaces", "Timelines"],
      resources: [.embedInCode("report.schema.json"), .embedInCode("report.css")]),
    floor(
      "Acting",
      [
        "History", "Hub", "JSON", "LocatedYAML", "Money", "Planning", "Pricing", "Schedules", "Simulation",
        "Spaces", "Spelling", "Timelines", "Webhooks",
      ]),

    floor(
      "HubSimulator",
      [
        "JSON", "Money", "Pricing", "Simulation", "Spaces", "Spelling", "Timelines",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "spaceplan-hub",
      dependencies: [
        "HubSimulator", "JSON", "LocatedYAML", "Money", "Pricing", "Spaces", "Timelines",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict, linkerSettings: standalone),
    .executableTarget(
      name: "spaceplan",
      dependencies: [
        "Acting", "CSV", "Cron", "History", "Hub", "ICalendar", "JSON", "LocatedYAML", "Money", "Planning",
        "Pricing", "Reports", "Schedules", "Simulation", "Spaces", "Spelling", "Timelines", "VisitFiles",
        "Webhooks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict, linkerSettings: standalone),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "HubControls",
      dependencies: [
        "JSON", "Spaces", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
      ], path: "Tests/HubControls", swiftSettings: strict),
    tests("SpellingTests", ["Spelling"]),
    tests("TimelinesTests", ["TestSupport", "Timelines"]),
    tests("CronTests", ["Cron", "TestSupport", "Timelines"], resources: [.copy("cron-examples.jsonl")]),
    tests("JSONTests", ["JSON", "TestSupport"]),
    tests("SpacesTests", ["JSON", "Spaces", "TestSupport"]),
    tests("CSVTests", ["CSV"]),
    tests(
      "ICalendarTests", ["ICalendar", "TestSupport", "Timelines"], resources: [.copy("rule-examples.txt")]),
    tests("LocatedYAMLTests", ["LocatedYAML"]),
    tests("SchedulesTests", ["Cron", "LocatedYAML", "Schedules", "Spaces", "TestSupport", "Timelines"]),
    tests("PricingTests", ["LocatedYAML", "Money", "Pricing", "Spaces", "TestSupport", "Timelines"]),
    tests(
      "HubTests",
      [
        "Hub", "JSON", "Spaces", "TestSupport", "Timelines", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests(
      "HistoryTests",
      ["History", "Spaces", "TestSupport", "Timelines", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["version-1.sql"]),
    tests("VisitFilesTests", ["CZlib", "Spaces", "TestSupport", "Timelines", "VisitFiles"]),
    tests(
      "PlanningTests",
      ["LocatedYAML", "Money", "Planning", "Pricing", "Schedules", "Spaces", "TestSupport", "Timelines"]),
    tests(
      "SimulationTests",
      ["CSV", "Money", "Pricing", "Schedules", "Simulation", "Spaces", "TestSupport", "Timelines"],
      resources: [.copy("Traces")]),
    tests(
      "ReportsTests", ["CSV", "JSON", "Money", "Pricing", "Reports", "Spaces", "TestSupport", "Timelines"],
      exclude: ["Golden"]
    ),
    tests(
      "HubSimulatorTests",
      [
        "HubSimulator", "JSON", "Money", "Pricing", "Spaces", "Timelines",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
      ]),
    tests(
      "ActingTests",
      [
        "Acting", "History", "Hub", "HubControls", "HubSimulator", "JSON", "Money", "Planning", "Pricing",
        "Schedules", "Simulation", "Spaces", "TestSupport", "Timelines", "Webhooks",
      ]),
    tests(
      "EndToEndTests",
      [
        "HubControls", "JSON", "Money", "Pricing", "Spaces", "TestSupport", "Timelines",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
