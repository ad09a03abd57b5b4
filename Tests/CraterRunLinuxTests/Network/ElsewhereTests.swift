import CraterRunCore
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ElsewhereTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private func listener(_ port: UInt16, isLoopback: Bool = false) -> Listener {
        Listener(port: port, isLoopback: isLoopback, inode: UInt64(port), uid: 0)
    }

    @Test func anotherPortIsSaidAtOnce() {
        var watch = ElsewhereWatch(opensInnerPortsFirst: false)
        let first = watch.isDue(at: start)
        #expect(first)
        watch.take([listener(9), listener(7), listener(5, isLoopback: true)], besides: 6006, at: start)
        #expect(watch.outcome == .listensElsewhere(ports: [7, 9]))
        watch.take([], besides: 6006, at: start.advanced(by: .seconds(1)))
        #expect(watch.outcome == nil)
    }

    /// A look costs something, but an app may end within its first second.
    @Test func looksOftenAtFirst() {
        var watch = ElsewhereWatch(opensInnerPortsFirst: false)
        let looks = (0...60).map { $0 * 100 }.filter { watch.isDue(at: start.advanced(by: .milliseconds($0))) }
        #expect(looks == [0, 200, 600, 1400, 2400, 3400, 4400, 5400])
    }

    /// Some apps open ports for themselves first. TensorBoard needs longer than others.
    @Test(arguments: [(true, 20), (false, 5)])
    func aPortOnTheLoopbackAddressHasItsTime(opensInnerPortsFirst: Bool, seconds: Int) {
        var watch = ElsewhereWatch(opensInnerPortsFirst: opensInnerPortsFirst)
        let before = opensInnerPortsFirst ? nil : CheckOutcome.listensInside(ports: [5])
        for second in 0..<seconds {
            watch.take([listener(5, isLoopback: true)], besides: 6006, at: start.advanced(by: .seconds(second)))
            #expect(watch.outcome == before)
        }
        watch.take([listener(5, isLoopback: true)], besides: 6006, at: start.advanced(by: .seconds(seconds)))
        #expect(watch.outcome == .listensElsewhere(ports: [5]))
    }

    /// The app may open its port between the check that was refused and the look.
    @Test func anAppAtItsOwnPortIsWhereItShouldBe() {
        var watch = ElsewhereWatch(opensInnerPortsFirst: false)
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
            let request = ReadinessRequest(port: server.port, path: "/")
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
        #expect(ReadinessRequest(port: port, path: "/").redirected == nil)
    }
}
