import CraterRunLinux
import Foundation
import Testing

/// What reads and judges the manifests: the packages in Tests/Requirements/manifests.txt.
enum ManifestTools {
    /// The `bin` directory that `make test` names.
    static let bin = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_MANIFESTS"].flatMap { $0.isEmpty ? nil : $0 }
    /// By hand what is missing is left out; on CI it is tried, so that nothing is left out unseen.
    static let areTested = bin != nil || Mode.isOnCI
    static let versions = ["1.29", "1.33", "1.37"]
    static let directory = repository.appendingPathComponent("images/manifests").path
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every document of every YAML file below a directory.
    static func load(_ directory: String = directory) throws -> [ManifestDocument] {
        try JSONDecoder().decode([ManifestDocument].self, from: client("load", directory))
    }

    /// Every YAML example in README.md and docs.
    static func examples() throws -> [ManifestDocument] {
        try JSONDecoder().decode([ManifestDocument].self, from: client("fences", repository.path))
    }

    /// What is wrong with a document once a JSON patch has been applied to it, by version.
    static func problems(
        _ file: String, _ index: Int = 0, patch: String = "[]", in directory: String = directory
    ) throws -> [String: String?] {
        let cases = #"[{"file": "\#(file)", "index": \#(index), "patch": \#(patch)}]"#
        let output = try client("validate", directory, versions.joined(separator: ","), cases)
        guard let answer = try JSONDecoder().decode([[String: String?]].self, from: output).first else {
            throw Failure("no answer")
        }
        return answer
    }

    private static func client(_ words: String...) throws -> Data {
        guard let bin else { throw Failure("CRATER_RUN_TEST_MANIFESTS is not set") }
        let script = Bundle.module.resourcePath.map { "\($0)/Clients/manifests.py" } ?? ""
        return Data(try run(["\(bin)/python", "-B", script] + words).utf8)
    }

    /// What a command prints; it has to succeed.
    static func run(_ words: [String]) throws -> String {
        let (output, errors) = (try LineStream(), try LineStream())
        let environment = Launcher.callersEnvironment(["PATH", "HOME"])
        let process = try SpawnedProcess(
            words, environment: environment, streams: [.null, output.target, errors.target])
        defer { if !process.hasEnded { process.send(SIGKILL) } }
        output.closeWriteEnd()
        errors.closeWriteEnd()
        let deadline = Deadline()
        while !process.hasEnded, !deadline.hasPassed {
            output.drain()
            errors.drain()
            _ = poll(nil, 0, 2)
        }
        output.drain()
        errors.drain()
        let ending = try process.waitForEnd(within: .zero)
        guard ending == .exited(0) else { throw Failure("\(words): \(ending)\n\(errors.text)") }
        return output.text
    }
}

/// One document of a YAML file.
struct ManifestDocument: Decodable {
    let file: String
    let index: Int
    let document: JSON

    var kind: String { document["kind"].string ?? "" }
    var name: String { document["metadata"]["name"].string ?? "" }
}

@Suite struct ManifestToolsTests {
    @Test(
        .enabled(
            if: ManifestTools.areTested,
            "the manifests are not tested here: make test makes what validates them and sets CRATER_RUN_TEST_MANIFESTS"
        )
    )
    func areThere() { #expect(ManifestTools.bin != nil) }
}
