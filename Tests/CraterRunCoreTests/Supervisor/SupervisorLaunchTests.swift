import CraterRunCore
import Testing

/// Launches of several apps that take their time.
struct SupervisorLaunchTests {
    private func launching() -> SupervisorDriver {
        var up = SupervisorDriver.automatic()
        up.launchesAtOnce = false
        up.send(.started)
        up.read([.board, .lab])
        #expect(Set(up.launching.keys) == ["tensorboard", "jupyter"])
        return up
    }

    @Test func anAppWhoseLaunchHangsKeepsNoOtherWaiting() {
        var up = launching()
        up.finishLaunch("jupyter")
        up.pass(.seconds(60))
        #expect(up.states == ["tensorboard": .starting, "jupyter": .ready])
    }

    @Test func anEndDoesNotWaitForALaunch() {
        var up = launching()
        up.send(.signal(.terminate))
        #expect(up.exitCode == 143 && up.launching.isEmpty)
    }

    @Test func anAutomaticAppWhoseRuleGoesWhileItIsLaunchedIsPutAway() {
        var up = launching()
        up.read([.lab])
        #expect(up.states == ["jupyter": .starting] && Set(up.launching.keys) == ["jupyter"])
        up.read([.board, .lab])
        #expect(up.launching["tensorboard"] == .board)
    }

    // MARK: A launch that waits for another app's port

    /// TensorBoard runs at 6006 and is being stopped; Jupyter's rule moves there.
    private func waitingForAPort() -> SupervisorDriver {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, .plots])
        up.pass(.seconds(1))
        up.stopsAtOnce = false
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        up.read([.board, .plots, IngressRule("jupyter", 6006, "/ingress/lab/")])
        #expect(up.states["jupyter"] == .starting && up.running["jupyter"] == nil)
        return up
    }

    @Test func goesNowhereWhereItsRuleIsGoneMeanwhile() {
        var up = waitingForAPort()
        up.read([.board, .plots])
        up.end("tensorboard", .signaled(.terminate))
        #expect(up.running["jupyter"] == nil && up.states["jupyter"] == nil)
    }

    @Test func goesByItsNewRuleWhereThatHasChangedMeanwhile() {
        var up = waitingForAPort()
        up.read([.board, .plots, .lab])
        #expect(up.running["jupyter"]?.rule == .lab)
        up.end("tensorboard", .signaled(.terminate))
        #expect(up.running["jupyter"]?.rule == .lab)
    }

    @Test func goesByItsNewPrefixWhereThatAloneHasChanged() {
        var up = waitingForAPort()
        let new = IngressRule("jupyter", 6006, "/ingress/other/")
        up.read([.board, .plots, new])
        up.end("tensorboard", .signaled(.terminate))
        #expect(up.running["jupyter"]?.rule == new)
    }

    // MARK: A supervisor that hung

    @Test func anAppThatWasBeingStartedWhenSupervisorsHungIsLeftOutUntilAUserStartsIt() {
        var up = SupervisorDriver.automatic { $0.leftOut = ["tensorboard", "visdom"] }
        up.send(.started)
        up.read([.board, .lab])
        #expect(up.states == ["tensorboard": .failed, "jupyter": .starting])
        up.read([IngressRule("tensorboard", 7007, "/ingress/new/"), .lab])
        up.pass(.seconds(3600))
        #expect(up.running["tensorboard"] == nil)
        up.send(.command(.start(app: "tensorboard"), number: 1))
        #expect(up.running["tensorboard"]?.rule.port == 7007)
    }

    @Test func oneThatWasNamedIsLeftOutToo() {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard), .fake(.jupyter)]
            options.leftOut = ["tensorboard"]
        }
        up.send(.started)
        up.read([.board, .lab])
        #expect(up.states["tensorboard"] == .failed && up.running["jupyter"] != nil)
    }

    @Test func aUsersStartIsForGood() {
        var up = SupervisorDriver.automatic { $0.leftOut = ["tensorboard"] }
        up.send(.started)
        up.read([.board, .lab])
        up.send(.command(.start(app: "tensorboard"), number: 1))
        up.end("tensorboard", .exited(code: 1))
        up.read([.lab])
        #expect(up.states["tensorboard"] == nil)
        up.read([.board, .lab])
        #expect(up.running["tensorboard"] != nil)
    }
}
