import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ReadBackTests {
    private let directory: TemporaryDirectory
    private let rule: IngressRule

    init() throws {
        directory = try TemporaryDirectory()
        rule = IngressRule(name: "jupyter", port: 8888, prefix: try PathPrefix("/x"))
    }

    private func launcher(_ nonce: UInt64 = 0xABC) -> AppLauncher {
        AppLauncher(
            app: Jupyter(), executable: nil, nonce: nonce, probe: HostProbe(["CRATER_RUN_DIR": directory("run")]))
    }

    private func write(_ name: String, _ text: String) throws {
        try launcher().storage.directory.make(below: directory("run/abc/jupyter/runtime"))
        try Files.write(text, to: directory("run/abc/jupyter/runtime/\(name)"), mode: 0o600)
    }

    @Test func aTokenIsToldOnceAlsoByAnotherProcessOfTheSameRun() throws {
        #expect(launcher().readBack(for: ServingPlace(direct: rule)).entries == [])
        try write("jpserver-1.json", #"{"port":8888,"base_url":"/x/","token":"abc"}"#)
        #expect(
            launcher().readBack(for: ServingPlace(direct: rule)).entries.map(\.message) == [
                "jupyter: open /x/?token=abc"
            ])
        #expect(launcher().readBack(for: ServingPlace(direct: rule)).entries == [])
        try write("jpserver-1.json", #"{"port":8888,"base_url":"/x/","token":"abd"}"#)
        #expect(launcher().readBack(for: ServingPlace(direct: rule)).entries.count == 1)
        #expect(launcher(0xABD).readBack(for: ServingPlace(direct: rule)).entries == [])
    }

    @Test func marimosTokenIsToldOnce() throws {
        let rule = IngressRule(name: "marimo", port: 2718, prefix: try PathPrefix("/x"))
        let launcher = AppLauncher(
            app: Marimo(), executable: nil, nonce: 0xABC, probe: HostProbe(["CRATER_RUN_DIR": directory("run")]))
        try launcher.storage.directory.make(below: directory("run/abc/marimo/login"))
        #expect(launcher.readBack(for: ServingPlace(direct: rule)).entries == [])
        try Files.write("abc", to: directory("run/abc/marimo/login/token"), mode: 0o600)
        let told = launcher.readBack(for: ServingPlace(direct: rule)).entries
        #expect(told.map(\.message) == ["marimo: open /x/?access_token=abc"])
        #expect(launcher.readBack(for: ServingPlace(direct: rule)).entries == [])
    }

    @Test func kernelsAreCounted() throws {
        #expect(launcher().losses() == [])
        try write("kernel-1.json", "{}")
        try write("kernel-2.json", "{}")
        try write("jpserver-1.json", "{}")
        #expect(launcher().losses().map(\.message).first?.contains("2 kernels") == true)
    }
}
