/// The job's part of the home page.
struct HomeJobText {
    let job: HomeJob
    let now: WallTime

    var html: String {
        let command = HTMLText.escape(PrintableText.escape(job.command.utf8, limit: 400))
        return """

            <h2>Job</h2>
            <p class="state \(look)">\(words)</p>
            \(command.isEmpty ? "" : "<p class=\"command\"><code>\(command)</code></p>\n")\
            <p class="quiet">Started \(DoorPage.time(job.startedAt))\(ended)</p>

            """
    }

    private var look: String {
        guard job.endedAt != nil || job.exitCode != nil else { return "ready" }
        return job.exitCode == 0 ? "ended" : "failed"
    }

    private var words: String {
        let length = length.map { " \($0)" } ?? ""
        guard job.endedAt != nil || job.exitCode != nil else {
            return "Running\(length.isEmpty ? "" : " for\(length)")"
        }
        let after = length.isEmpty ? "" : " after\(length)"
        guard let code = job.exitCode else { return "Ended\(after)" }
        return code == 0 ? "Finished\(after), exit code 0" : "Failed\(after), exit code \(code)"
    }

    private var ended: String { job.endedAt.map { ", ended \(DoorPage.time($0))" } ?? "" }

    /// How long the job runs or ran; nil after the clock was set back. Whole minutes after the first one, so that the page
    /// does not change all the time.
    private var length: String? {
        let (milliseconds, overflow) = (job.endedAt ?? now).milliseconds
            .subtractingReportingOverflow(job.startedAt.milliseconds)
        guard !overflow, milliseconds >= 0 else { return nil }
        let seconds = milliseconds / 1000
        return DurationText.describe(.seconds(seconds < 60 ? seconds : seconds / 60 * 60))
    }
}
