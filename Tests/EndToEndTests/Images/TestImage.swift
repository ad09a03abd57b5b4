import Foundation
import Glibc
import Testing

/// A container image, as `make test-images` has built and unpacked it.
struct TestImage: CustomTestStringConvertible, Sendable {
    let name: String
    /// The app's usual port, if it has an app.
    let port: UInt16?
    /// What the app answers with 200, below its prefix.
    let page: String

    static let craterRun = TestImage(name: "crater-run", port: nil, page: "")
    static let tensorboard = TestImage(name: "tensorboard", port: 6006, page: "data/environment")
    static let jupyter = TestImage(name: "jupyter", port: 8888, page: "api")
    static let visdom = TestImage(name: "visdom", port: 8097, page: "")
    static let apps = [tensorboard, jupyter, visdom]

    var testDescription: String { "image \(name)" }

    /// Where they are; nil if nobody made them all.
    static let directory: String? = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_IMAGES"].flatMap {
        access("\($0)/images.txt", R_OK) == 0 ? $0 : nil
    }

    /// By hand they are left out where there are none; on CI they are always tried.
    static let areTested = directory != nil && Mode.canBeProcessOne || Mode.isOnCI
    static let areNotTestedSince: Comment = "images are not tested here: make test makes them as root"

    /// What is known of it.
    var directory: String { "\(TestImage.directory ?? "")/\(name)" }
    /// What it holds.
    var root: String { "\(directory)/root" }
    /// What the apps' images are made from.
    static var base: String { "\(directory ?? "")/base" }

    /// Its app's Python package.
    var module: String { name == "jupyter" ? "jupyterlab" : name }

    /// The repository.
    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    /// The script that the images start with, as it is there.
    static let entrypoint = "\(sources)/entrypoint.sh"

    /// What it says of itself (OCI image specification, config).
    struct Configuration: Decodable {
        struct Config: Decodable {
            let User: String
            let Env: [String]?
            let Entrypoint: [String]?
            let Cmd: [String]?
            let WorkingDir: String?
            let ExposedPorts: [String: [String: String]]?
            let Labels: [String: String]?
        }
        struct Layers: Decodable { let diff_ids: [String] }

        let config: Config
        let rootfs: Layers
    }

    private struct Inspection: Decodable { let OCIv1: Configuration }

    func configuration() throws -> Configuration {
        let file = URL(fileURLWithPath: "\(directory)/image.json")
        return try JSONDecoder().decode(Inspection.self, from: Data(contentsOf: file)).OCIv1
    }
}

@Suite struct TestImageTests {
    @Test(.enabled(if: TestImage.areTested, TestImage.areNotTestedSince))
    func areThere() {
        #expect(TestImage.directory != nil)
        #expect(Mode.canBeProcessOne)
    }
}
