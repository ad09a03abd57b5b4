import CraterRunCore
import Testing

struct ForegroundWaitingTests {
    private static let wanted = "an ingress rule named tensorboard or tb, or one on port 6006"

    @Test func saysOnceWhatItWaitsForAndFailsWhenTheTimeIsUp() {
        var serving = SupervisorDriver.foreground()
        #expect(serving.send(.started) == [])
        #expect(serving.untilDeadline == .seconds(120))
        #expect(
            serving.read([]) == [
                .log(LogEntry(.info, "waiting up to 2 min for \(Self.wanted); there is no ingress rule yet"))
            ]
        )
        serving.pass(.seconds(30))
        #expect(serving.read([], seen: 1) == [])
        #expect(serving.untilDeadline == .seconds(90))
        #expect(
            serving.passToDeadline() == [
                .log(
                    LogEntry(
                        .error,
                        "cannot serve tensorboard: there is no ingress rule for it after 2 min. Add \(Self.wanted) on the "
                            + "job's page, or give --prefix and --port"
                    )
                ),
                .exit(78),
            ]
        )
        #expect(serving.supervisor.nextDeadline == nil)
    }

    @Test func namesTheRulesThatThereAre() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        let others = [IngressRule("jupyter", 8888, "/ingress/j/"), IngressRule("plots", 5000, "/ingress/p/")]
        #expect(
            serving.read(others).messages == [
                "waiting up to 2 min for \(Self.wanted); there are: jupyter (port 8888), plots (port 5000); "
                    + "--rule NAME takes one of them"
            ]
        )
        // Another rule that is not the one is news.
        #expect(serving.read([others[0]]).messages.count == 1)
    }

    @Test func waitsForTheRuleThatWasNamed() {
        var serving = SupervisorDriver.foreground { $0.apps[0].wish.name = "mine" }
        serving.send(.started)
        #expect(
            serving.read([.first]).messages == [
                "waiting up to 2 min for an ingress rule named mine; there are: tensorboard (port 6006); --rule NAME takes "
                    + "one of them"
            ]
        )
        let mine = IngressRule("mine", 7000, "/ingress/mine/")
        #expect(serving.read([.first, mine]) == [.app(.launch(mine))])
    }

    /// People see the name on the job's page, and type the app's.
    @Test(
        arguments: [
            (nil, ["TensorBoard"], "--rule TensorBoard takes the one whose name differs only in capital letters"),
            (nil, ["TB", "x"], "--rule TB takes the one whose name differs only in capital letters"),
            ("mine", ["Mine", "TensorBoard"], "--rule Mine takes the one whose name differs only in capital letters"),
            ("mine", ["TensorBoard"], "--rule NAME takes one of them"),
            (nil, ["TensorBoard", "TENSORBOARD"], "--rule NAME takes one of them"),
            (nil, ["tensor-board"], "--rule NAME takes one of them"),
        ] as [(String?, [String], String)])
    func offersTheRuleThatDiffersInCapitalLettersOnly(name: String?, rules: [String], offer: String) {
        var serving = SupervisorDriver.foreground { $0.apps[0].wish.name = name }
        serving.send(.started)
        let said = serving.read(rules.map { IngressRule($0, 7000, "/ingress/\($0)/") }).messages
        // Lines about odd names come first.
        #expect(said.last?.hasSuffix("; \(offer)") == true, "\(said)")
    }

    @Test func waitsForARuleOnThePortThatWasNamed() {
        var serving = SupervisorDriver.foreground { $0.apps[0].wish.port = 7000 }
        serving.send(.started)
        #expect(
            serving.read([.first]).messages == [
                "waiting up to 2 min for an ingress rule on port 7000; there are: tensorboard (port 6006); "
                    + "--rule NAME without --port takes one of them"
            ]
        )
        let mine = IngressRule("mine", 7000, "/ingress/mine/")
        #expect(serving.read([.first, mine]) == [.app(.launch(mine))])
    }

    @Test func saysHowToServeAtTheRootOfAPortWithoutARule() {
        var serving = SupervisorDriver.foreground(wait: .zero) { $0.apps[0].wish.port = 7000 }
        serving.send(.started)
        let said = serving.read([.first]).messages
        let end =
            "Add an ingress rule on port 7000 on the job's page, or give --prefix / to serve at the root of port 7000"
        #expect(said.count == 1 && said.last?.hasSuffix(end) == true, "\(said)")
    }

    @Test func failsAtOnceWithoutTimeToWait() {
        var serving = SupervisorDriver.foreground(wait: .zero)
        serving.send(.started)
        let effects = serving.read([IngressRule("jupyter", 8888, "/ingress/j/")])
        #expect(effects.last == .exit(78))
        #expect(
            effects.messages == [
                "cannot serve tensorboard: there is no ingress rule for it; there are: jupyter (port 8888); "
                    + "--rule NAME takes one of them. Add \(Self.wanted) on the job's page, or give --prefix and --port"
            ]
        )
    }

    @Test func servesARuleThatIsThereWithoutTimeToWait() {
        var serving = SupervisorDriver.foreground(wait: .zero)
        serving.send(.started)
        #expect(serving.read([.first]) == [.app(.launch(.first))])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    /// The file is read by another thread: no time to wait is time to look.
    @Test func looksBeforeItsTimeIsOver() {
        for wait in [Duration.zero, .milliseconds(100)] {
            var serving = SupervisorDriver.foreground(wait: wait)
            serving.send(.started)
            serving.pass(.seconds(1))
            #expect(serving.send(.tick) == [])
            #expect(serving.read([.first]) == [.app(.launch(.first))])
            var none = SupervisorDriver.foreground(wait: wait)
            none.send(.started)
            none.pass(.seconds(1))
            none.read([])
            #expect(wait == .zero || none.send(.tick).last == .exit(78))
            var hung = SupervisorDriver.foreground(wait: wait)
            hung.send(.started)
            hung.pass(.seconds(3))
            #expect(hung.send(.tick).messages == ["cannot serve tensorboard: the annotations file does not answer"])
        }
    }

    @Test func waitsForEverAsAnEntryPoint() {
        var serving = SupervisorDriver.asProcessOne()
        serving.send(.started)
        #expect(serving.supervisor.nextDeadline == nil)
        #expect(serving.read([]).messages == ["waiting for \(Self.wanted); there is no ingress rule yet"])
        serving.pass(.seconds(1_000_000))
        #expect(serving.send(.tick) == [])
        #expect(serving.read([.first]) == [.app(.launch(.first))])
    }

    @Test func startsAsSoonAsTheRuleIsThere() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        serving.read([])
        serving.pass(.seconds(119))
        #expect(serving.read([.first]) == [.app(.launch(.first))])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    @Test func servesAFixedRuleAtOnce() {
        var serving = SupervisorDriver.foreground { $0.apps[0].fixedRule = .third }
        #expect(serving.send(.started) == [.app(.launch(.third))])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    @Test func servesUnderThePublicHostThatWasGiven() throws {
        let host = try PublicHost("crater.example.org")
        var serving = SupervisorDriver.foreground { $0.publicHost = host }
        serving.send(.started)
        #expect(serving.read([.first]) == [.app(.launch(IngressRule.first.reachable(at: host)))])
        serving.send(.app(.launched(pid: 100)))
        serving.passToDeadline()
        #expect(
            serving.send(.app(.checked(.answered(status: 200)))).messages == [
                "tensorboard: ready after 0.1 s at https://crater.example.org/ingress/first/"
            ]
        )
        #expect(serving.read([.first], seen: 1) == [])
    }

    // MARK: What waiting is not likely to mend

    private let failure = AnnotationsReadFailure.missing(path: "/etc/podinfo/annotations")
    private var missing: String { failure.message }

    @Test func failsAtOnceByHandWithoutAnAnnotationsFile() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        #expect(serving.failToRead() == [.log(LogEntry(.error, missing, below: failure.below)), .exit(78)])
        #expect(failure.below.contains { $0.contains("fieldPath: metadata.annotations") })
    }

    @Test func waitsForTheAnnotationsFileWhereAskedTo() {
        var serving = SupervisorDriver.foreground(wait: .seconds(30), failsAtOnce: false)
        serving.send(.started)
        #expect(serving.failToRead().messages == [missing, "waiting up to 30 s for that to change"])
        #expect(serving.failToRead() == [])
        #expect(serving.read([.first]) == [.app(.launch(.first))])
    }

    @Test func failsWhenTheAnnotationsFileDoesNotComeInTime() {
        var serving = SupervisorDriver.foreground(wait: .seconds(30), failsAtOnce: false)
        serving.send(.started)
        serving.failToRead()
        let effects = serving.passToDeadline()
        #expect(effects.last == .exit(78))
        let why = "cannot read the annotations file /etc/podinfo/annotations: there is no such file"
        #expect(effects.messages == ["cannot serve tensorboard: \(why)"])
    }

    // MARK: The last word says what is so

    private func lastWord(_ serving: inout SupervisorDriver) -> String {
        let effects = serving.passToDeadline()
        #expect(effects.last == .exit(78))
        return effects.messages.last ?? ""
    }

    private func waiting() -> SupervisorDriver {
        var serving = SupervisorDriver.foreground(wait: .seconds(3), failsAtOnce: false)
        serving.send(.started)
        return serving
    }

    @Test(arguments: [
        (#"{\"Port\":0,\"Prefix\":\"/x/\"}"#, "its Port is not from 1 to 65535, value 0"),
        (#"{\"Port\":6006,\"Prefix\":\"x\"}"#, "its Prefix is not usable"), ("{", "it is not valid JSON"),
    ])
    func namesTheRuleThatIsThereAndWhatIsWrongWithIt(value: String, reason: String) {
        var serving = waiting()
        serving.read([], and: ["ingress.crater.raids.io/tensorboard=\"\(value)\""])
        let word = lastWord(&serving)
        #expect(
            word.hasPrefix("cannot serve tensorboard: cannot use the ingress rule tensorboard: \(reason)"), "\(word)")
        #expect(!word.contains("there is no ingress rule"))
        #expect(word.hasSuffix("Remove the rule on the job's page and add it again, or give --prefix and --port"))
    }

    @Test func listsTheCandidatesAtTheEndToo() {
        var serving = waiting()
        serving.read([.first, IngressRule("tb", 7000, "/ingress/tb/")])
        #expect(
            lastWord(&serving).hasPrefix("cannot serve tensorboard: cannot tell which ingress rule is tensorboard's"))
    }

    /// What was wrong and is no more is not the reason.
    @Test func doesNotNameWhatHasBeenMended() {
        var serving = waiting()
        serving.failToRead()
        serving.read([.first, IngressRule("tb", 7000, "/ingress/tb/")])
        serving.read([], and: [badLine])
        serving.read([])
        #expect(
            lastWord(&serving).hasPrefix("cannot serve tensorboard: there is no ingress rule for it after 3 s. Add "))
    }

    @Test func namesTheOthersAndWhatIsWrongWithThem() {
        var serving = waiting()
        let bad = #"ingress.crater.raids.io/tensor="{\"Port\":0,\"Prefix\":\"/x/\"}""#
        let said = serving.read([IngressRule("visdom", 6006, "/ingress/v/")], and: [bad]).messages
        let others =
            "there are: visdom (port 6006); --rule NAME takes one of them; these cannot be used: tensor (its Port is not "
            + "from 1 to 65535, value 0)"
        #expect(said.last?.hasSuffix(others) == true)
        #expect(lastWord(&serving).contains("there is no ingress rule for it after 3 s; \(others). Add "))
        var alone = waiting()
        alone.read([], and: [bad])
        #expect(lastWord(&alone).contains("; no ingress rule can be used: tensor (its Port is not"))
    }

    @Test func saysWhyARuleThatIsAddedWouldNotBeSeen() {
        var serving = waiting()
        serving.send(.rulesNeverChange("/p is mounted with subPath"))
        serving.read([])
        #expect(lastWord(&serving).contains("for it after 3 s. But /p is mounted with subPath. Add "))
        var damaged = waiting()
        damaged.read([], isDamaged: true)
        #expect(lastWord(&damaged).contains("for it after 3 s. But line 3. Add "))
    }

    @Test func waitsForEverForTheAnnotationsFileAsAnEntryPoint() {
        var serving = SupervisorDriver.asProcessOne()
        serving.send(.started)
        #expect(serving.failToRead().messages == [missing, "waiting for that to change"])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    private let badLine = #"ingress.crater.raids.io/tensorboard="{\"Port\":0,\"Prefix\":\"/x/\"}""#

    @Test func failsAtOnceByHandAtABadRule() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        let effects = serving.read([IngressRule("other", 6006, "/ingress/other/")], and: [badLine])
        #expect(effects.last == .exit(78))
        #expect(
            effects.messages == [
                "cannot use the ingress rule tensorboard: its Port is not from 1 to 65535, value 0",
                "cannot serve tensorboard: cannot use the ingress rule tensorboard: its Port is not from 1 to 65535, value 0",
            ]
        )
    }

    @Test func waitsForABadRuleToBeMendedAsAnEntryPoint() {
        var serving = SupervisorDriver.asProcessOne()
        serving.send(.started)
        #expect(serving.read([], and: [badLine]).messages.count == 3)
        #expect(serving.read([], seen: 1, and: [badLine]) == [])
        #expect(serving.read([.first]) == [.app(.launch(.first))])
    }

    @Test func servesTheGoodRuleBesideABadOneOfAnotherApp() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        let bad = #"ingress.crater.raids.io/jupyter="nonsense""#
        let effects = serving.read([.first], and: [bad])
        #expect(effects.actions == [.app(.launch(.first))])
        #expect(effects.messages.count == 1)
    }

    @Test func failsAtOnceByHandAtTwoCandidates() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        let effects = serving.read([.first, IngressRule("tb", 7000, "/ingress/tb/")])
        #expect(effects.last == .exit(78))
        #expect(
            effects.messages == [
                "cannot tell which ingress rule is tensorboard's: say --rule NAME with one of tb (port 7000, "
                    + "/ingress/tb/), tensorboard (port 6006, /ingress/first/)"
            ]
        )
    }

    @Test func waitsForOneOfTwoCandidatesToGoAsAnEntryPoint() {
        var serving = SupervisorDriver.asProcessOne()
        serving.send(.started)
        let other = IngressRule("tb", 7000, "/ingress/tb/")
        #expect(serving.read([.first, other]).messages.count == 2)
        #expect(serving.read([.first, other], seen: 1) == [])
        #expect(serving.read([.first]) == [.app(.launch(.first))])
    }
}
