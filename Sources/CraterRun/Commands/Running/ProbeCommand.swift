import ArgumentParser
import CraterRunCore

/// `crater-run probe`: what an exec probe runs.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Answer an exec probe of Kubernetes: 0 if it is so, 1 if it is not, and one line that says why.",
        usage: "crater-run probe <live|ready|startup> [<app>] [<options>]",
        discussion: """
            It asks the crater-run that serves apps in this container, over its control socket, or else over its TCP port. \
            live: it turns. ready: it is ready as --ready-when has it, or this app is. startup: the ingress rules were read once.

            An answer counts if crater-run runs as root or as the probe's own user: any other user could give a false one. \
            Where a start script goes from root down to a user before crater-run, and the probe runs as root, --user says which.

            EXAMPLES
              crater-run probe ready
              crater-run probe ready tensorboard
              crater-run probe ready --verbose

              readinessProbe: {exec: {command: [crater-run, probe, ready]}}

            EXIT CODES
              0       it is so
              1       it is not, or nobody answers
              64      wrong usage
            """
    )

    @Argument(help: "live, ready or startup.")
    var question: Probe.Question

    @Argument(help: "For ready: this app alone.", completion: Completions.runningApps)
    var app: String?

    @Flag(.verbose) var verbose = false
    @Option(.probeTimeout) var timeout: String?
    @Option(.probePort) var healthPort: String?
    @Option(.probeUser) var user: String?

    func validate() throws {
        if app != nil, question != .ready { throw ValidationError("Only 'ready' can be asked of one app.") }
        if app?.contains("/") ?? false || app?.isEmpty ?? false { throw ValidationError("An app's name has no slash.") }
    }

    var given: GivenWords {
        var given = GivenWords()
        given.add(.verbose, verbose)
        given.add(.probeTimeout, timeout)
        given.add(.probePort, healthPort)
        given.add(.probeUser, user)
        given.operands = [question.rawValue] + (app.map { [$0] } ?? [])
        return given
    }
}

extension Probe.Question: ExpressibleByArgument {}
