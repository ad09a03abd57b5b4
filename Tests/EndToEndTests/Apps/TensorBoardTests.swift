import CraterRunCore
import Foundation
import Glibc
import Testing

/// A real TensorBoard from PyPI.
enum RealTensorBoard: String, CaseIterable, CustomTestStringConvertible {
    case newest = "CRATER_RUN_TEST_TENSORBOARD"
    case oldest = "CRATER_RUN_TEST_TENSORBOARD_OLD"

    var testDescription: String { self == .newest ? "the newest" : "an old one" }

    /// The `bin` directory of its virtual environment, which `make test` names.
    var bin: String? { ProcessInfo.processInfo.environment[rawValue] }

    /// Those that are here; on CI all are tried, so that none is left out unseen.
    static let available = Mode.isOnCI ? allCases : allCases.filter { $0.bin != nil }
}

@Suite(.serialized, .timeLimit(TestTime.limit))
struct TensorBoardTests {
    @Test(
        .enabled(
            if: RealTensorBoard.available.count == RealTensorBoard.allCases.count,
            "not all real TensorBoards are tested here: make test makes them and sets CRATER_RUN_TEST_TENSORBOARD(_OLD)"
        )
    )
    func areThere() {
        for version in RealTensorBoard.allCases { #expect(version.bin != nil) }
    }

    @Test(arguments: RealTensorBoard.available, Mode.available)
    func isServedUnderItsPrefixWhateverHappens(version: RealTensorBoard, mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.use(version)
            try launcher.start("--logdir", "logs")
            try launcher.line("tensorboard: ready", "at /ingress/liuxw24-379e0/")
            let page = try #require(HTTP.get(launcher.prefix, port: launcher.port))
            #expect(page.status == 200)
            #expect(page.body.contains("<title>TensorBoard</title>"))
            #expect(launcher.readiness()?.status == 200)
            #expect(HTTP.get("/", port: launcher.port)?.status == 404)

            // It dies.
            kill(try launcher.leader().pid, SIGKILL)
            try launcher.line("tensorboard: was killed by SIGKILL", "starting it again in")
            try launcher.line("tensorboard: ready", "at /ingress/liuxw24-379e0/")
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.status == 200)

            // Its rule changes.
            let other = "/ingress/liuxw24-0ther/"
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: other)
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "at /ingress/liuxw24-0ther/")
            #expect(HTTP.get(other, port: launcher.port)?.status == 200)
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.status == 404)

            // All is over.
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    /// The page goes on answering 200 without it, and shows nothing.
    @Test(arguments: RealTensorBoard.available, Mode.available)
    func getsItsDataServerBack(version: RealTensorBoard, mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.use(version)
            try launcher.start("--logdir", "logs", "--check-interval", "500ms")
            try launcher.waitUntilReady()
            let leader = try launcher.leader()
            let server = try #require(launcher.living().first { $0.name == "server" }?.identity)
            kill(server.pid, SIGKILL)
            try launcher.line("no longer ready: it answers 500", "data server has died")
            try launcher.line("starting it again in")
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.leader() != leader)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}

extension Launcher {
    /// Puts the real one on PATH in place of the fake.
    fileprivate func use(_ version: RealTensorBoard) throws {
        guard let bin = version.bin else { throw Failure("\(version.rawValue) is not set") }
        environment["PATH"] = "\(bin):/usr/bin:/bin"
    }

    /// The app's first process, by its pid here.
    fileprivate func leader() throws -> ProcessIdentity {
        let child = living().first { $0.parent == pid && $0.group == $0.identity.pid }
        guard let child else { throw Failure("no app is running\n\(log)") }
        return child.identity
    }
}
