// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with: warnings are errors, imports say what they expose, existentials are marked.
let common: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// What the Makefile says of the build, for --version. By the environment: SwiftPM keeps what it once read of git
/// (Context.gitInformation) beyond the next commit, while a changed variable has it read this file again.
let buildInfo: [CSetting] = ["COMMIT", "SWIFT"].map { name in
    .define("BUILD_\(name)", to: Context.environment["CRATER_RUN_BUILD_\(name)"] ?? "")
}

let package = Package(
    name: "crater-run",
    products: [
        .executable(name: "crater-run", targets: ["CraterRun"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(name: "CBuildInfo", cSettings: buildInfo),
        .target(name: "CLinux"),
        .target(name: "CraterRunCore", swiftSettings: common + [.strictMemorySafety()]),
        .target(name: "CraterRunLinux", dependencies: ["CLinux", "CraterRunCore"], swiftSettings: common),
        .target(
            name: "CraterRunHTTP",
            dependencies: [
                "CraterRunCore", "CraterRunLinux",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: common
        ),
        .target(
            name: "CraterRunDoor",
            dependencies: [
                "CraterRunCore", "CraterRunLinux",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: common
        ),
        .executableTarget(
            name: "CraterRun",
            dependencies: [
                "CBuildInfo", "CraterRunCore", "CraterRunLinux", "CraterRunHTTP", "CraterRunDoor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: common
        ),
        .testTarget(
            name: "CraterRunCoreTests",
            dependencies: ["CraterRunCore"],
            resources: [.copy("Vectors")],
            swiftSettings: common
        ),
        .testTarget(
            name: "CraterRunLinuxTests",
            dependencies: ["CraterRunCore", "CraterRunLinux", "CLinux"],
            swiftSettings: common
        ),
        .testTarget(
            name: "CraterRunHTTPTests",
            dependencies: ["CraterRunCore", "CraterRunLinux", "CraterRunHTTP"],
            swiftSettings: common
        ),
        .testTarget(
            name: "CraterRunDoorTests",
            dependencies: ["CraterRunCore", "CraterRunLinux", "CraterRunDoor"],
            swiftSettings: common
        ),
        .testTarget(
            name: "CraterRunTests",
            dependencies: [
                "CraterRun", "CraterRunCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: common
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["CraterRunCore", "CraterRunLinux", "CLinux"],
            resources: [.copy("Clients"), .copy("Fakes")],
            swiftSettings: common
        ),
    ],
    swiftLanguageModes: [.v6]
)
