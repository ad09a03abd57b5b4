import Foundation
import Testing

/// What the tests with a browser need of this machine, beside the apps.
enum BrowserTools {
    /// Debian keeps nginx where only root's PATH has it.
    private static let folders =
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/sbin"]

    private static func find(_ name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    static let chromium = find("chromium")
    static let nginx = find("nginx")
    static let openssl = find("openssl")
    private static let curl = find("curl")
    /// The Python that has playwright, in the virtual environment whose `bin` directory `make test` names.
    static let python = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_BROWSER"].map { "\($0)/python" }

    /// Caddy, in the virtual environment whose `bin` directory `make test` names.
    static let caddy = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_CADDY"].map { "\($0)/caddy" }

    static var missing: [String] {
        let all = [
            "chromium": chromium, "nginx (Debian: nginx-light)": nginx, "openssl": openssl, "curl": curl,
            "CRATER_RUN_TEST_BROWSER": python, "CRATER_RUN_TEST_CADDY": caddy,
        ]
        return all.filter { $0.value == nil }.keys.sorted()
    }

    /// By hand what is missing is left out; on CI it is tried, so that nothing is left out unseen.
    static var areTested: Bool { missing.isEmpty || Mode.isOnCI }

    /// The path of one that has to be there.
    static func path(_ tool: String?) throws -> String {
        guard let tool else { throw Failure("not installed: \(missing)") }
        return tool
    }

    /// What is worth keeping of a run, for people to look at.
    static let artifacts = "\(FileManager.default.currentDirectoryPath)/.build/artifacts"
}

@Suite struct BrowserToolsTests {
    @Test(.enabled(if: BrowserTools.areTested, "no browser is tested here: \(BrowserTools.missing) is missing"))
    func areThere() {
        #expect(BrowserTools.missing == [])
    }
}
