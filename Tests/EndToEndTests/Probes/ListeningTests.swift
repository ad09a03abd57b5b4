import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Where an app listens: at another port than its rule's, or at one address alone.
@Suite(.timeLimit(TestTime.limit))
struct ListeningTests {
    /// A web server at an address and a port, which answers 200 everywhere.
    private static let server = """
        import socket, sys, time
        host, port = sys.argv[1], int(sys.argv[2])
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = socket.socket(family)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6: server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind((host, port))
        server.listen()
        while True:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
        """

    private func start(_ launcher: Launcher, _ words: [String], options: [String] = []) throws {
        for name in ["lars", "notebook", "tensorboard"] { launcher.podInfo.removeRule(name) }
        launcher.podInfo.setRule("demo", port: launcher.port, prefix: "/ingress/demo/")
        try launcher.podInfo.write()
        try launcher.startCommand(
            ["app", "demo", "--annotations", launcher.podInfo.path] + options + ["--"] + words)
    }

    private func serve(_ host: String, _ port: String) -> [String] {
        [Shell.python, "-S", "-c", Self.server, host, port]
    }

    private func doctor(_ launcher: Launcher) throws -> Said {
        try launcher.ask(
            "doctor", "demo", "--annotations", launcher.podInfo.path, changes: ["KUBERNETES_SERVICE_HOST": "::1"])
    }

    /// The addresses of this machine that others can reach.
    private static var addresses: [String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [String] = []
        var entry = first
        while let current = entry?.pointee {
            entry = current.ifa_next
            guard let address = current.ifa_addr, current.ifa_flags & UInt32(IFF_LOOPBACK) == 0 else {
                continue
            }
            let isVersion6 = address.pointee.sa_family == sa_family_t(AF_INET6)
            guard isVersion6 || address.pointee.sa_family == sa_family_t(AF_INET) else { continue }
            let size = isVersion6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard getnameinfo(address, socklen_t(size), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0
            else {
                continue
            }
            found.append(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        // One of a link alone has a scope.
        return found.filter { !$0.contains("%") }
    }

    /// On the loopback address alone, the port may be for the app's own use: it is said later then.
    @Test(arguments: ["0.0.0.0", "::", "127.0.0.1"]) func anotherPortIsSaid(host: String) throws {
        try withLauncher { launcher in
            let other = String(Port.free())
            try start(launcher, serve(host, other))
            _ = try launcher.wait(for: "the line about the port", within: .seconds(300)) {
                launcher.errors.takeLine(containing: [
                    "demo is not ready: it listens at port \(other), and not at port \(launcher.port)", "{port}",
                ])
            }
            #expect(launcher.errors.text.components(separatedBy: "listens at port").count == 2, "\(launcher.log)")
            let said = try doctor(launcher)
            #expect(said.ending == .exited(1), "\(said)")
            #expect(said.output.contains("✗ demo port"), "\(said)")
            #expect(said.output.contains("listens at port \(other), and not at port \(launcher.port)"), "\(said)")
            #expect(try launcher.ask("status").output.contains("it listens at port \(other)"))
        }
    }

    @Test func anotherPortIsSaidOfAnAppThatIsBackingOff() throws {
        try withLauncher { launcher in
            let other = String(Port.free())
            // The first process ends when it is told so. What it has started listens until then.
            let pipe = "\(launcher.work)/end"
            try Shell.run("mkfifo $1", pipe)
            // Without a limit, the third equal end is followed by the longest delay.
            try start(
                launcher, ["sh", "-c", "\"$@\" & read line < \"$0\"; exit 1", pipe] + serve("0.0.0.0", other),
                options: ["--max-restarts", "unlimited"])
            let wrong = "it listens at port \(other), and not at port \(launcher.port)"
            for end in ["starting it again", "starting it again", "3 times in a row the same way"] {
                // In each run, the port is seen anew. Each run must be short to count.
                try launcher.line("demo is not ready: \(wrong)")
                try Shell.run("echo > $1", pipe)
                try launcher.line("demo: exited with code 1", end)
            }
            let said = try doctor(launcher)
            #expect(said.ending == .exited(1), "\(said)")
            #expect(said.output.contains("it listens at port \(other)"), "\(said)")
            #expect(!said.output.contains("is not running; start it"), "\(said)")
        }
    }

    /// Such a port may be for the app's own use, unless the app ends with it.
    @Test func aPortOnTheLoopbackAddressIsSaidWhenTheAppEnds() throws {
        try withLauncher { launcher in
            let other = String(Port.free())
            // The app ends a while after it has begun to listen.
            let server = """
                import socket, sys
                server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                server.settimeout(2)
                try: server.accept()
                except OSError: sys.exit(1)
                """
            try start(launcher, [Shell.python, "-S", "-c", server, other])
            let wrong = "it listened at port \(other), and not at port \(launcher.port)"
            try launcher.line("demo was not ready when it ended: \(wrong)", "{port}")
            try launcher.wait(until: "the status has the port") {
                try launcher.ask("status").output.contains("\(wrong)")
            }
        }
    }

    @Test(arguments: Self.addresses + ["::"]) func oneAddressIsEnoughIfTheIngressReachesIt(host: String) throws {
        try withLauncher { launcher in
            try start(launcher, serve(host, "{port}"))
            try launcher.line("demo: ready after")
            let said = try doctor(launcher)
            #expect(said.ending == .exited(0), "\(said)")
            #expect(
                said.output.contains("it answers 200") && said.output.contains("the ingress can reach it"), "\(said)")
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.7", "::1"]) func theLoopbackAddressIsNot(host: String) throws {
        try withLauncher { launcher in
            try start(launcher, serve(host, "{port}"))
            try launcher.line("demo is not ready: it listens at port \(launcher.port) on the loopback address alone")
            #expect(!launcher.errors.text.contains("demo: ready"))
            let said = try doctor(launcher)
            #expect(said.ending == .exited(1), "\(said)")
            #expect(said.output.contains("on the loopback address"), "\(said)")
        }
    }
}
