import Testing

@testable import CraterRunCore

/// An app whose login has no known key: nobody gets in, and everybody learns why.
struct DoorLockTests {
    private static let why = "the key of its login cannot be read: No such file or directory"

    private func route(_ lock: DoorLock = DoorLock(failure: why), _ state: AppState = .backingOff) -> DoorRoute {
        DoorRoute(
            app: "tensorboard", port: 6006, prefix: PathPrefix(known: "/ingress/x"), backend: .port(40_001), lock: lock,
            state: DoorAppState(
                state, since: DoorCase.now, reason: "cannot read the key of its login from /home/u/key: no",
                lastLines: ["the app's output"]))
    }

    private static let upgrade = ["Connection: upgrade", "Upgrade: websocket"]

    /// Whatever the app does, and whatever the request has.
    @Test(
        arguments: [AppState.ready, .unready, .starting, .backingOff, .failed, .stopped],
        [
            ("GET /ingress/x/", []), ("GET /ingress/x/a?b", DoorCase.navigation), ("HEAD /ingress/x/", []),
            ("POST /ingress/x/", []), ("GET /ingress/x/", upgrade), ("OPTIONS /ingress/x/", []),
            ("GET /ingress/x/", ["Authorization: Bearer \(DoorCase.key)"]), ("GET /ingress/x/?key=\(DoorCase.key)", []),
            ("GET /ingress/x/", [DoorCase.cookie(of: DoorCase.closed)]),
            ("GET /ingress/x/.crater-run/login", DoorCase.navigation), ("POST /ingress/x/.crater-run/login", []),
            ("GET /ingress/x/.crater-run/logout", []),
        ] as [(String, [String])])
    func nobodyGetsIn(state: AppState, request: (String, [String])) throws {
        for lock in [DoorLock(), DoorLock(failure: Self.why)] {
            let decision = try DoorCase.decide(request.0, request.1, at: [route(lock, state)])
            let answer = try #require(decision.answered, "\(request)")
            #expect(answer.status == 503 && decision.guess == nil)
            #expect(answer.value(of: "Retry-After") != nil && answer.value(of: "Set-Cookie") == nil)
        }
    }

    @Test func thePageSaysWhyAndWhatHelps() throws {
        let page = try #require(try DoorCase.decide("GET /ingress/x/", DoorCase.navigation, at: [route()]).answered)
        #expect(page.text.contains("<h1>tensorboard is not served: \(Self.why)</h1>"))
        #expect(page.text.contains("What helps: crater-run status, in the job, says more."))
        #expect(!page.text.contains("/home/u/key") && !page.text.contains("output"))
        #expect(!page.text.contains("data-login="), "there is no key to ask for")
        let line = try #require(try DoorCase.decide("POST /ingress/x/", at: [route()]).answered)
        #expect(line.text.hasPrefix("crater-run: tensorboard is not served: \(Self.why); try again in "))
    }

    /// The key is known from the first launch on: until then the app is starting, or stopped, as any other.
    @Test func anUnknownKeyIsNoFailure() throws {
        let page = try #require(
            try DoorCase.decide("GET /ingress/x/", DoorCase.navigation, at: [route(DoorLock(), .starting)]).answered)
        #expect(page.text.contains("<h1>tensorboard is starting</h1>"))
    }

    @Test func thePageIsLoadedAgainOnceTheKeyIsKnown() throws {
        let marks = try [route(), route(DoorLock()), DoorCase.closed].map { route in
            let answer = try DoorCase.decide("GET /ingress/x/.crater-run/state", at: [route]).answered
            #expect(answer?.status == 200)
            return answer?.text
        }
        #expect(Set(marks).count == 3 && marks.last == "ready\n")
    }
}
