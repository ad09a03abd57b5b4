import CraterRunCore
import Testing

/// What an app writes about itself is read back when it is worth it, and never for an app that writes nothing.
struct AppMachineReadBackTests {
    private func driver(_ writes: Bool = true) -> AppDriver {
        var policy = AppPolicy.tensorBoard()
        policy.writesRuntimeFiles = writes
        return AppDriver(policy)
    }

    private func check(_ driver: inout AppDriver, _ outcome: CheckOutcome = .answered(status: 200)) -> [AppEffect] {
        driver.passToDeadline()
        return driver.send(.checked(outcome))
    }

    @Test func isReadBackAtTheFirstReadinessOfEachRun() {
        var driver = driver()
        driver.start()
        #expect(check(&driver).actions == [.readBack(.first)])
        // Unready and ready again: nothing new.
        driver.failTwoChecks()
        #expect(driver.state == .unready)
        #expect(check(&driver).actions == [])
        #expect(driver.state == .ready)
        driver.send(.exited(.exited(code: 1)))
        driver.comeBack()
        #expect(check(&driver).actions == [.readBack(.first)])
    }

    @Test func followsTheLineThatSaysReady() {
        var driver = driver()
        driver.start()
        let effects = check(&driver)
        #expect(effects.count == 2)
        #expect(effects.last == .readBack(.first))
    }

    @Test func isReadBackWhenItAnswersWhatItShouldNot() {
        var driver = driver()
        driver.start()
        #expect(check(&driver, .answered(status: 404)).actions == [.readBack(.first)])
        // The same answer again is no news.
        #expect(check(&driver, .answered(status: 404)) == [])
    }

    @Test func isReadBackWhenItsStartIsSlow() {
        var driver = driver()
        driver.start()
        let effects = driver.pass(.seconds(70), answering: .silent(reason: "nobody listens at its port"))
        #expect(effects.filter { $0 == .readBack(.first) }.count == 1)
    }

    @Test func tellsWhatEndsBeforeItIsStoppedForARelaunch() {
        var driver = driver()
        driver.startAndBecomeReady()
        let actions = driver.send(.ruleChanged(.second)).actions
        #expect(actions.first == .tellLosses)
        #expect(actions.contains(.signal(.terminate, .group)))
    }

    @Test func neverForAnAppThatWritesNothing() {
        var driver = driver(false)
        driver.start()
        #expect(check(&driver, .answered(status: 404)).actions == [])
        driver.send(.exited(.exited(code: 1)))
        driver.comeBack()
        #expect(check(&driver).actions == [])
        #expect(!driver.send(.ruleChanged(.second)).contains(.tellLosses))
    }

    @Test func aStopIsNoRelaunch() {
        var driver = driver()
        driver.startAndBecomeReady()
        #expect(!driver.send(.stopRequested(isShutdown: true)).contains(.tellLosses))
    }
}

struct SignalNameTests {
    @Test(arguments: [
        ("TERM", 15), ("SIGTERM", 15), ("term", 15), ("15", 15), ("INT", 2), ("USR1", 10), ("SIGRTMIN+1", 35),
    ])
    func isReadAsKillTakesIt(name: String, number: Int32) {
        #expect(Signal(name: name)?.number == number)
    }

    @Test(arguments: ["", "KILL", "9", "STOP", "0", "65", "-1", "TERM ", "SIGSIGTERM", "NAL 32"])
    func isNoneOtherwise(name: String) {
        #expect(Signal(name: name) == nil)
    }
}
