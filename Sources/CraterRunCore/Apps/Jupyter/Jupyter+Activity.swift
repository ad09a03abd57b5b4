/// Whether Jupyter is at work: by its kernels, and by its terminals.
extension Jupyter {
    package var activityQuestion: ActivityQuestion? { ActivityQuestion(path: "/api/kernels", hasTerminals: true) }

    package func secret(in files: [RuntimeFile], for backend: Backend) -> String? {
        files.sorted { $0.name < $1.name }.compactMap(JupyterServerFile.init)
            .first { $0.listener == backend.listener }?.token
    }

    /// Reads the list of kernels. A kernel that is not busy counts as quiet since its last message: between two cells
    /// that follow each other, a kernel is idle for a moment.
    package func activity(_ answer: HTTPResponse, now: WallTime) -> AppActivity {
        guard let status = answer.status else { return .unknown("it does not answer") }
        guard status == 200, !answer.isCutShort else { return .unknown("it answers \(status) at /api/kernels") }
        guard let kernels = JSONObject.list(Array(answer.body)) else {
            return .unknown("its list of kernels cannot be read")
        }
        var quiet: Duration?
        for kernel in kernels {
            guard let state = kernel.text("execution_state"),
                let last = kernel.text("last_activity").flatMap(WallTime.init(utc:))
            else { return .unknown("its list of kernels has one without a state") }
            if state == "busy" { return .busy }
            let (age, overflow) = now.milliseconds.subtractingReportingOverflow(last.milliseconds)
            let since = Duration.milliseconds(overflow ? 0 : max(age, 0))
            quiet = min(quiet ?? since, since)
        }
        return .idle(quiet: quiet)
    }
}
