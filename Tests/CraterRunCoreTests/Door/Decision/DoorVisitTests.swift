import Testing

@testable import CraterRunCore

/// Requests to an app that sleeps: whether they are a person's is told, and all of them get the state.
struct DoorVisitTests {
    private static let polls = PollTable(timed: ["/poll"], following: ["/data"])

    private func decide(
        _ line: String, _ fields: [String] = DoorCase.navigation, state: AppState = .asleep, login: DoorLogin? = nil
    ) throws -> DoorDecision {
        let route = DoorCase.route(
            backend: nil, login: login, state: DoorCase.state(state), polls: Self.polls)
        return try DoorCase.decide(line, fields, at: [route])
    }

    @Test(arguments: [AppState.asleep, .stopping]) func areTold(state: AppState) throws {
        for (line, fields, use) in [
            ("GET /ingress/x/", DoorCase.navigation, "person"), ("POST /ingress/x/a", [], "person"),
            ("GET /ingress/x/poll", [], "timed"), ("GET /ingress/x/data", [], "following"),
            ("GET /ingress/x/s", ["Connection: upgrade", "Upgrade: websocket"], "socket(0)"),
        ] {
            let decision = try decide(line, fields, state: state)
            #expect(decision.summary == "503, \(use) of tensorboard", "\(line)")
        }
    }

    @Test(arguments: [AppState.waiting, .starting, .stopped, .failed, .backingOff]) func notInOtherStates(
        state: AppState
    ) throws {
        #expect(try decide("GET /ingress/x/", state: state).summary == "503")
    }

    /// The page asks for its state by itself.
    @Test func notByTheDoorsOwnPages() throws {
        #expect(try decide("GET /ingress/x/.crater-run/state").summary == "200")
    }

    @Test func onlyWhoHasLoggedInWakes() throws {
        let stranger = try decide("GET /ingress/x/", login: DoorCase.login)
        #expect(stranger.summary == "503" && stranger.answered?.text.contains("logged in") ?? false)
        #expect(try decide("GET /ingress/x/a", [], login: DoorCase.login).summary == "401")
        let cookie = DoorCase.cookie(of: DoorCase.closed)
        let friend = try decide("GET /ingress/x/", DoorCase.navigation + [cookie], login: DoorCase.login)
        #expect(friend.summary == "503, person of tensorboard")
        #expect(friend.answered?.text.contains("It is being started.") ?? false)
        let bearer = try decide("GET /ingress/x/", ["Authorization: Bearer \(DoorCase.key)"], login: DoorCase.login)
        #expect(bearer.summary == "503, person of tensorboard")
    }
}
