// swift-tools-version: 6.2
import PackageDescription

// The house (floors, from below): imports point downwards only.
//   0  Timelines  Cron  Spaces  LocatedYAML
//   1  Schedules  Pricing  Hub  History
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

let package = Package(
  name: "spaceplan",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Timelines", targets: ["Timelines"]),
    .library(name: "Cron", targets: ["Cron"]),
    .library(name: "Pricing", targets: ["Pricing"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    floor("Timelines", []),
    floor("Cron", ["Timelines"]),
    floor("Spaces", ["Timelines"]),
    floor("CSV", []),
    floor("LocatedYAML", ["Timelines", .product(name: "Yams", package: "Yams")]),
    floor(
      "Pricing", ["LocatedYAML", "Spaces", "Timelines"], resources: [.embedInCode("huggingface.yaml")]),
    floor("Schedules", ["Cron", "LocatedYAML", "Spaces", "Timelines"]),
    floor("History", ["CSV", "Spaces", "Timelines", .product(name: "GRDB", package: "GRDB.swift")]),
    floor("Reports", ["CSV", "Pricing", "Spaces", "Timelines"]),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("TimelinesTests", ["TestSupport", "Timelines"]),
    tests("CronTests", ["Cron", "TestSupport", "Timelines"], resources: [.copy("cron-examples.jsonl")]),
    tests("SpacesTests", ["Spaces"]),
    tests("CSVTests", ["CSV"]),
    tests("LocatedYAMLTests", ["LocatedYAML"]),
    tests("PricingTests", ["LocatedYAML", "Pricing", "Spaces", "TestSupport", "Timelines"]),
    tests("SchedulesTests", ["Cron", "LocatedYAML", "Schedules", "Spaces", "TestSupport", "Timelines"]),
    tests(
      "HistoryTests",
      ["History", "Spaces", "TestSupport", "Timelines", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "ReportsTests", ["CSV", "Pricing", "Reports", "Spaces", "TestSupport", "Timelines"],
      exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)
