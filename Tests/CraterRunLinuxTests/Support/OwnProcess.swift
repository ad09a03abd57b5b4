import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// Runs the body of the current test in a process of its own, by running the test program again for this one test.
///
/// For what a process has only one of: children, signals, limits, standard descriptors. Exit tests would do that too, but
/// they tell of a failed expectation only that there was one, and cannot run behind a program (unshare) or with all
/// signals blocked from the start.
enum OwnProcess {
    private static let variable = "CRATER_RUN_TEST_INSIDE"

    /// - Parameters:
    ///   - part: which of a test's cases it is, if it has several.
    ///   - wrapper: the command to run the process behind.
    ///   - blockingAllSignals: in every thread, as crater-run has it.
    /// - Returns: what came out of it; nil in that process itself.
    @discardableResult
    static func run(
        for part: String = "",
        behind wrapper: [String] = [],
        blockingAllSignals: Bool = false,
        _ body: () async throws -> Void
    ) async throws -> String? {
        let test = try #require(Test.current).id.description
        let name = "\(test) \(part)"
        if let inside = getenv(variable).map({ String(cString: $0) }) {
            guard inside == name else { return nil }
            if blockingAllSignals { parkMainThread() }
            try await body()
            return nil
        }
        let id = test.split(separator: "/").prefix(2).joined(separator: "/")
        let filter = "^" + id.map { "()[].".contains($0) ? "\\\($0)" : String($0) }.joined() + "(/|$)"
        let words = wrapper.isEmpty ? [] : [try Tool.path(wrapper[0])] + wrapper.dropFirst()
        let program = try #require(SmallFile.link("/proc/self/exe"))
        let signals = InheritedSignals(blocking: blockingAllSignals ? Array(1...64) : [], ignoring: [])
        let command = words + [program, "--testing-library", "swift-testing", "--filter", filter]
        let environment = ProcessEnvironment.entries() + [Array("\(variable)=\(name)".utf8)]
        await Slots.shared.take()
        // Not on one of the few threads that all tests share.
        let result = await withCheckedContinuation { continuation in
            onThread {
                var children = ChildProcesses(inherited: signals)
                continuation.resume(
                    returning: Result { try children.run(command, environment: environment, within: .seconds(60)) }
                )
            }
        }
        await Slots.shared.give()
        let (status, output) = try result.get()
        #expect(status == .exited(code: 0) && text(output).contains("Test run with 1 test"), "\(text(output))")
        return text(output)
    }

    /// The main thread waits with sigsuspend(2) for whatever comes and so lets every signal in. This leaves it for good in
    /// a handler that lets none in.
    private static func parkMainThread() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in while true { _ = poll(nil, 0, -1) } }
        sigfillset(&action.sa_mask)
        sigaction(SIGUSR1, &action, nil)
        kill(getpid(), SIGUSR1)
        let isParked = Wait.until {
            let status = try? SmallFile.read("/proc/\(getpid())/status")
            return status.flatMap { statusField("SigBlk", in: $0) } == "fffffffe7ffbfeff"
        }
        #expect(isParked)
        action.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGUSR1, &action, nil)
    }
}

/// Lets no more processes run at once than the machine has use for.
private actor Slots {
    static let shared = Slots()
    private var free = 3
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
