import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import Foundation
import Testing

/// What it starts with, what it goes without, and what it asks of the reactor.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HealthServerTests {
    private func control(_ server: TestHealthServer, _ method: String, _ path: String) throws -> RawAnswer {
        let connection = try RawConnection(path: server.socket)
        try connection.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        return try connection.answer()
    }

    // MARK: Start

    @Test func aPortThatIsInUseIsGoneWithout() throws {
        let first = try TestHealthServer()
        let port = try #require(first.port)
        #expect(first.server.notes == [])
        let second = try TestHealthServer(port: port)
        let note = "cannot answer probes at port \(port): Address already in use; going on without (--health-port)"
        #expect(second.server.notes == [LogEntry(.warning, note)])
        #expect(second.port == nil)
        #expect(try control(second, "GET", "/livez").status == 200)
        #expect(try control(second, "GET", "/livez").headers["crater-run-instance"] == second.instance)
        #expect(try first.get("/livez").headers["crater-run-instance"] == first.instance)
    }

    @Test func withoutAPortTheSocketIsThereAlone() throws {
        let server = try TestHealthServer(port: nil)
        #expect(server.server.notes == [])
        #expect(server.port == nil)
        for path in ["/livez", "/metrics", "/v1/status"] {
            #expect(try control(server, "GET", path).status == 200)
        }
    }

    @Test func theSocketGoesAtTheEnd() throws {
        let server = try TestHealthServer(port: nil)
        #expect(FileManager.default.fileExists(atPath: server.socket))
        server.server.close()
        #expect(!FileManager.default.fileExists(atPath: server.socket))
        #expect(!FileManager.default.fileExists(atPath: "\(server.socket.dropLast(5)).json"))
    }

    // MARK: The reactor

    /// The other endpoints go on: they answer as it last was.
    @Test func aReactorThatDoesNotTurnIsNotAlive() throws {
        let server = try TestHealthServer(isAnswered: false)
        var report = SupervisorReport()
        report.hasRules = true
        server.publish(report)
        let stuck = "the reactor does not turn\n"
        #expect(try server.get("/livez").status == 503)
        #expect(try server.get("/healthz").body == stuck)
        #expect(try server.get("/livez?verbose").body == "[-]reactor failed: \(stuck)livez check failed\n")
        #expect(try control(server, "GET", "/livez").body == stuck)
        #expect(try server.get("/readyz").status == 200)
        #expect(try server.get("/startupz").status == 200)
        #expect(try server.get("/metrics").status == 200)
        #expect(try control(server, "GET", "/v1/status").status == 200)
        // It was only late.
        server.turn()
        #expect(try server.get("/livez").status == 200)
        #expect(try control(server, "GET", "/livez").status == 200)
    }

    @Test func manyWhoAskAtOnceAreAllAnswered() throws {
        for isAnswered in [true, false] {
            let server = try TestHealthServer(isAnswered: isAnswered)
            let connections = try (0..<50).map { _ in try server.connect() }
            for connection in connections { try connection.send(RawConnection.get("/livez")) }
            for connection in connections { #expect(try connection.answer().status == (isAnswered ? 200 : 503)) }
        }
    }

    // MARK: The socket

    @Test func showsItsStatusOnTheSocket() throws {
        let server = try TestHealthServer()
        let answer = try control(server, "GET", "/v1/status")
        #expect(answer.headers["content-type"] == "application/json")
        let document = try JSONDecoder().decode(StatusDocument.self, from: Data(answer.body.utf8))
        #expect(document.instance == server.instance)
        #expect(document.pid == getpid())
        #expect(document.kind == "up")
        #expect(!document.ready)
        #expect(document.notReadyBecause == "the ingress rules have not been read")
        #expect(try control(server, "POST", "/v1/status").status == 405)
    }

    @Test func passesCommandsOn() throws {
        let server = try TestHealthServer { command in
            switch command {
            case .start(let app) where app == "tensorboard": .accepted(app: app, message: "tensorboard: starting")
            case .stop(let app), .start(let app), .restart(let app), .release(let app):
                app == "visdom" ? .refused(reason: "crater-run is stopping") : .unknown(names: ["tensorboard"])
            case .serve: .unknown(names: [])
            }
        }
        let started = try control(server, "POST", "/v1/apps/tensorboard/start")
        #expect(started.status == 202)
        #expect(started.body.contains("tensorboard: starting"))
        let unknown = try control(server, "POST", "/v1/apps/lars/restart")
        #expect(unknown.status == 404)
        #expect(unknown.body.contains("there are tensorboard") || unknown.body.contains("there is tensorboard"))
        #expect(try control(server, "POST", "/v1/apps/visdom/stop").status == 409)
        #expect(try control(server, "GET", "/v1/apps/tensorboard/start").headers["allow"] == "POST")
        #expect(try control(server, "POST", "/v1/apps/tensorboard/kill").status == 404)
        // What it has to hand over is missing.
        #expect(try control(server, "POST", "/v1/apps").status == 400)
    }
}
