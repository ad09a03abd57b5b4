import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// `crater-run status`: shows the state of the apps.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the apps that crater-run serves in this container, and the state of each.",
        discussion: """
            States: waiting (for its rule), starting, ready, unready, stopping, stopped, backing-off, failed. If a \
            state needs an explanation, a line below the table gives it.

            EXAMPLES
              crater-run status
              crater-run status --watch
              crater-run status --links
              crater-run status --output json

            EXIT CODES
              1       the output cannot be written
              64      wrong usage
              69      no crater-run serves apps in this container
            """
    )

    @OptionGroup var output: OutputOptions

    @Flag(help: "Go on until Ctrl-C: redraw a terminal, or print the status again after each change.")
    var watch = false

    @Flag(
        help:
            "Print the links that open the apps, with the keys of their logins. Only the user of a crater-run gets its links, and root."
    )
    var links = false

    func validate() throws {
        if watch, links { throw ValidationError("--links and --watch do not go together.") }
    }

    func run() throws {
        var settings = Settings(output.given)
        let format = settings.read(.output) ?? .text
        try settings.check()
        guard watch else {
            let supervisors = Supervisors.find()
            guard !supervisors.answering.isEmpty else {
                throw CommandFailure.unavailable("show the status", supervisors.absence)
            }
            if links { return try showLinks(supervisors, format: format) }
            return try show(supervisors, format: format)
        }
        try watchOn(format: format)
    }

    private func show(_ supervisors: Supervisors, format: OutputFormat) throws(CommandFailure) {
        let report = StatusReport(supervisors)
        switch format {
        case .text: try Console.page(report.page(for: TerminalProbe.facts(of: .output)))
        case .json: try Console.json(report.all)
        }
    }

    private func showLinks(_ supervisors: Supervisors, format: OutputFormat) throws(CommandFailure) {
        var all: [LinksDocument.Link] = []
        for supervisor in supervisors.answering {
            do throws(Refusal) { all += try supervisor.links() } catch {
                // The links of a stranger's crater-run are nobody's business here.
                guard supervisor.isTrusted else { continue }
                throw CommandFailure("cannot show the links: \(error.reason)", code: CommandFailure.Code.other)
            }
        }
        switch format {
        case .text:
            try Console.page(Page(all.isEmpty ? ["no app has a rule yet"] : all.map { "\($0.app): \($0.url)" }))
        case .json: try Console.json(StatusReport.Links(links: all))
        }
    }

    private func watchOn(format: OutputFormat) throws(CommandFailure) {
        var last: String?
        var isFirst = true
        while true {
            let facts = TerminalProbe.facts(of: .output)
            let supervisors = Supervisors.find()
            let report = StatusReport(supervisors)
            let page =
                supervisors.answering.isEmpty
                ? Page(["crater-run: \(supervisors.absence)"]) : report.page(for: facts)
            if facts.isTerminal, format == .text {
                try Console.redraw(page, isFirst: isFirst)
                isFirst = false
            } else if report.changes != last {
                last = report.changes
                if format == .text || supervisors.answering.isEmpty {
                    try Console.page(page)
                } else {
                    try Console.json(report.all)
                }
            }
            Pause.wait(.seconds(1))
        }
    }
}
