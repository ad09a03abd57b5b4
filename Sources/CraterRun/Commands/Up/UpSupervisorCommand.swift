import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// `crater-run supervisor`: the process beside the job that looks after the apps. Only `up` starts it.
struct UpSupervisorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "supervisor", shouldDisplay: false)

    @OptionGroup var flags: UpFlags
    @Option(.nonce) var nonce: String
    @Option(.jobStarted) var jobStarted: Int64
    @Option(.jobEnded) var jobEnded: String?
    @Flag(.followsAnother) var followsAnother = false
    @Option(.afterHangs) var afterHangs = 0
    @Option(.memory) var memory: Int32?
    @Option(.owner) var owner: Int32?
    @Option(.parking) var parking: Int32?

    var given: GivenWords {
        var given = flags.given
        given.add(.nonce, nonce)
        given.add(.jobStarted, String(jobStarted))
        given.add(.jobEnded, jobEnded)
        given.add(.followsAnother, followsAnother)
        given.add(.afterHangs, afterHangs == 0 ? nil : String(afterHangs))
        given.add(.memory, memory.map { String($0) })
        given.add(.owner, owner.map { String($0) })
        given.add(.parking, parking.map { String($0) })
        return given
    }

    /// The command line that starts the supervisor.
    ///
    /// - Parameter words: the words of `up`, beginning with `up` itself.
    static func command(for words: [String], nonce: UInt64, jobStartedAt: MonotonicInstant) -> SupervisorCommand {
        let own = ["--nonce", String(nonce, radix: 16), "--job-started", String(jobStartedAt.nanoseconds)]
        return SupervisorCommand(
            arguments: ["crater-run", "supervisor"] + own + words.dropFirst(),
            restartArguments: ["--follows-another"],
            hangsOption: "--after-hangs"
        )
    }
}
