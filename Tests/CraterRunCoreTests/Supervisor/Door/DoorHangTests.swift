import CraterRunCore
import Testing

/// The front door does not answer: either it hangs, or the machine holds it up.
struct DoorHangTests {
    /// The door owes an answer from now on.
    private func fallSilent(_ up: inout SupervisorDriver) {
        let pings = up.door.pings
        up.door.answers = false
        for _ in 0..<2000 where up.door.pings == pings { up.pass(.milliseconds(1)) }
        #expect(up.door.pings == pings + 1)
    }

    /// Lets the silence last until the door is killed.
    ///
    /// - Returns: how long the silence was, in milliseconds; nil after a minute.
    private func silenceUntilKilled(_ up: inout SupervisorDriver) -> Int? {
        let kills = up.door.kills
        for passed in 1...60_000 {
            up.pass(.milliseconds(1))
            if up.door.kills > kills { return passed }
        }
        return nil
    }

    /// What a process does, by the milliseconds since the ping.
    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// How many milliseconds of silence the door is left.
        let patience: Int
        let standing: @Sendable (Int) -> ProcessStanding?

        init(_ name: String, killedAfter patience: Int, _ standing: @escaping @Sendable (Int) -> ProcessStanding?) {
            testDescription = name
            self.patience = patience
            self.standing = standing
        }
    }

    @Test(arguments: [
        Story("stopped", killedAfter: 400) { _ in .still(.stopped) },
        Story("stopped while it computed", killedAfter: 700) { $0 < 650 ? .still(.running) : .still(.stopped) },
        Story("asleep", killedAfter: 400) { _ in .still(.sleeping) },
        Story("falls asleep late", killedAfter: 1100) { $0 < 950 ? .still(.other) : .still(.sleeping) },
        Story("asleep, after it has worked", killedAfter: 500) { .at(.sleeping, $0 < 350 ? $0 : 350) },
        Story("an endless loop", killedAfter: 500) { .at(.running, $0) },
        Story("an endless loop that gets half a processor", killedAfter: 500) { .at(.running, $0 / 2) },
        Story("an endless loop that begins late", killedAfter: 1300) { .at(.running, max(0, $0 - 1000)) },
        Story("starved", killedAfter: 3000) { _ in .still(.running) },
        Story("starved, with a little of a processor", killedAfter: 3000) { .at(.running, $0 / 3) },
        Story("starved, and works for a moment", killedAfter: 3000) { .at(.running, min($0, 250)) },
        Story("waits for a disk", killedAfter: 3000) { _ in .still(.other) },
        Story("sleeps between two reads of a disk", killedAfter: 3000) {
            .still($0 / 100 % 2 == 0 ? .sleeping : .other)
        },
        Story("wakes up and sleeps again", killedAfter: 3000) { .at(.sleeping, $0 / 100 * 10) },
        Story("works and sleeps in turn", killedAfter: 3000) { .at($0 / 100 % 2 == 0 ? .sleeping : .running, $0) },
        Story("not shown", killedAfter: 3000) { _ in nil },
        Story("not always shown", killedAfter: 3000) { $0 / 100 % 2 == 0 ? .still(.sleeping) : nil },
    ])
    func whatTheProcessDoesSaysHowLongItMayBeSilent(story: Story) {
        var up = SupervisorDriver.behindDoor()
        fallSilent(&up)
        let start = up.now
        up.door.standing = { now in story.standing(Int(start.duration(to: now) / .milliseconds(1))) }
        let silence = silenceUntilKilled(&up)
        #expect(silence == story.patience)
        #expect(up.door.starts == 2 && up.running["tensorboard"]?.pid == 100)
        up.door.answers = true
        up.pass(.seconds(20))
        #expect(up.door.kills == 2, "the second one was silent from its start, and had its time")
        #expect(up.door.accepting == [6006] && up.route(of: "tensorboard")?.target == .port(40_100))
    }

    @Test(arguments: [
        (
            ProcessStanding.Activity.stopped,
            "the front door is stopped and has not answered for 0.4 s: starting another"
        ),
        (.sleeping, "the front door is stuck and has not answered for 0.4 s: starting another"),
        (.other, "the front door has not answered for 3 s: starting another"),
    ])
    func theLogSaysWhatItDid(activity: ProcessStanding.Activity, line: String) {
        var up = SupervisorDriver.behindDoor()
        up.door.standing = { _ in .still(activity) }
        fallSilent(&up)
        _ = silenceUntilKilled(&up)
        #expect(up.takeDone().messages.contains(line))
    }

    @Test func anotherServesWithinASecond() {
        for moment in stride(from: 0, to: 1000, by: 7) {
            var up = SupervisorDriver.behindDoor()
            up.pass(.milliseconds(moment))
            up.door.answers = false
            up.door.standing = { .at(.running, Int($0.nanoseconds / 1_000_000)) }
            up.pass(.milliseconds(910))
            #expect(up.door.kills == 1 && up.door.starts == 2, "\(moment) ms")
        }
    }

    @Test func oneThatAnswersIsNotObserved() {
        var up = SupervisorDriver.behindDoor()
        let pings = up.door.pings
        up.pass(.seconds(60))
        #expect(up.door.observations == 0 && up.door.pings - pings <= 150)
    }

    /// What was seen during one silence says nothing about the next.
    @Test func oneThatAlwaysAnswersLateIsNotKilled() {
        var up = SupervisorDriver.behindDoor()
        up.door.standing = { _ in .still(.sleeping) }
        for _ in 0..<50 {
            fallSilent(&up)
            up.pass(.milliseconds(390))
            up.send(.door(up.door.lateAnswer))
        }
        #expect(up.door.kills == 0 && up.door.observations >= 50)
    }

    @Test func oneThatIsSlowOnABusyMachineIsNotKilled() {
        var up = SupervisorDriver.behindDoor()
        up.door.standing = { _ in .still(.running) }
        for _ in 0..<20 {
            fallSilent(&up)
            let pings = up.door.pings
            up.pass(.milliseconds(2900))
            #expect(up.door.pings == pings, "one question at a time")
            up.send(.door(up.door.lateAnswer))
        }
        #expect(up.door.kills == 0 && up.door.starts == 1)
    }

    @Test func aNewOneHasMoreTimeForItsFirstAnswer() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard, door: DoorUse())] }
        up.door.answers = false
        up.door.standing = { _ in .still(.stopped) }
        up.send(.started)
        up.read([.board])
        up.pass(.milliseconds(9900))
        #expect(up.door.kills == 0 && up.door.observations == 0)
        up.pass(.milliseconds(200))
        #expect(up.door.kills == 1)
    }

    /// The whole container may be stopped for a while, and gets processors in any order afterwards.
    @Test(arguments: [0, 150, 250, 390])
    func aSupervisorThatWasStoppedItselfBlamesNoDoor(moment: Int) {
        for activity in [ProcessStanding.Activity.sleeping, .other] {
            var up = SupervisorDriver.behindDoor()
            up.door.standing = { _ in .still(activity) }
            fallSilent(&up)
            up.pass(.milliseconds(moment))
            up.beStopped(for: .seconds(30))
            #expect(up.door.kills == 0, "\(activity)")
            up.send(.door(up.door.lateAnswer))
            up.door.answers = true
            up.pass(.seconds(20))
            #expect(up.door.kills == 0)
        }
    }

    @Test func oneThatHangsAfterTheSupervisorWasStoppedIsKilledAllTheSame() {
        var up = SupervisorDriver.behindDoor()
        up.door.standing = { _ in .still(.sleeping) }
        fallSilent(&up)
        up.beStopped(for: .seconds(30))
        let silence = silenceUntilKilled(&up)
        #expect(silence.map { $0 <= 400 } ?? false)
    }
}

extension ProcessStanding {
    /// A process that has used 7 s of a processor, and uses no more.
    fileprivate static func still(_ activity: Activity) -> ProcessStanding { at(activity, 7000) }

    fileprivate static func at(_ activity: Activity, _ milliseconds: Int) -> ProcessStanding {
        ProcessStanding(activity, used: .milliseconds(milliseconds))
    }
}
