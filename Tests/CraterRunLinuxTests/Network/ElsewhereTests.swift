import CraterRunCore
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ElsewhereTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private let demo = CustomApp(name: "demo", command: ["demo"])

    private func listener(_ port: UInt16, isLoopback: Bool = false) -> Listener {
        Listener(port: port, isLoopback: isLoopback, inode: UInt64(port), uid: 0)
    }

    @Test func anotherPortIsSaidAtOnce() {
        var watch = ElsewhereWatch(of: demo)
        let first = watch.isDue(at: start)
        #expect(first)
        watch.take([listener(9), listener(7), listener(5, isLoopback: true)], besides: 6006, at: start)
        #expect(watch.outcome == .listensElsewhere(ports: [7, 9]))
        watch.take([], besides: 6006, at: start.advanced(by: .seconds(1)))
        #expect(watch.outcome == nil)
    }

    /// A look costs something, but an app may end within its first second.
    @Test func looksOftenAtFirst() {
        var watch = ElsewhereWatch(of: demo)
        let looks = (0...60).map { $0 * 100 }.filter { watch.isDue(at: start.advanced(by: .milliseconds($0))) }
        #expect(looks == [0, 200, 600, 1400, 2400, 3400, 4400, 5400])
    }

    /// Some apps open ports for themselves first. TensorBoard needs longer than others, also as a custom app.
    @Test(
        arguments: [
            (TensorBoard(), 20), (Gradio(), 5), (CustomApp(name: "demo", command: ["demo"]), 5),
            (CustomApp(name: "demo", command: ["tensorboard", "--port", "{port}"]), 20),
            (CustomApp(name: "demo", command: ["sh", "-c", "demo $CRATER_PORT"]), 20),
        ] as [(any WebApp, Int)])
    func aPortOnTheLoopbackAddressHasItsTime(app: any WebApp, seconds: Int) {
        var watch = ElsewhereWatch(of: app)
        let before = seconds == 20 ? nil : CheckOutcome.loopbackPorts([5])
        for second in 0..<seconds {
            watch.take([listener(5, isLoopback: true)], besides: 6006, at: start.advanced(by: .seconds(second)))
            #expect(watch.outcome == before)
        }
        watch.take([listener(5, isLoopback: true)], besides: 6006, at: start.advanced(by: .seconds(seconds)))
        #expect(watch.outcome == .listensElsewhere(ports: [5]))
    }

    /// With `ssr_mode`, Gradio's Python listens at the next free port above, and Node at the app's own a while later.
    @Test func gradioMayListenAboveFirst() {
        var watch = ElsewhereWatch(of: Gradio())
        for second in 0..<40 {
            watch.take([listener(7861)], besides: 7860, at: start.advanced(by: .seconds(second)))
            #expect(watch.outcome == nil)
        }
        watch.take([listener(7861)], besides: 7860, at: start.advanced(by: .seconds(40)))
        #expect(watch.outcome == .listensElsewhere(ports: [7861]))
        for port: UInt16 in [7859, 7961, 1, 65535] {
            watch.take([], besides: 7860, at: start)
            watch.take([listener(port), listener(7861)], besides: 7860, at: start)
            #expect(watch.outcome == .listensElsewhere(ports: [port]))
        }
        watch.take([], besides: 65535, at: start)
        watch.take([listener(1)], besides: 65535, at: start)
        #expect(watch.outcome == .listensElsewhere(ports: [1]))
    }

    /// The app may open its port between the check that was refused and the look.
    @Test func anAppAtItsOwnPortIsWhereItShouldBe() {
        var watch = ElsewhereWatch(of: demo)
        watch.take([listener(6006)], besides: 6006, at: start)
        #expect(watch.outcome == nil)
        watch.take(
            [listener(9), listener(6006, isLoopback: true)], besides: 6006, at: start.advanced(by: .seconds(30)))
        #expect(watch.outcome == nil)
    }

    @Test func aRequestGoesToTheAddressWhereSomebodyListens() async throws {
        for (address, target) in [
            (TestListener.Address.ipv6("::1", only: true), "::1"), (.ipv6("::", only: true), "::1"),
            (.ipv4("127.0.0.7"), "127.0.0.7"),
        ] {
            let server = try TestServer(at: address) { connection, _ in
                sendAll("HTTP/1.1 204 No Content\r\n\r\n", to: connection)
            }
            let request = ReadinessRequest(.port(server.port), path: "/")
            #expect(request.result().outcome == ReadinessRequest.refused)
            let other = try #require(request.redirected)
            #expect(other.address.description == target)
            #expect(other.result().outcome == .answered(status: 204))
            #expect(other.redirected == nil)
        }
    }

    @Test func aRequestGoesNowhereElseWhereNobodyListens() throws {
        let listener = try TestListener()
        let port = listener.port
        listener.close()
        #expect(ReadinessRequest(.port(port), path: "/").redirected == nil)
    }
}
