import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// One turn of the reactor, with a role that notes what it is told.
@Suite(.timeLimit(.minutes(5))) struct ReactorTurnTests {
    private final class NotingRole: Role {
        let reactor: Reactor
        private(set) var notes: [String] = []
        var exitCode: Int32?
        var deadline: MonotonicInstant?
        var onSignal: () -> Void = {}
        var onDue: (MonotonicInstant) -> Void = { _ in }
        private let beginning: (NotingRole) throws -> Void

        init(on reactor: Reactor, beginning: @escaping (NotingRole) throws -> Void) {
            self.reactor = reactor
            self.beginning = beginning
        }

        func note(_ text: String) { notes.append(text) }

        func begin() { #expect(throws: Never.self) { try beginning(self) } }
        func received(_ signal: Signal) {
            note("\(signal.number)")
            onSignal()
        }
        func ended(_ pid: Int32, _ status: ExitStatus) { note("ended") }
        func reaped(_ pid: Int32) { note("reaped") }
        func settled() { note("settled") }
        func turned(at now: MonotonicInstant) { note("turned") }
        func expire(at now: MonotonicInstant) {
            note("expire")
            onDue(now)
        }
        func finish() { note("finish") }
    }

    @Test func afterTheEndNoHandlerIsCalled() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let pipe = try TestPipe()
            pipe.write("x")
            let role = NotingRole(on: try Reactor(inherited: .none)) { role in
                kill(getpid(), SIGTERM)
                try role.reactor.poll.add(pipe.readEnd, .input) { [weak role] _ in role?.note("pipe") }
            }
            role.onSignal = { [weak role] in role?.exitCode = 4 }
            #expect(role.reactor.run(role) == 4)
            #expect(role.notes == ["turned", "\(SIGTERM)", "finish"])
        }
    }

    /// A child's end is acted upon before its pid can be another's, whatever else is ready.
    @Test func aChildIsReapedAfterItsEndWasActedUponAndBeforeTheTurnGoesOn() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let pipe = try TestPipe()
            pipe.write("x")
            let role = NotingRole(on: try Reactor(inherited: .none)) { role in
                let child = try role.reactor.children.spawn([try Tool.path("true")])
                #expect(Wait.until { ProcessTable.row(of: child)?.isZombie == true })
                try role.reactor.poll.add(pipe.readEnd, .input) { [weak role] _ in
                    role?.note("pipe")
                    role?.exitCode = 0
                }
            }
            #expect(role.reactor.run(role) == 0)
            #expect(role.notes == ["turned", "ended", "reaped", "settled", "pipe", "finish"])
        }
    }

    @Test func whatIsDueIsDoneAtItsTime() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let due = MonotonicClock.now().advanced(by: .milliseconds(10))
            let role = NotingRole(on: try Reactor(inherited: .none)) { $0.deadline = due }
            role.onDue = { [weak role] now in if now >= due { role?.exitCode = 5 } }
            #expect(role.reactor.run(role) == 5)
            // Woken by the timer alone.
            #expect(role.notes == ["turned", "expire", "finish"])
        }
    }

    @Test func theReactorDoesNotKeepItsRole() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let reactor = try Reactor(inherited: .none)
            weak var kept: NotingRole?
            do {
                let role = NotingRole(on: reactor) { $0.exitCode = 0 }
                kept = role
                #expect(reactor.run(role) == 0)
            }
            #expect(kept == nil)
        }
    }
}
