import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// `crater-run doctor`: finds where the chain from the Pod's annotations to an app's page is broken.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find out why an app cannot be opened, and what to do about it.",
        usage: "crater-run doctor [<app> ...] [<options>]",
        discussion: """
            Checks each link between the pod's annotations and an app's page, in order: the volume, the annotations \
            file and the ingress rules; then for each app its rule, its program, the process that listens at the \
            rule's port, the address at which it listens, and the answer under the prefix. Starts nothing and changes \
            nothing.

            ✓ means in order, ✗ means broken, – means not checked or not important. The text below the first ✗ says \
            what to do.

            EXAMPLES
              crater-run doctor
              crater-run doctor tensorboard
              crater-run doctor --output json

            EXIT CODES
              0       nothing is broken
              1       something is broken
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

    /// Every known app, defined as its command without options, with the environment's settings.
    private func definitions() -> [AppDefinition] {
        var settings = Settings()
        let up = UpSettings(&settings)
        var forgiven: [String] = []
        let definitions = up.automaticApps(forgiven: &forgiven)
        for problem in settings.environmentProblems + forgiven { Console.complain(problem) }
        return definitions
    }
}
