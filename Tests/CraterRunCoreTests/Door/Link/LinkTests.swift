import Testing

@testable import CraterRunCore

struct LinkTests {
    private static let routes = DoorRoutes(
        generation: .max,
        routes: [
            DoorCase.open,
            DoorRoute(
                app: "jupyter é", port: 65_535, prefix: .root, backend: .socket(path: "/run/a b"), strips: true,
                publicHost: "h:1", login: DoorCase.login,
                state: DoorAppState(
                    .backingOff, since: WallTime(milliseconds: .min), restarts: .max, reason: "r", cure: "c",
                    retryAt: WallTime(milliseconds: -1), lastLines: ["", "\u{0}\r\n", "é"])),
            DoorCase.route(backend: nil, state: DoorCase.state(.waiting)),
            DoorCase.route(
                polls: PollTable(
                    timed: ["/a/*", "POST /é"], following: ["/b/**"], sockets: ["/"], shortestMessage: .max)),
        ]
            + [DoorLock(), DoorLock(failure: "é")].map { lock in
                DoorRoute(app: "a", port: 1, prefix: .root, lock: lock, state: DoorCase.state(.backingOff))
            }
            + [
                DoorRoute(
                    app: "b", port: 1, prefix: PathPrefix(known: "/p/b"), login: DoorCase.login,
                    state: DoorCase.state(),
                    loginPlace: DoorLoginPlace(app: "home", prefix: PathPrefix(known: "/p"))),
                DoorRoute(
                    app: "home", port: 1, prefix: PathPrefix(known: "/p"), login: DoorCase.login,
                    state: DoorCase.state(),
                    home: HomeView(
                        host: "é",
                        job: HomeJob(
                            command: "c", startedAt: DoorCase.now, exitCode: .min,
                            endedAt: WallTime(milliseconds: .max)),
                        tiles: [
                            HomeTile(
                                app: "a", title: "A", about: "", link: "/p/a/", state: DoorCase.state(.failed)),
                            HomeTile(
                                app: "b", title: "é", about: "b", state: DoorCase.state(.stopped), isStarted: false),
                            HomeTile(
                                app: "c", title: "c", about: "", state: DoorCase.state(.failed), hasButtons: false),
                        ])),
                DoorRoute(
                    app: "home", port: 1, prefix: .root, state: DoorCase.state(),
                    home: HomeView(host: "", job: HomeJob(command: "", startedAt: DoorCase.now))),
                DoorRoute(app: "home", port: 1, prefix: .root, state: DoorCase.state(), home: HomeView(host: "")),
            ])

    private static let messages: [DoorMessage] = [
        .routes(routes), .routes(.none), .listen(ports: [1, 6006, 65_535]), .listen(ports: []), .close(ports: [8888]),
        .ping(0), .ping(.max),
    ]

    private static let replies: [DoorReply] = [
        .serving(.max), .pong(7), .trouble("cannot accept: é"), .activity([]), .command(app: "é", .start),
        .command(app: "", .stop), .command(app: "a", .restart),
        .activity([
            DoorActivity(
                app: "a", requests: .max, open: .max, tunnels: 3, received: .max, sent: 1,
                lastUse: WallTime(milliseconds: 1)),
            DoorActivity(app: "", requests: 0, open: 0, tunnels: 0, lastUse: nil),
        ]),
    ]

    /// All frames, decoded from pieces of a size.
    private func decode<Frame: LinkFrame>(_ bytes: [UInt8], by size: Int) throws -> [Frame] {
        var decoder = LinkDecoder<Frame>()
        var frames: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.take(bytes[start..<min(start + size, bytes.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    @Test(arguments: [1, 2, 3, 5, 64, 1_000_000]) func readsWhatWasWritten(size: Int) throws {
        let messages = try Self.messages.flatMap { try #require($0.frame()) }
        #expect(try decode(messages, by: size) == Self.messages)
        let replies = try Self.replies.flatMap { try #require($0.frame()) }
        #expect(try decode(replies, by: size) == Self.replies)
    }

    /// The format is little-endian, and a frame begins with its length.
    @Test func hasTheFormatThatIsDocumented() throws {
        #expect(DoorMessage.ping(0x0102).frame() == [9, 0, 0, 0, 4, 2, 1, 0, 0, 0, 0, 0, 0])
        #expect(DoorMessage.listen(ports: [0x1F90]).frame() == [7, 0, 0, 0, 2, 1, 0, 0, 0, 0x90, 0x1F])
        #expect(DoorReply.trouble("ab").frame() == [7, 0, 0, 0, 4, 2, 0, 0, 0, 0x61, 0x62])
    }

    /// A login survives, with what is derived from its keys.
    @Test func aLoginWorksOnTheOtherSide() throws {
        let bytes = try #require(DoorMessage.routes(Self.routes).frame())
        let message = try #require(try (decode(bytes, by: 7) as [DoorMessage]).first)
        guard case .routes(let routes) = message else {
            Issue.record("\(message)")
            return
        }
        let route = routes.routes[1]
        #expect(route.login.map { KeyGuess(DoorCase.key.utf8, at: $0) } == .right)
        #expect(route.responseEdits == Self.routes.routes[1].responseEdits)
    }

    @Test func aFrameThatIsTooLongIsNotMade() {
        let lines = (0..<20).map { _ in String(repeating: "a", count: 1 << 20) }
        let route = DoorCase.route(state: DoorAppState(.failed, since: DoorCase.now, lastLines: lines))
        #expect(DoorMessage.routes(DoorRoutes(generation: 1, routes: [route])).frame() == nil)
    }

    @Test(
        arguments: [
            ([1, 0, 0, 1, 0], LinkFailure.tooLong(0x0100_0001)), ([255, 255, 255, 255], .tooLong(.max)),
            ([0, 0, 0, 0], .malformed("a frame ends too early")),
            ([1, 0, 0, 0, 9], .malformed("there is no message of kind 9")),
            ([2, 0, 0, 0, 4, 1], .malformed("a frame ends too early")),
            ([10, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0], .malformed("a frame has bytes after its fields")),
            ([7, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0], .malformed("a port is 0")),
            ([5, 0, 0, 0, 2, 255, 255, 255, 255], .malformed("a list is longer than its frame")),
            ([13, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9], .malformed("a list is longer than its frame")),
        ] as [([UInt8], LinkFailure)])
    func namesWhatIsWrong(bytes: [UInt8], failure: LinkFailure) {
        var decoder = LinkDecoder<DoorMessage>()
        decoder.take(bytes)
        #expect(throws: failure) { try decoder.next() }
        // Nothing is read any more, whatever comes.
        decoder.take([9, 0, 0, 0, 4, 2, 1, 0, 0, 0, 0, 0, 0])
        #expect(throws: failure) { try decoder.next() }
        #expect(!failure.reason.isEmpty)
    }

    /// Each byte of a good frame is changed, and the frame is cut at each place: it is read or refused, and never traps.
    @Test func survivesEveryChangeOfAFrame() throws {
        let frame = try #require(DoorMessage.routes(Self.routes).frame())
        var (read, refused) = (0, 0)
        for index in frame.indices {
            for value in [0, 1, 2, 0x7F, 0x80, 0xFF, frame[index] ^ 0x20] as [UInt8] {
                var bytes = frame
                bytes[index] = value
                var decoder = LinkDecoder<DoorMessage>()
                decoder.take(bytes)
                do {
                    if try decoder.next() != nil { read += 1 }
                } catch { refused += 1 }
            }
            // A body that ends here, with the right length before it.
            var decoder = LinkDecoder<DoorMessage>()
            let body = frame.dropFirst(4).prefix(index)
            decoder.take([UInt8(body.count & 0xFF), UInt8(body.count >> 8), 0, 0] + body)
            let isWhole = body.count == frame.count - 4
            #expect((try? decoder.next()) == (isWhole ? DoorMessage.routes(Self.routes) : nil))
        }
        #expect(read > 0 && refused > 0)
    }

    @Test func survivesGarbage() {
        var generator = SplitMix(seed: 42)
        for _ in 0..<2000 {
            let count = Int(generator.next() % 200)
            let body = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next() & generator.next()) }
            var messages = LinkDecoder<DoorMessage>()
            messages.take([UInt8(count), 0, 0, 0] + body)
            _ = try? messages.next()
            var replies = LinkDecoder<DoorReply>()
            replies.take(body)
            while let frame = try? replies.next() { #expect(frame.frame() != nil) }
        }
    }
}
