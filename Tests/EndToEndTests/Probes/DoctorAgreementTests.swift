import CraterRunLinux
import Foundation
import Testing

/// `doctor` beside a supervisor: nothing that this one calls ready is broken, whatever it was told that nobody else knows.
@Suite(.timeLimit(TestTime.limit))
struct DoctorAgreementTests {
    /// Expects that all is well, of everything and of these.
    private func expectSound(
        _ launcher: Launcher, _ names: [String], annotations: String? = nil, _ changes: [String: String?] = [:],
        location: SourceLocation = #_sourceLocation
    ) throws {
        for asked in [[]] + names.map({ [$0] }) {
            let words = ["doctor", "--annotations", annotations ?? launcher.podInfo.path] + asked
            let said = try launcher.run(
                [TestBinary.path] + words, changes.merging(["KUBERNETES_SERVICE_HOST": "10.96.0.1"]) { $1 })
            #expect(said.ending == .exited(0), "\(asked) \(said)", sourceLocation: location)
            #expect(!said.output.contains("✗") && said.errors == "", "\(asked) \(said)", sourceLocation: location)
        }
    }

    /// Without the fake on PATH, so that nothing but the supervisor knows of it.
    private static let elsewhere: [String: String?] = ["PATH": "/usr/bin:/bin"]

    /// The other rules of the fixture are nobody's.
    private func prepare(_ launcher: Launcher) {
        for name in ["lars", "notebook"] { launcher.podInfo.removeRule(name) }
    }

    /// It answers this at one path below the prefix, and 404 everywhere else.
    private func server(_ status: String, at path: String, headers: String = "") -> String {
        """
        import socket, sys
        port, prefix = int(sys.argv[1]), sys.argv[2]
        server = socket.create_server(("0.0.0.0", port))
        while True:
            connection, _ = server.accept()
            with connection:
                path = connection.recv(65536).split(b" ")[1].decode()
                status = "\(status)" if path == prefix + "\(path)" else "404 No"
                connection.sendall(f"HTTP/1.1 {status}\\r\\n\(headers)Content-Length: 0\\r\\n\\r\\n".encode())
        """
    }

    @Test(arguments: ["200 OK", "401 No", "403 No", "302 Found"])
    func aReadyPath(status: String) throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("runs", port: launcher.port, prefix: "/ingress/runs/")
            try launcher.podInfo.write()
            try launcher.startCommand(
                ["app", "runs", "--annotations", launcher.podInfo.path, "--ready-path", "/deep/health", "--"]
                    + [Shell.python, "-S", "-c", server(status, at: "/deep/health"), "{port}", "{prefix}"])
            try launcher.line("runs: ready")
            try expectSound(launcher, ["runs"])
        }
    }

    /// Interim answers first, and a login that is somewhere else.
    @Test func anAppThatSendsTheBrowserElsewhere() throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("runs", port: launcher.port, prefix: "/ingress/runs/")
            try launcher.podInfo.write()
            let status = "103 Early Hints\\r\\n\\r\\nHTTP/1.1 302 Found"
            try launcher.startCommand(
                ["app", "runs", "--annotations", launcher.podInfo.path, "--"]
                    + [Shell.python, "-S", "-c", server(status, at: "/", headers: "Location: /oauth2/start\\r\\n")]
                    + ["{port}", "{prefix}"])
            try launcher.line("runs: ready")
            try expectSound(launcher, ["runs"])
        }
    }

    @Test func anotherExecutable() throws {
        try withLauncher { launcher in
            prepare(launcher)
            try launcher.start("--executable", "\(launcher.bin)/tensorboard")
            try launcher.waitUntilReady()
            try expectSound(launcher, ["tensorboard"], Self.elsewhere)
        }
    }

    @Test func anotherRule() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            let port = Port.free()
            launcher.podInfo.setRule("lars", port: port, prefix: "/ingress/lars/")
            try launcher.start("--rule", "lars")
            try launcher.waitUntilReady()
            try expectSound(launcher, ["tensorboard", "lars"])
        }
    }

    /// Which is none at all.
    @Test(arguments: [true, false], [true, false])
    func aPortAndAPrefix(hasRule: Bool, hasFile: Bool) throws {
        try withLauncher { launcher in
            prepare(launcher)
            if !hasRule { launcher.podInfo.removeRule("tensorboard") }
            try launcher.start("--port", "\(Port.free())", "--prefix", "/somewhere/else")
            try launcher.waitUntilReady()
            try expectSound(
                launcher, ["tensorboard"], annotations: hasFile ? nil : "\(launcher.root)/nowhere/annotations")
        }
    }

    @Test func twoAppsOfAKind() throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/tb/")
            launcher.podInfo.setRule("third", port: Port.free(), prefix: "/ingress/third/")
            let line = "tensorboard --logdir . --rule"
            try launcher.startUp(["--app", "\(line) tensorboard", "--app", "\(line) tb", "--app", "\(line) third"])
            for name in ["tensorboard", "tensorboard-2", "tensorboard-3"] { try launcher.waitUntilShown(name, "ready") }
            try expectSound(launcher, ["tensorboard", "tb", "third", "tensorboard-2", "tensorboard-3"], Self.elsewhere)
        }
    }

    /// Each rule that has one of its names opens an app.
    @Test func twoRulesOfAnAppThatIsOpenedByItself() throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/tb/")
            try launcher.startUp([], job: [])
            for name in ["tensorboard", "tb"] { try launcher.waitUntilShown(name, "ready") }
            try expectSound(launcher, ["tensorboard", "tb"])
        }
    }

    /// From a terminal with another PATH and another directory.
    @Test func anAppThatWasHandedOver() throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.environment["PATH"] = "/usr/bin:/bin"
            try launcher.startUp(["--app", "app lars --ready-path /x -- true"])
            let path: [String: String?] = ["PATH": "\(launcher.bin):/usr/bin:/bin"]
            try launcher.line("lars", "waiting")
            let said = try launcher.ask("tensorboard", "--detach", changes: path)
            #expect(said.ending == .exited(0), "\(said)")
            try launcher.waitUntilShown("tensorboard", "ready")
            let report = try launcher.run([
                TestBinary.path, "doctor", "tensorboard", "--annotations", launcher.podInfo.path,
            ])
            #expect(!report.output.contains("✗ tensorboard"), "\(report)")
        }
    }

    /// It takes its time, and nobody knows better.
    @Test(arguments: ["FAKE_DO", "FAKE_SERVE"]) func anAppThatIsStarting(how: String) throws {
        try withLauncher { launcher in
            prepare(launcher)
            launcher.environment[how] = how == "FAKE_DO" ? "gate:open" : "no"
            try launcher.start()
            _ = try launcher.launch()
            try expectSound(launcher, ["tensorboard"])
        }
    }
}
