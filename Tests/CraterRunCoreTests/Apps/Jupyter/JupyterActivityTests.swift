import Testing

@testable import CraterRunCore

/// Whether Jupyter is at work, by what it answers.
struct JupyterActivityTests {
    /// 2025-10-09T08:53:20Z
    private static let now = DoorCase.now

    private func activity(_ body: String, status: Int = 200) -> AppActivity {
        var answer = HTTPResponse()
        answer.take(Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
        return Jupyter().activity(answer, now: Self.now)
    }

    private func kernel(_ state: String, _ last: String = "2025-10-09T08:43:20.000000Z") -> String {
        """
        {"id": "1", "name": "a]}{,\\"", "last_activity": "\(last)", "execution_state": "\(state)", "connections": 1}
        """
    }

    @Test func readsTheKernels() {
        #expect(activity("[]") == .idle(quiet: nil) && activity(" [ ]\n") == .idle(quiet: nil))
        #expect(activity("[\(kernel("idle"))]") == .idle(quiet: .seconds(600)))
        #expect(activity("[\(kernel("busy"))]") == .busy)
        #expect(activity("[\(kernel("idle")), \(kernel("busy"))]") == .busy)
        let later = kernel("idle", "2025-10-09T08:53:19.5Z")
        #expect(activity("[\(kernel("idle")),\(later)]") == .idle(quiet: .milliseconds(500)))
        #expect(activity("[\(kernel("starting"))]") == .idle(quiet: .seconds(600)))
        #expect(activity("[\(kernel("idle", "2025-10-09T09:00:00+00:00"))]") == .idle(quiet: .zero), "another clock")
    }

    @Test(arguments: [
        "", "{}", "[", "]", "[}", "[[]]", "[1]", "\"[]\"", "[{}]", "[{\"execution_state\": \"idle\"}]", "null",
        "[{\"execution_state\": \"idle\", \"last_activity\": \"yesterday\"}]", "[{\"execution_state\": 1}]", "[]]",
        "[{\"a\": \"}]", "x[]",
    ])
    func whatCannotBeReadIsNotKnown(body: String) {
        guard case .unknown = activity(body) else {
            Issue.record("\(activity(body))")
            return
        }
    }

    @Test(arguments: [403, 500, 302]) func aRefusalIsNotKnown(status: Int) {
        #expect(activity("[]", status: status) == .unknown("it answers \(status) at /api/kernels"))
    }

    @Test func aSilenceAndHalfAnAnswerAreNotKnown() {
        #expect(Jupyter().activity(HTTPResponse(), now: Self.now) == .unknown("it does not answer"))
        var half = HTTPResponse()
        half.take(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]".utf8))
        #expect(Jupyter().activity(half, now: Self.now) == .unknown("it answers 200 at /api/kernels"))
    }

    @Test func theSecretIsOfTheServerAtTheAppsPlace() {
        func file(_ name: String, _ port: Int, _ token: String) -> RuntimeFile {
            let text = "{\"port\": \(port), \"base_url\": \"/p/\", \"token\": \"\(token)\"}"
            return RuntimeFile(name: "jpserver-\(name).json", content: Array(text.utf8))
        }
        let files = [file("1", 8889, "other"), file("2", 8888, "own")]
        let backend = Backend(ruleName: "jupyter", port: 8888, prefix: PathPrefix(known: "/p"))
        #expect(Jupyter().secret(in: files, for: backend) == "own")
        #expect(Jupyter().secret(in: [files[0]], for: backend) == nil)
        #expect(Jupyter().secret(in: [file("1", 8888, "")], for: backend) == "")
    }
}

struct WallTimeParsingTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2025-10-09T08:53:20Z", 1_760_000_000_000),
        ("2025-10-09T08:53:20.123456Z", 1_760_000_000_123), ("2025-10-09T08:53:20.5+00:00", 1_760_000_000_500),
        ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func readsWhatIsWritten(text: String, milliseconds: Int64) {
        #expect(WallTime(utc: text)?.milliseconds == milliseconds)
    }

    @Test func agreesWithItsDescription() {
        var random = SplitMix(seed: 9)
        for _ in 0..<1000 {
            let time = WallTime(
                milliseconds: Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(WallTime(utc: time.description) == time)
        }
    }

    @Test(arguments: [
        "", "T", "Z", "2025-10-09", "2025-10-09T08:53:20", "2025-10-09T08:53:20+02:00", "2025-13-09T08:53:20Z",
        "2025-00-09T08:53:20Z", "2025-10-32T08:53:20Z", "2025-10-09T24:53:20Z", "2025-10-09T08:53:20.Z",
        "2025-10-09T08:53:20.1.2Z", "25-10-09T08:53:20Z", "2025-10-09T08:53Z", "2025-10-09T+1:53:20Z",
        "2025-10-09T08:53:20.-1Z", "2025-10-09TZ",
    ])
    func nothingElse(text: String) {
        #expect(WallTime(utc: text) == nil)
    }
}

/// Whether a program runs in a terminal that an app has opened.
struct UserTerminalsTests {
    private func row(
        _ pid: Int32, parent: Int32, session: Int32? = nil, terminal: Int32 = 0, isZombie: Bool = false
    ) -> ProcessRow {
        ProcessRow(
            identity: ProcessIdentity(pid: pid, startTime: 1), parent: parent, group: pid, session: session ?? pid,
            terminal: terminal, isZombie: isZombie, name: "p\(pid)")
    }

    /// A server with a kernel, and with a shell in a terminal.
    private var server: [ProcessRow] {
        [row(1, parent: 0), row(10, parent: 1), row(11, parent: 10), row(12, parent: 10, terminal: 34816)]
    }

    private func isBusy(_ more: [ProcessRow]) -> Bool? { UserTerminals.haveProgram(server + more, of: 10) }

    @Test func byThePrograms() {
        #expect(isBusy([]) == false, "a shell alone does nothing")
        #expect(isBusy([row(20, parent: 12, session: 12, terminal: 34816)]) == true)
        #expect(isBusy([row(20, parent: 1, session: 12, terminal: 34816)]) == true, "nohup and the like")
        #expect(isBusy([row(20, parent: 12)]) == true, "a session of its own")
        #expect(isBusy([row(20, parent: 12, session: 12, isZombie: true)]) == false)
        #expect(isBusy([row(20, parent: 11, session: 11)]) == false, "of a kernel")
        #expect(isBusy([row(21, parent: 11, terminal: 34817), row(22, parent: 21)]) == true, "a terminal further down")
    }

    @Test func terminalsOfOthersDoNotCount() {
        #expect(
            isBusy([row(30, parent: 1, terminal: 34818), row(31, parent: 30, session: 30, terminal: 34818)]) == false)
        let own = [row(10, parent: 1, session: 5, terminal: 34816), row(11, parent: 10, session: 5, terminal: 34816)]
        #expect(UserTerminals.haveProgram(own, of: 10) == false, "crater-run's own terminal")
    }

    @Test func withoutProcThereIsNoAnswer() {
        #expect(UserTerminals.haveProgram([], of: 10) == nil)
        #expect(
            UserTerminals.haveProgram([row(10, parent: 11), row(11, parent: 12), row(12, parent: 11)], of: 10) == false)
    }
}
