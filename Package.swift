// swift-tools-version: 6.1
import PackageDescription

// MARK: - Settings

/// Unsafe flags are allowed in a root package only: as a dependency, the package builds without them.
let isRoot = !Context.packageDirectory.contains("/checkouts/")

/// The C kernels are optimised in every configuration: a plain `swift run` must not crawl.
let kernelSettings: [CSetting] = isRoot ? [.unsafeFlags(["-O3", "-fno-math-errno", "-Wno-psabi"])] : []

/// The modules that loop over interactions and parameters are optimised in debug builds too.
let numericSettings: [SwiftSetting] =
  isRoot
  ? [
    .unsafeFlags(["-O"], .when(configuration: .debug)),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  ] : []

// MARK: - Modules, in order of import: each may use what stands above it

let package = Package(
  name: "Landscape",
  products: [
    .executable(name: "landscape", targets: ["LandscapeCLI"]),
    .executable(name: "landscape-bench", targets: ["Benchmarks"]),
    .library(
      name: "Landscape",
      targets: [
        "Landscape", "Training", "Evaluation", "Recommenders", "Interactions", "Differentiation", "LinearAlgebra",
        "Statistics", "Storage",
      ]),
    .library(name: "Figures", targets: ["Figures"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // System libraries: module maps and nothing else.
    .systemLibrary(name: "CCairo", pkgConfig: "cairo-svg cairo-pdf", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

    // Kernels, files, statistics, linear algebra.
    .target(name: "CKernels", cSettings: kernelSettings, linkerSettings: [.linkedLibrary("m")]),
    .target(name: "Storage", dependencies: ["CCrypto", "CZlib"]),
    .target(name: "Statistics"),
    .target(name: "LinearAlgebra", dependencies: ["CKernels", "COpenBLAS", "Statistics"]),
    .target(name: "Differentiation", dependencies: ["CKernels", "LinearAlgebra"]),

    // interactions → recommender + loss → evaluation
    .target(name: "Interactions", dependencies: ["CKernels", "CZlib", "LinearAlgebra", "Storage"]),
    .target(
      name: "Recommenders", dependencies: ["CKernels", "Differentiation", "Interactions", "LinearAlgebra", "Storage"]),
    .target(name: "Evaluation", dependencies: ["CKernels", "Interactions", "LinearAlgebra", "Recommenders"]),

    // → training → checkpoint → landscape: these two never import each other.
    .target(
      name: "Training",
      dependencies: ["CKernels", "Evaluation", "Interactions", "LinearAlgebra", "Recommenders", "Storage"]),
    .target(
      name: "Landscape",
      dependencies: [
        "CKernels", "Evaluation", "Interactions", "LinearAlgebra", "Recommenders", "Statistics", "Storage",
      ]),

    // → figure: draws axes and values, knows no machine learning.
    .target(name: "Figures", dependencies: ["CCairo", "CPNG"]),

    // → report: a page to explore and a notebook, from plain values; its page is compiled in, so that the program alone
    // is enough.
    .target(
      name: "Report", dependencies: ["Storage"],
      resources: [
        "page.html", "page.css", "three-licence.txt", "numbers.js", "colors.js", "canvas.js", "svgpen.js",
        "lines.js", "levels.js", "contour.js", "camera.js", "meshes.js", "isosurface.js", "shaders.js", "webgl.js",
        "threepainter.js", "scene.js", "page.js", "downloads.js", "surfaces.js", "planes.js", "volumes.js",
        "charts.js", "tables.js", "main.js",
      ].map { .embedInCode("Assets/\($0)") }),

    // Studies: what their files say, which trainings that makes, what the numbers say; the commands do the work.
    .target(
      name: "Studies",
      dependencies: ["LinearAlgebra", "Statistics", "Storage", .product(name: "Yams", package: "Yams")],
      resources: ["gsam", "gsam-stability", "sharpcf", "sharpcf-published"].map { .embedInCode("Files/\($0).yaml") }),

    .executableTarget(
      name: "LandscapeCLI",
      dependencies: [
        "Evaluation", "Figures", "Interactions", "Landscape", "LinearAlgebra", "Recommenders", "Report", "Statistics",
        "Storage", "Studies", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Every row of the project's benchmark, beside peers and the machine's peaks.
    .target(name: "CRoofline", cSettings: kernelSettings),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CKernels", "CRoofline", "Evaluation", "Interactions", "Landscape", "LinearAlgebra", "Recommenders", "Storage",
        "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: - Tests
    .target(
      name: "TestSupport", dependencies: ["CKernels", "Interactions", "LinearAlgebra", "Recommenders"],
      path: "Tests/TestSupport", resources: [.copy("Fixtures")]),
    .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["CKernels", "LinearAlgebra", "TestSupport"]),
    .testTarget(
      name: "DifferentiationTests", dependencies: ["CKernels", "Differentiation", "LinearAlgebra", "TestSupport"]),
    .testTarget(
      name: "InteractionsTests", dependencies: ["Interactions", "LinearAlgebra", "Storage", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "RecommendersTests",
      dependencies: [
        "CKernels", "Differentiation", "Interactions", "LinearAlgebra", "Recommenders", "Storage", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Evaluation", "Interactions", "LinearAlgebra", "Recommenders", "TestSupport"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Evaluation", "Interactions", "LinearAlgebra", "Recommenders", "Storage", "TestSupport", "Training",
      ]),
    .testTarget(
      name: "LandscapeTests",
      dependencies: [
        "CKernels", "Interactions", "Landscape", "LinearAlgebra", "Recommenders", "Statistics", "Storage",
        "TestSupport",
      ]),
    .testTarget(name: "StudiesTests", dependencies: ["Statistics", "Studies", "TestSupport"]),
    .testTarget(
      name: "FiguresTests", dependencies: ["CPNG", "Figures", "TestSupport"], resources: [.copy("Snapshots")]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["Interactions", "LandscapeCLI", "LinearAlgebra", "Recommenders", "Storage", "TestSupport"]),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: [
        "Benchmarks", "Interactions", "LandscapeCLI", "LinearAlgebra", "Recommenders", "Storage", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// MARK: - One set of settings for all targets

let numericModules: Set<String> = [
  "Storage", "Statistics", "LinearAlgebra", "Differentiation", "Interactions", "Recommenders", "Evaluation", "Training",
  "Landscape", "Figures",
]
for target in package.targets where numericModules.contains(target.name) {
  target.swiftSettings = (target.swiftSettings ?? []) + numericSettings
}
