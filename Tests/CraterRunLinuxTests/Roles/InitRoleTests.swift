import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The init role on a real reactor, beside supervisors that behave as no real one does.
@Suite(.timeLimit(.minutes(5))) struct InitRoleTests {
    /// - Parameter supervisor: its shell script; nil: there is none.
    private func run(
        _ job: [String],
        supervisor: String? = nil,
        inherited: InheritedSignals = .none,
        _ change: (inout InitOptions) -> Void = { _ in }
    ) throws -> Int32 {
        var options = InitOptions(isProcessOne: false, hasSupervisor: supervisor != nil)
        change(&options)
        let shell = try Tool.path("sh")
        let role = InitRole(
            on: try Reactor(inherited: inherited),
            options: options,
            job: JobCommand(words: job.map { Array($0.utf8) }),
            supervisor: SupervisorCommand(
                program: shell,
                arguments: ["sh", "-c", supervisor ?? "", "supervisor"],
                restartArguments: ["again"],
                hangsOption: "hung"
            ),
            nonce: 1,
            logStyle: LogStyle()
        )
        return role.run()
    }

    private func script(_ text: String) -> [String] { ["sh", "-c", text] }

    @Test func aWordThatIsTooLongCannotBeExecuted() async throws {
        let output = try await OwnProcess.run(blockingAllSignals: true) {
            // MAX_ARG_STRLEN (execve(2)) is 128 KiB.
            let code = try run(["true", String(repeating: "x", count: 200_000)])
            #expect(code == 126)
        }
        guard let output else { return }
        #expect(
            output.contains("error: cannot start the job: cannot execute true: Argument list too long"), "\(output)")
    }

    @Test func saysNothingInAnOrdinaryLife() async throws {
        let output = try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            let code = try run(
                script("until [ -e \(directory("up")) ]; do :; done; (setsid sleep 1000 &); exit 3"),
                supervisor: "touch \(directory("up")); exec sleep 1000"
            )
            #expect(code == 3)
            #expect(ProcessTable.rows().filter { $0.parent == getpid() } == [])
        }
        guard let output else { return }
        #expect(!output.contains("crater-run:"), "\(output)")
    }

    @Test func theSupervisorHasASessionAPipeAndWordsThatTellItsFirstStart() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            // At a number that the supervisor has no descriptor at.
            let inherited: Int32 = 100
            #expect(dup2(2, inherited) == inherited)
            defer { close(inherited) }
            let state = #"echo "$(cut -d' ' -f6 /proc/$$/stat) $$ $(readlink /proc/$$/fd/0) [$*]""#
            let code = try run(
                script("until [ -e \(directory("done")) ]; do :; done; exit 3"),
                supervisor: """
                    \(state) >>\(directory("state")); ls /proc/$$/fd >\(directory("fds"))
                    [ "$1" = again ] || kill -KILL $$
                    touch \(directory("done")); exec sleep 1000
                    """
            )
            #expect(code == 3)
            let starts = text(try SmallFile.read(directory("state"))).split(separator: "\n")
            #expect(starts.count == 2)
            #expect(
                starts.first?.wholeMatch(of: /(\d+) \1 (pipe:\[\d+\]) \[--memory 3 --owner 4 --parking 5\]/) != nil,
                "\(starts)")
            #expect(
                starts.last?.wholeMatch(of: /(\d+) \1 (pipe:\[\d+\]) \[again --memory 3 --owner 4 --parking 5\]/)
                    != nil,
                "\(starts)")
            #expect(!text(try SmallFile.read(directory("fds"))).split(separator: "\n").contains("\(inherited)"))
        }
    }

    @Test func aSupervisorIsToldHowManyInARowHaveHung() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            let code = try run(
                script("until [ -e \(directory("done")) ]; do :; done; exit 3"),
                supervisor: """
                    echo "$*" >>\(directory("starts"))
                    case $(wc -l <\(directory("starts"))) in [1-3]) exit 70 ;; esac
                    touch \(directory("done")); exec sleep 1000
                    """
            )
            #expect(code == 3)
            let starts = text(try SmallFile.read(directory("starts"))).split(separator: "\n")
            let own = "--memory 3 --owner 4 --parking 5"
            #expect(starts.map(String.init) == [own, "again \(own)", "again hung 2 \(own)", "again hung 3 \(own)"])
        }
    }

    /// A file whose program cannot be executed is told by its report, and its end is not taken for the supervisor's.
    @Test func aSupervisorThatCannotBeExecutedIsTriedAgain() async throws {
        let output = try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            let role = InitRole(
                on: try Reactor(inherited: .none),
                options: InitOptions(isProcessOne: false),
                job: JobCommand(
                    words: script(
                        """
                        # As long as it takes to be tried.
                        sleep 0.3
                        printf '#!/bin/sh\\ntouch \(directory("up")); exec sleep 1000\\n' >\(directory("new"))
                        chmod +x \(directory("new")); mv \(directory("new")) \(directory("supervisor"))
                        until [ -e \(directory("up")) ]; do :; done; exit 3
                        """
                    ).map { Array($0.utf8) }),
                supervisor: SupervisorCommand(
                    program: directory("supervisor"), arguments: ["supervisor"], restartArguments: []),
                nonce: 1,
                logStyle: LogStyle()
            )
            #expect(role.run() == 3)
        }
        guard let output else { return }
        #expect(output.contains("cannot start the supervisor of the apps: execve /"), "\(output)")
        #expect(output.contains("No such file or directory; starting it again in"), "\(output)")
        #expect(!output.contains("exited with code 127"), "\(output)")
    }

    /// It inherits what was ignored, and so never sees our SIGTERM.
    @Test func aSupervisorThatIgnoresTheSignalEndsWithItsPipe() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            signal(SIGTERM, SIG_IGN)
            let code = try run(
                script("until [ -e \(directory("up")) ]; do :; done; exit 3"),
                supervisor: "touch \(directory("up")); cat; touch \(directory("ended"))",
                inherited: InheritedSignals(blocking: [], ignoring: [SIGTERM])
            )
            #expect(code == 3)
            #expect(access(directory("ended"), F_OK) == 0)
        }
    }

    /// Takes six seconds.
    @Test func aSupervisorThatDoesNotEndIsKilledWithWhatItStarted() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let directory = try TemporaryDirectory()
            let code = try run(
                script("until [ -e \(directory("up")) ]; do :; done; exit 3"),
                supervisor: "trap '' TERM; setsid sleep 1000 & touch \(directory("up")); sleep 1000 & wait"
            )
            #expect(code == 3)
            #expect(ProcessTable.rows().filter { $0.parent == getpid() } == [])
        }
    }

    /// A shell's background job, where the shell then executed us.
    @Test func whatWasOurChildBeforeWeBeganIsLeftAlone() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            var children = ChildProcesses(inherited: .none)
            let earlier = try children.spawn([try Tool.path("sleep"), "1000"])
            let code = try run(script("(setsid sleep 1001 &); exit 4"))
            #expect(code == 4)
            let left = ProcessTable.rows().filter { $0.parent == getpid() && !$0.isZombie }
            #expect(left.map(\.identity.pid) == [earlier])
            kill(earlier, SIGKILL)
            #expect(children.end(of: earlier) == .signaled(.kill))
        }
    }
}
