import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// `crater-run doctor`: where the chain from the Pod's annotations to an app's page is broken.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out why an app cannot be opened, and how to mend it.",
        usage: "crater-run doctor [<app> ...] [<options>]",
        discussion: """
            Looks at each link between the pod's annotations and an app's page, in order: the volume, the annotations file, \
            the ingress rules, then for each app its rule, its program, who listens at the rule's port, where, and what is \
            answered under the prefix. Starts nothing and changes nothing.

            ✓ holds, ✗ is broken, – was not looked at or is of no account. How to mend it stands below the first ✗.

            EXAMPLES
              crater-run doctor
              crater-run doctor tensorboard
              crater-run doctor --output json

            EXIT CODES
              0       nothing is broken
              1       something is
              64      wrong usage
            """
    )

    @Argument(
        help: ArgumentHelp(
            "An app (\(AppIdentity.all.map(\.name).joined(separator: ", "))) or an ingress rule's name. Default: every app that is "
                + "installed or has a rule, and every other rule.",
            valueName: "app"
        ),
        completion: Completions.rulesAndApps
    )
    var apps: [String] = []

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: AnnotationsOptions

    func validate() throws {
        if apps.contains("") { throw ValidationError("An app's name is empty.") }
    }

    func run() throws {
        var given = output.given
        given.add(source.given)
        var settings = Settings(given)
        let publicHost = settings.read(.publicHost)
        let format = settings.read(.output) ?? .text
        try settings.check()
        var names: [String] = []
        for name in apps where !names.contains(name) { names.append(name) }
        let supervisors = Supervisors.find()
        let facts = DoctorProbe(annotationsPath: source.pod.path).facts(
            names: names,
            definitions: definitions(),
            supervisor: supervisors.forDoctor,
            supervisorPID: supervisors.pid,
            publicHost: publicHost
        )
        let report = DoctorReport(Diagnosis(of: facts))
        switch format {
        case .text: try Console.page(report.page(colors: TerminalProbe.facts(of: .output).showsColors))
        case .json: try Console.json(report.all)
        }
        if !report.isSound { throw ExitCode(1) }
    }

    /// Every known app, as its command has it without options but with the environment's.
    private func definitions() -> [AppDefinition] {
        var settings = Settings()
        let up = UpSettings(&settings)
        var forgiven: [String] = []
        let definitions = up.automaticApps(forgiven: &forgiven)
        for problem in settings.environmentProblems + forgiven { Console.complain(problem) }
        return definitions
    }
}
