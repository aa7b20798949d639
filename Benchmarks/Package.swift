// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users of the libraries do not build it.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "spaceplan", path: "..")],
  targets: [
    .executableTarget(
      name: "cron-benchmark",
      dependencies: [
        .product(name: "Cron", package: "spaceplan"), .product(name: "Timelines", package: "spaceplan"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "sleep-benchmark",
      dependencies: [
        .product(name: "Simulation", package: "spaceplan"), .product(name: "Timelines", package: "spaceplan"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
