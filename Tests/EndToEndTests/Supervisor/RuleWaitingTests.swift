import Foundation
import Glibc
import Testing

/// A rule, a file or a whole volume that is not there yet.
@Suite(.timeLimit(TestTime.limit))
struct RuleWaitingTests {
    @Test(arguments: Mode.available)
    func saysWhatItWaitsForAndStartsWhenItComes(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("tensorboard")
            try launcher.start()
            let limit = mode == .subreaper ? " up to 2 min" : ""
            try launcher.line(
                "waiting\(limit) for an ingress rule named tensorboard or tb, or one on port 6006",
                "there are: lars (port 4210), notebook (port 8888)"
            )
            #expect(launcher.launches.isEmpty)
            launcher.podInfo.setRule("tb", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test func waitsForTheRuleThatIsNamed() throws {
        try withLauncher { launcher in
            try launcher.start("--rule", "board")
            try launcher.line("waiting", "for an ingress rule named board")
            launcher.podInfo.setRule("board", port: launcher.port, prefix: "/ingress/board/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/board/")
        }
    }

    @Test(arguments: Mode.available, ["0", "500ms"])
    func givesUpWhenItsTimeIsOver(mode: Mode, time: String) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("tensorboard")
            try launcher.start("--wait", time)
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("cannot serve tensorboard: there is no ingress rule for it"))
            #expect(launcher.errors.text.contains("--prefix and --port"))
        }
    }

    /// The rule is there; that it cannot be used is the reason, to the last word.
    @Test(arguments: Mode.available)
    func saysWhatIsWrongWithTheRuleThatIsThere(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("tensorboard", value: #"{"Name":"tensorboard","Port":0,"Prefix":"/ingress/x/"}"#)
            try launcher.start("--wait", "500ms")
            #expect(try launcher.end() == .exited(78))
            let word = try #require(launcher.errors.lines.last { !$0.isEmpty })
            #expect(
                word.hasPrefix(
                    "crater-run: error: cannot serve tensorboard: cannot use the ingress rule tensorboard: its Port is not "
                        + "from 1 to 65535, value 0"), "\(launcher.log)")
        }
    }

    @Test func showsThePodWhatItLacksWithoutAFile() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["tensorboard", "--annotations", "/etc/no-podinfo/annotations"])
            #expect(try launcher.end() == .exited(78))
            for text in [
                "cannot read the annotations file /etc/no-podinfo/annotations: there is no such file",
                "downwardAPI:", "fieldPath: metadata.annotations", "mountPath: /etc/no-podinfo",
            ] {
                #expect(launcher.errors.text.contains(text), "\(launcher.log)")
            }
        }
    }

    @Test(arguments: Mode.available)
    func startsWhenTheVolumeComes(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startCommand(["tensorboard", "--annotations", launcher.podInfo.path, "--wait", "forever"])
            try launcher.line("there is no such file")
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test func startsWhenTheFileComesIntoItsDirectory() throws {
        try withLauncher { launcher in
            try FileManager.default.createDirectory(
                atPath: launcher.podInfo.directory, withIntermediateDirectories: true)
            try launcher.startCommand(["tensorboard", "--annotations", launcher.podInfo.path, "--wait", "forever"])
            try launcher.line("there is no such file")
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
        }
    }

    @Test func needsNoFileForAFixedRule() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["tensorboard", "--prefix", "/x", "--port", "\(launcher.port)"])
            try launcher.waitUntilReady()
            #expect(launcher.readiness(under: "/x/")?.status == 200)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test func listsTheCandidatesWhereItCannotTell() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tb", port: 7777, prefix: "/ingress/other/")
            try launcher.start()
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("say --rule NAME with one of tb (port 7777, /ingress/other/), "))
        }
    }
}
