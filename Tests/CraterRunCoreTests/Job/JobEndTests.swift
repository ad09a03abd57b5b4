import CraterRunCore
import Testing

/// How the init role tells the supervisor that the job has ended.
struct JobEndTests {
    @Test(arguments: [0, 1, 137, 255, Int32.max, Int32.min]) func isReadAsItIsWritten(code: Int32) {
        for time in [Int64.min, 0, 1_000_000_000, .max] {
            let end = JobEnd(code: code, at: MonotonicInstant(nanoseconds: time))
            #expect(JobEnd(text: end.text) == end)
        }
    }

    @Test(arguments: ["", "@", "1", "1@", "@1", "1@2@3", "1 @2", "a@2", "1@b", "2147483648@1", "1@9223372036854775808"])
    func anythingElseIsNone(text: String) { #expect(JobEnd(text: text) == nil) }

    /// The page shows the job's end, and another supervisor knows it from its start.
    @Test func theHomePageShowsIt() throws {
        let start = SupervisorDriver.jobStart
        let end = JobEnd(code: 3, at: start.advanced(by: .seconds(90)))
        var up = SupervisorDriver.withHome { options in
            options.jobStartedAt = start
            options.jobCommand = "python3 train.py"
            options.home?.wish.name = "home"
        }
        up.read([.home])
        #expect(up.home?.home?.job?.exitCode == nil && up.home?.home?.job?.command == "python3 train.py")
        up.send(.jobEnded(end))
        let job = try #require(up.home?.home?.job)
        #expect(job.exitCode == 3)
        #expect(job.endedAt?.milliseconds == job.startedAt.milliseconds + 90_000)
        var next = SupervisorDriver.withHome { options in
            options.jobStartedAt = start
            options.jobEnd = end
            options.home?.wish.name = "home"
        }
        next.read([.home])
        #expect(next.home?.home?.job?.exitCode == 3)
    }
}
