import CraterRunCore
import Foundation
import Glibc
import Testing

/// Rules that change while the app runs.
@Suite(.timeLimit(TestTime.limit))
struct RuleChangeTests {
    @Test(arguments: Mode.available)
    func relaunchesWithANewPrefix(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/liuxw24-new00/")
            try launcher.podInfo.write()
            try launcher.line(
                "its ingress rule changed from port \(launcher.port), path /ingress/liuxw24-379e0/",
                "to port \(launcher.port), path /ingress/liuxw24-new00/: starting it again"
            )
            try launcher.line("tensorboard: ready", "/ingress/liuxw24-new00/")
            #expect(launcher.readiness(under: "/ingress/liuxw24-new00/")?.status == 200)
            #expect(launcher.readiness()?.status == 404)
            #expect(try launcher.launch().signals.first == SIGTERM)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func relaunchesAtANewPort() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let other = Port.free()
            launcher.podInfo.setRule("tensorboard", port: other, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
            #expect(try launcher.launch(2).arguments.contains("\(other)"))
            #expect(HTTP.get("\(launcher.prefix)data/environment", port: other)?.status == 200)
            #expect(Port.isFree(launcher.port))
        }
    }

    @Test func goesOnAsItIsIfTold() throws {
        try withLauncher { launcher in
            try launcher.start("--on-rule-change", "keep")
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            try launcher.line("it goes on as it is (--on-rule-change keep)")
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
        }
    }

    /// The kubelet stamps `config.seen` anew when it restarts.
    @Test(arguments: Mode.available)
    func leavesTheAppAloneWhenItsRuleStaysTheSame(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let pid = try launcher.launch().pid
            launcher.podInfo.annotations["kubernetes.io/config.seen"] = Array("2026-01-01T00:00:00.000000001Z".utf8)
            try launcher.podInfo.write()
            // The same rule in the older shapes.
            launcher.podInfo.setRule(
                "tensorboard",
                value: #"{"ContainerPort":\#(launcher.port),"prefix":"/ingress/liuxw24-379e0","ServiceName":"x"}"#
            )
            try launcher.podInfo.write()
            launcher.podInfo.setRule("other", port: 1234, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            // Something that is told, so that all that came before has been seen.
            launcher.podInfo.setRule("BAD", value: "{}")
            try launcher.podInfo.write()
            try launcher.line("cannot use the ingress rule BAD")
            #expect(try launcher.launch().pid == pid)
            #expect(launcher.launches.count == 1)
            #expect(!launcher.errors.text.contains("its ingress rule"))
        }
    }

    @Test(arguments: Mode.available)
    func keepsServingWithoutARule(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.podInfo.removeRule("tensorboard")
            try launcher.podInfo.write()
            try launcher.line("its ingress rule is gone", "out of reach from outside until the rule is back")
            #expect(launcher.readiness()?.status == 200)
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line("its ingress rule is back, unchanged")
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
            #expect(try launcher.launch().signals == [])
        }
    }

    /// Two changes before anybody could have acted on the first.
    @Test(arguments: Mode.available)
    func endsUpWithTheLastOfManyQuickChanges(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            for number in 1...20 {
                launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/change-\(number)/")
                try launcher.podInfo.write()
            }
            try launcher.line("tensorboard: ready", "/ingress/change-20/")
            #expect(launcher.readiness(under: "/ingress/change-20/")?.status == 200)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func changesBackWithoutAnyRelaunch() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.start("--stop-timeout", "300ms")
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            try launcher.line("its ingress rule changed")
            // In the middle of the stop.
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", launcher.prefix)
            #expect(launcher.launches.count == 2)
            #expect(launcher.readiness()?.status == 200)
        }
    }

    @Test func followsAChangeDuringABackoff() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO_1"] = "exit:3"
            launcher.environment["FAKE_DO_2"] = "exit:3"
            launcher.environment["FAKE_DO_3"] = "exit:3"
            try launcher.start("--max-restarts", "unlimited")
            try launcher.line("(restart 3)")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/mended/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/mended/")
        }
    }

    @Test(arguments: Mode.available)
    func ignoresChangesWhileItStops(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.start("--stop-timeout", "300ms")
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.line("stopping")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            #expect(try launcher.end() == .exited(128 + SIGTERM))
            #expect(launcher.launches.count == 1)
        }
    }

    /// Not every volume is the kubelet's own (Kata Containers, a bind mount).
    @Test func followsAPlainFile() throws {
        try withLauncher { launcher in
            let path = "\(launcher.root)/annotations"
            let url = URL(fileURLWithPath: path)
            try Data(launcher.podInfo.content).write(to: url)
            try launcher.startCommand(["tensorboard", "--annotations", path])
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/plain/")
            try Data(launcher.podInfo.content).write(to: url)
            try launcher.line("tensorboard: ready", "/ingress/plain/")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/renamed/")
            try Data(launcher.podInfo.content).write(to: url, options: .atomic)
            try launcher.line("tensorboard: ready", "/ingress/renamed/")
        }
    }

    /// The directory itself is replaced, as by an unmount and a mount.
    @Test func findsTheFileAgainInANewDirectory() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            try FileManager.default.moveItem(atPath: launcher.podInfo.directory, toPath: "\(launcher.root)/away")
            let next = PodInfo(directory: launcher.podInfo.directory)
            next.setRule("tensorboard", port: launcher.port, prefix: "/ingress/moved/")
            try next.write()
            try launcher.line("tensorboard: ready", "/ingress/moved/")
        }
    }
}
