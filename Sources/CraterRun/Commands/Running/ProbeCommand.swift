import ArgumentParser
import CraterRunCore

/// `crater-run probe`: the command for exec probes.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Answer an exec probe of Kubernetes: exit code 0 for yes, 1 for no, and one line with the reason.",
        usage: "crater-run probe <live|ready|startup> [<app>] [<options>]",
        discussion: """
            Asks the crater-run that serves apps in this container, over its control socket, or else over its TCP port.
              live      does crater-run itself work?
              ready     is it ready, as --ready-when says? With an app: is this app ready?
              startup   have the ingress rules been read once?

            An answer counts only if crater-run runs as root or as the probe's own user: any other user could give a \
            false one. If a start script changes from root to a user before it starts crater-run, and the probe runs \
            as root, name that user with --user.

            EXAMPLES
              crater-run probe ready
              crater-run probe ready tensorboard
              crater-run probe ready --verbose

              readinessProbe: {exec: {command: [crater-run, probe, ready]}}

            EXIT CODES
              0       yes
              1       no, or no crater-run answers
              64      wrong usage
            """
    )

    @Argument(help: "live, ready or startup.")
    var question: Probe.Question

    @Argument(help: "For ready: ask only about this app.", completion: Completions.runningApps)
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
