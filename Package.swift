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

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "spaceplan",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Hub", targets: ["Hub"]),
    .library(name: "Timelines", targets: ["Timelines"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    floor("Timelines", []),
    floor("Spaces", ["Timelines"]),
    floor("LocatedYAML", ["Timelines", .product(name: "Yams", package: "Yams")]),

    floor(
      "Hub",
      [
        "Spaces", "Timelines", .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("TimelinesTests", ["TestSupport", "Timelines"]),
    tests("SpacesTests", ["Spaces", "TestSupport"]),
    tests("LocatedYAMLTests", ["LocatedYAML"]),
    tests(
      "HubTests",
      [
        "Hub", "Spaces", "TestSupport", "Timelines", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
