import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// `--detach`: asks the entry point of this container to serve the app of our command line.
enum HandOverRequest {
    /// - Returns: the exit code.
    static func send() throws(CommandFailure) -> Int32 {
        let own = CommandLineWords().own
        let end = own.firstIndex(of: "--") ?? own.endIndex
        let words = own[..<end].filter { $0 != "--detach" } + own[end...]
        let what = "hand \(words.first ?? "the app") over"
        let supervisors = Supervisors.find()
        guard
            let supervisor = supervisors.answering.first(where: \.isEntryPoint)
        else {
            let others =
                supervisors.answering.isEmpty
                ? supervisors.absence : "only crater-run up takes apps over, and none runs"
            throw .unavailable(what, "\(others). Without --detach it is served here, until this terminal closes")
        }
        // It gets our whole environment.
        guard supervisor.isTrusted else {
            let why = "\(supervisor.title) runs as user \(supervisor.user), and would get this environment"
            throw CommandFailure("cannot \(what): \(why)", code: CommandFailure.Code.other)
        }
        let surroundings = LaunchSurroundings(
            directory: WorkingDirectory.path, environment: ProcessEnvironment.entries())
        let body = Array(JSONText.encode(HandOver(words: Array(words), surroundings: surroundings)).utf8)
        let answer: ControlClient.Answer
        do throws(Refusal) {
            answer = try supervisor.client.post("/v1/apps", json: body, within: .seconds(5))
        } catch {
            throw CommandFailure("cannot \(what): \(error.reason)", code: CommandFailure.Code.other)
        }
        let document = try? JSONDecoder().decode(ControlDocument.self, from: Data(answer.body.utf8))
        let message = document?.message ?? answer.body.split(separator: "\n").first.map(String.init) ?? ""
        guard answer.status == 202 else {
            // 422: what was typed is wrong.
            let code = answer.status == 422 ? CommandFailure.Code.usage : CommandFailure.Code.other
            throw CommandFailure("cannot \(what): \(message)", code: code)
        }
        try Console.line("\(message), served by \(supervisor.title) from now on; see crater-run status")
        return 0
    }
}
