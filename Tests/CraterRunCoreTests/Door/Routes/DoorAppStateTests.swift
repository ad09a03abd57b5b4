import Testing

@testable import CraterRunCore

struct DoorAppStateTests {
    @Test(arguments: AppState.allCases) func onlyAnAppThatServesIsAsked(state: AppState) {
        let takes = state == .ready || state == .unready
        #expect(DoorCase.state(state).takesRequests == takes)
        #expect(DoorCase.route(state: DoorCase.state(state)).target == (takes ? .port(40_001) : nil))
        #expect(DoorCase.route(backend: nil, state: DoorCase.state(state)).target == nil)
    }
}
