import ArgumentParser
import CraterRunCore
import CraterRunLinux
import Glibc
struct CommandFailure: Error {
    let message: String; let exitCode: ExitCode
    static func exit(with error: any Error) -> Never {
        if let e = error as? CommandFailure {
            _ = write(2, "crater-run: \(e.message)\n", e.message.utf8.count + 13); Glibc.exit(e.exitCode.rawValue)
        }; CraterRun.exit(withError: error)
    }
}
extension ExitCode { static let usage = ExitCode(64); static let configuration = ExitCode(78) }
struct AnnotationsOptions: ParsableArguments {
    @Option var annotations: String?
    var path: String { annotations ?? "/etc/podinfo/annotations" }
    func publicHost() throws -> PublicHost? { nil }
    func rule(for app: AppIdentity, named: String?) throws -> IngressRule {
        let rules: IngressRules
        switch AnnotationsReader.read(path: path) {
        case .success(let b): rules = IngressRules(annotations: AnnotationsFile(parsing: b));
        case .failure(let f): throw CommandFailure(message: f.message, exitCode: .configuration)
        }
        let s = RuleSelection.choose(for: app, in: rules, named: named)
        guard case .found(let r) = s else {
            throw CommandFailure(message: s.failureMessage(for: app.name) ?? "", exitCode: .configuration)
        }
        return r
    }
}
struct RulesCommand: ParsableCommand { static let configuration = CommandConfiguration(commandName: "rules") }
struct AnnotationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "annotations")
}
