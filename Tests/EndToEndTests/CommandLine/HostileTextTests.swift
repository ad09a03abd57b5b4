import CraterRunLinux
import Foundation
import Testing

/// Every text that another user, a process, an annotation, an app, a file name or a script can choose, through every
/// command and format that repeats it: it stays in its line, and can only be read.
@Suite(.timeLimit(TestTime.limit))
struct HostileTextTests {
    private static let formats = [[], ["--output", "json"]]

    // MARK: Another user's socket

    /// In the name of a socket in another user's directory, of one that answers, and of one that nobody serves any more.
    @Test(arguments: [true, false])
    func theNameOfASocket(isServed: Bool) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let path = "\(launcher.runDirectory)/control-\(Hostile.socketName).sock"
            let server = try FalseSupervisor(at: path, answers: ["/v1/status": "{", "/readyz": Hostile.text])
            if !isServed {
                server.process.send(9)
                _ = try server.process.waitForEnd()
            }
            let annotations = ["--annotations", launcher.podInfo.path]
            for format in Self.formats {
                Hostile.expectHarmless(try launcher.run([TestBinary.path, "status"] + format))
                Hostile.expectHarmless(try launcher.run([TestBinary.path, "doctor"] + annotations + format))
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "rules"] + annotations + format), saysIt: false)
            }
            for words in [["start", "x"], ["stop", "x"], ["restart", "x"], ["visdom", "--detach"]] {
                Hostile.expectHarmless(try launcher.run([TestBinary.path] + words), "\(words)")
            }
            for words in [["live"], ["ready", "x"]] {
                // Of one that answers it is the answer that is printed.
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "probe", "--health-port", "off"] + words), saysIt: !isServed,
                    "\(words)")
            }
        }
    }

    // MARK: A false supervisor

    /// In every text of a supervisor's status, and in whatever else it answers.
    @Test func whatASupervisorSays() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let message = try JSONSerialization.data(withJSONObject: ["message": Hostile.text])
            let server = try FalseSupervisor(
                at: launcher.socket,
                answers: [
                    "/v1/status": try FalseSupervisor.status(Hostile.text, app: "tensorboard", port: launcher.port),
                    "/readyz": "\(Hostile.text)\n\(Hostile.text)", "POST": String(decoding: message, as: UTF8.self),
                ])
            let annotations = ["--annotations", launcher.podInfo.path]
            for format in Self.formats {
                Hostile.expectHarmless(try launcher.run([TestBinary.path, "status"] + format), "\(format)")
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "doctor"] + annotations + format), "\(format)")
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "doctor", "tensorboard"] + annotations + format), "\(format)")
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "rules"] + annotations + format), saysIt: false, "\(format)")
            }
            // A line end is where the answer's next line begins: the first alone is printed, or all of them as they are.
            Hostile.expectHarmless(try launcher.ask("start", "tensorboard", "--no-wait"))
            let probe = try launcher.ask("probe", "ready")
            #expect(probe.ending == .exited(0) && Hostile.problems(in: probe.output) == [], "\(probe)")
            let all = try launcher.ask("probe", "ready", "--verbose")
            #expect(all.output.unicodeScalars.allSatisfy { !Hostile.isDangerous($0) }, "\(all)")
            // A shell that completes gets nothing but words.
            let words = try launcher.ask(
                "---completion", "stop", "--", "positional@0", "1", "1", "crater-run", "stop", "")
            #expect(words.output.split(separator: "\n").allSatisfy { $0 == "tensorboard" }, "\(words)")
            #expect(!server.process.hasEnded)
        }
    }

    /// By hand beside a supervisor that serves at the rule's place.
    @Test func whatASupervisorCallsTheAppThatItServes() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let refusal = try JSONSerialization.data(withJSONObject: ["message": Hostile.text])
            let status = try FalseSupervisor.status(
                Hostile.text, port: launcher.port, prefix: String(launcher.prefix.dropLast()))
            let server = try FalseSupervisor(
                at: launcher.socket, answers: ["/v1/status": status, "POST": String(decoding: refusal, as: UTF8.self)])
            let words = [TestBinary.path, "tensorboard", "--annotations", launcher.podInfo.path]
            let beside = try launcher.run(words)
            #expect(beside.ending == .exited(0))
            Hostile.expectHarmless(beside)
            #expect(!server.process.hasEnded)
        }
    }

    // MARK: A process

    /// In the name of a process that has an app's port.
    @Test(arguments: ["text", "json"])
    func theNameOfAProcess(format: String) throws {
        try withLauncher { launcher in
            let code = """
                import ctypes, http.server, sys
                ctypes.CDLL(None).prctl(15, sys.argv[2].encode(), 0, 0, 0)
                http.server.HTTPServer(("0.0.0.0", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
                """
            let holder = try SpawnedProcess(
                [Shell.python, "-S", "-c", code, "\(launcher.port)", Hostile.short, "/ingress/\(Hostile.text)/"],
                environment: Launcher.callersEnvironment(["PATH"]))
            try launcher.wait(until: "the other's page") { HTTP.get("/", port: launcher.port) != nil }
            try launcher.start("--log-format", format)
            try launcher.line("in use by", Hostile.forged)
            #expect(Hostile.problems(in: launcher.errors.text) == [], "\(launcher.log)")
            let annotations = ["--annotations", launcher.podInfo.path]
            for output in Self.formats {
                Hostile.expectHarmless(try launcher.run([TestBinary.path, "status"] + output))
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "doctor", "tensorboard"] + annotations + output))
                Hostile.expectHarmless(
                    try launcher.run([TestBinary.path, "doctor", "x"] + annotations + output), saysIt: false)
            }
            for more in [[], ["--verbose"]] {
                Hostile.expectHarmless(try launcher.run([TestBinary.path, "probe", "ready"] + more))
            }
            if Curl.isThere || Mode.isOnCI {
                let body = try launcher.curl("/readyz?verbose").body + launcher.curl("/v1/status").body
                #expect(Hostile.problems(in: body) == [] && body.contains(Hostile.forged), "\(body)")
            }
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "up", "--check", "--app", "tensorboard"] + annotations))
            #expect(!holder.hasEnded)
        }
    }

    // MARK: The pod's annotations

    /// What holds it and is no rule, is a rule that cannot be used, and is a line that cannot be read.
    private func annotate(_ launcher: Launcher) throws {
        launcher.podInfo.annotations["note"] = Array(Hostile.text.utf8)
        launcher.podInfo.annotations["crater.raids.io/task-name"] = Array(Hostile.text.utf8)
        let quoted = String(decoding: try JSONEncoder().encode(Hostile.text), as: UTF8.self)
        launcher.podInfo.setRule("bad", value: #"{"Name":\#(quoted),"Port":1,"Prefix":\#(quoted)}"#)
        launcher.podInfo.setRule("odd", value: #"{"Name":\#(quoted),"Port":4711,"Prefix":"/odd/"}"#)
        launcher.podInfo.setRule("raw", value: Hostile.text)
        try launcher.podInfo.write(launcher.podInfo.content + Array("\nx\(Hostile.text)".utf8))
    }

    @Test func whatIsInAnAnnotation() throws {
        try withLauncher { launcher in
            try annotate(launcher)
            let annotations = ["--annotations", launcher.podInfo.path]
            for format in Self.formats {
                for words in [["rules"], ["annotations"], ["doctor"], ["doctor", "bad"], ["doctor", "odd"]] {
                    Hostile.expectHarmless(
                        try launcher.run([TestBinary.path] + words + annotations + format), "\(words + format)")
                }
                let rule = try launcher.run([TestBinary.path, "rules", "odd"] + annotations + format)
                Hostile.expectHarmless(rule, "rules odd")
            }
            for words in [["rules", "bad"], ["up", "--check"], ["tensorboard", "--rule", "bad", "--dry-run"]] {
                Hostile.expectHarmless(try launcher.run([TestBinary.path] + words + annotations), "\(words)")
            }
        }
    }

    /// A program gets it back exactly, and a person can read it.
    @Test func aValueSurvives() throws {
        try withLauncher { launcher in
            try annotate(launcher)
            let annotations = ["--annotations", launcher.podInfo.path]
            let json = try launcher.run([TestBinary.path, "annotations", "note", "--output", "json"] + annotations)
            let values = try JSONDecoder().decode([String: String].self, from: Data(json.output.utf8))
            #expect(values["note"]?.utf8.elementsEqual(Hostile.text.utf8) == true)
            let all = try launcher.run([TestBinary.path, "annotations", "--output", "json"] + annotations)
            let every = try JSONDecoder().decode([String: String].self, from: Data(all.output.utf8))
            #expect(every["note"]?.utf8.elementsEqual(Hostile.text.utf8) == true)
            // In a pipe byte for byte; at a terminal nothing that it would follow.
            let raw = try launcher.run([TestBinary.path, "annotations", "note"] + annotations)
            #expect(raw.output.utf8.elementsEqual(Hostile.text.utf8) && raw.errors == "")
            let terminal = try Terminal()
            let client = try launcher.beside(
                [TestBinary.path, "annotations", "note"] + annotations,
                streams: [terminal.stream, terminal.stream, terminal.stream])
            let shown = try terminal.wait(for: "\\tz").replacingOccurrences(of: "\r\n", with: "\n")
            #expect(shown.hasPrefix("a\\x1b]0;t\\a\\x1b[2J\n\(Hostile.forged)\\r\n"), "\(shown)")
            #expect(shown.unicodeScalars.allSatisfy { !Hostile.isDangerous($0) }, "\(shown)")
            _ = try launcher.end(of: client)
            // A field cannot hold any of it: such a rule cannot be used.
            let field = try launcher.run([TestBinary.path, "rules", "odd", "--field", "prefix"] + annotations)
            #expect(field.output == "/odd\n", "\(field)")
        }
    }

    @Test(arguments: ["text", "json"])
    func whatTheLogSaysOfAnnotations(format: String) throws {
        try withLauncher { launcher in
            try annotate(launcher)
            let words = ["tensorboard", "--annotations", launcher.podInfo.path, "--wait", "100ms", "--rule", "no"]
            try launcher.startCommand(words + ["--log-format", format])
            _ = try launcher.end()
            #expect(Hostile.problems(in: launcher.errors.text) == [], "\(launcher.log)")
            #expect(launcher.errors.text.contains(Hostile.forged), "\(launcher.log)")
        }
    }

    // MARK: An app

    /// The app's own lines are passed on as they are; what the log repeats of them is not.
    @Test(arguments: ["text", "json"])
    func whatAnAppWrites(format: String) throws {
        try withLauncher(fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = #"printf %s "$HOSTILE"; exit 3"#
            launcher.environment["HOSTILE"] = Hostile.text
            try launcher.start("--log-format", format, "--max-restarts", "0", "--log-prefix", "never")
            #expect(try launcher.end() == .exited(3))
            #expect(Hostile.problems(in: launcher.errors.text) == [], "\(launcher.log)")
            #expect(launcher.errors.text.contains("the last lines of its output were:"))
            #expect(launcher.errors.text.contains(Hostile.forged))
            #expect(launcher.output.text.hasPrefix("a\u{1B}]0;t\u{07}\u{1B}[2J\n\(Hostile.forged)"))
        }
    }

    /// Where it sends the browser.
    @Test func whereAnAppSendsTheBrowser() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("lars", port: launcher.port, prefix: "/ingress/liuxw24-379e0/")
            try launcher.podInfo.write()
            let code = """
                import socket, sys
                server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(b"HTTP/1.1 302 X\\r\\nLocation: /x" + sys.argv[2].encode() + b"\\r\\n\\r\\n")
                """
            let location = Hostile.text.filter { !$0.isWhitespace }.replacingOccurrences(of: "\t", with: "")
            let app = try SpawnedProcess(
                [Shell.python, "-S", "-c", code, "\(launcher.port)", location + Hostile.forged], environment: [])
            try launcher.wait(until: "its answer") { HTTP.get("/", port: launcher.port)?.status == 302 }
            for format in Self.formats {
                Hostile.expectHarmless(
                    try launcher.run(
                        [TestBinary.path, "doctor", "lars", "--annotations", launcher.podInfo.path] + format))
            }
            #expect(!app.hasEnded)
        }
    }

    // MARK: File names, variables and words

    @Test func theNamesOfFiles() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let folder = "\(launcher.work)/\(Hostile.text)"
            try FileManager.default.createDirectory(atPath: "\(folder)/dir", withIntermediateDirectories: true)
            for path in ["\(folder)/nothing", "\(folder)/dir"] {
                for words in [
                    ["rules"], ["annotations"], ["annotations", "x"], ["doctor"], ["doctor", "--output", "json"],
                    ["up", "--check"], ["tensorboard", "--dry-run"], ["tensorboard", "--wait", "0"],
                ] {
                    Hostile.expectHarmless(
                        try launcher.run([TestBinary.path] + words + ["--annotations", path]), "\(words)")
                }
            }
            // Beside a file that is not there.
            Hostile.expectHarmless(try launcher.ask("doctor", "--annotations", "\(launcher.work)/nothing"))
            let annotations = ["--annotations", launcher.podInfo.path]
            let serve = ["tensorboard"] + annotations
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path] + serve + ["--dry-run", "--logdir", folder + "x"]))
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path] + serve + ["--dry-run", "--executable", "\(folder)/x"]))
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path] + serve + ["--dry-run", "--executable", Hostile.text]))
            Hostile.expectHarmless(
                try launcher.run(
                    [TestBinary.path, "doctor", "tensorboard"] + annotations,
                    ["CRATER_RUN_TENSORBOARD_EXECUTABLE": "\(folder)/x"]))
            Hostile.expectHarmless(
                try launcher.run(
                    [TestBinary.path, "up", "--check"] + annotations + [
                        "--app", "tensorboard --executable '\(folder)/x'",
                    ]))
            Hostile.expectHarmless(try launcher.ask("install", "\(launcher.podInfo.path)/\(Hostile.text)"))
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "up", "--check"] + annotations + ["--", "\(folder)/no-such-job"]))
            try launcher.startCommand(
                ["up"] + annotations + [
                    "--app", "tensorboard --executable '\(folder)/x'", "--", "\(folder)/no-such-job",
                ])
            #expect(try launcher.end() == .exited(127))
            #expect(Hostile.problems(in: launcher.errors.text) == [], "\(launcher.log)")
            // The shell's own form: what was typed can be typed again.
            let plan = try launcher.run(
                [TestBinary.path, "app", "lars", "--dry-run"] + annotations + ["--", "/bin/echo", Hostile.text])
            Hostile.expectHarmless(plan)
            let command = try #require(plan.lines.first { $0.hasPrefix("command:") }).dropFirst("command:".count)
            let echoed = try launcher.run(["bash", "-c", String(command)])
            #expect(echoed.output.utf8.elementsEqual("\(Hostile.text)\n".utf8), "\(echoed)")
        }
    }

    @Test(arguments: ["text", "json"])
    func theNamesOfFilesInTheLog(format: String) throws {
        try withLauncher { launcher in
            try launcher.start(
                "--log-format", format, "--log-level", "debug", "--logdir", "\(launcher.work)/\(Hostile.text)")
            try launcher.line("ready after")
            #expect(try launcher.stop() == .exited(0))
            #expect(Hostile.problems(in: launcher.errors.text) == [], "\(launcher.log)")
            #expect(launcher.errors.text.contains(Hostile.forged))
        }
    }

    /// In the environment, and on the command line: from a script, they are nobody's own words.
    @Test func theWordsOfACommand() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let text = Hostile.text
            let annotations = ["--annotations", launcher.podInfo.path]
            let wrong = [
                [text], ["--\(text)"], ["help", text], ["up", text], ["up", "--\(text)"], ["up", "--linger", text],
                ["up", "--linger=\(text)"], ["tensorboard", text], ["tensorboard", "--\(text)"], ["-\(text)"],
                ["tensorboard", "--restart", text], ["tensorboard", "--prefix", text],
                ["tensorboard", "--port=\(text)"],
                ["app", text, "--", "true"], ["app", "x", "--ready-path", text, "--", "true"], ["probe", text],
                ["probe", "ready", "--timeout", text], ["completion", text], ["status", text],
                ["rules", "--output", text],
                ["rules", "--field=\(text)", "x"], ["rules", "--public-host", text], ["install"] + [text, text],
                ["stop", text], ["doctor", "--output=\(text)"],
            ]
            for words in wrong {
                let said = try launcher.run([TestBinary.path] + words)
                #expect(said.ending != .exited(0) || words.first == "help", "\(words)")
                Hostile.expectHarmless(said, saysIt: words.first != "help", "\(words)")
            }
            for words in [
                ["rules", text], ["annotations", text], ["doctor", text],
                ["tensorboard", "--rule", text, "--wait", "0"],
            ] {
                Hostile.expectHarmless(try launcher.run([TestBinary.path] + words + annotations), "\(words)")
            }
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "doctor", text, "--output", "json"] + annotations))
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "up", "--check", "--app", "tensorboard '\(text)'"] + annotations))
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "up", "--check", "--app", text] + annotations + ["--", "true"]))
            // Without a job: the end, and a line for each.
            let lines = try launcher.run(
                [TestBinary.path, "up", "--app", text, "--app", "visdom '\(text)'"] + annotations)
            #expect(lines.ending == .exited(64) && lines.lines.count == 3, "\(lines)")
            Hostile.expectHarmless(lines)
            let variables = [
                "RESTART", "WAIT", "PUBLIC_HOST", "LOG_FORMAT", "LOG_LEVEL", "HEALTH_PORT", "STOP_TIMEOUT",
            ]
            let changes = Dictionary(uniqueKeysWithValues: variables.map { ("CRATER_RUN_\($0)", Optional(text)) })
            let said = try launcher.run([TestBinary.path, "tensorboard"] + annotations, changes)
            #expect(said.ending == .exited(64) && said.lines.count == variables.count, "\(said)")
            Hostile.expectHarmless(said)
            Hostile.expectHarmless(
                try launcher.run([TestBinary.path, "up"] + annotations + ["--", "true"], ["CRATER_RUN_LINGER": text]))
            Hostile.expectHarmless(try launcher.run([TestBinary.path, "status"], ["CRATER_RUN_OUTPUT": text]))
        }
    }
}
