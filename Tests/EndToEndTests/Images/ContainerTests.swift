import CraterRunLinux
import Foundation
import Glibc
import Testing

/// The images, run: without a network, capabilities or a way to gain any, on roots that cannot be written to.
@Suite(.enabled(if: TestImage.areTested, TestImage.areNotTestedSince), .serialized, .timeLimit(TestTime.limit))
struct ContainerTests {
    /// Who a container may run as.
    struct Place: CustomTestStringConvertible, Sendable {
        var user: String?
        var hasTemporary = true
        let testDescription: String

        static let usual = Place(testDescription: "its own user")
        /// As platforms make users up that no image knows.
        static let stranger = Place(user: "1000650000:0", testDescription: "a user that nobody knows, of root's group")
        static let loneStranger = Place(
            user: "73291:48213", hasTemporary: false,
            testDescription: "a user and group that nobody knows, without /tmp")
        static let root = Place(user: "0:0", testDescription: "root without capabilities")
        static let all = [usual, stranger, loneStranger, root]

        var settings: ContainerSettings { ContainerSettings(user: user, hasTemporary: hasTemporary) }
    }

    private func checkThatItServes(_ launcher: Launcher, _ image: TestImage, _ port: UInt16) throws {
        try launcher.line("\(image.name): ready", "at \(launcher.prefix)")
        #expect(try launcher.fetch(launcher.prefix + image.page, port: port)?.status == 200, "\(launcher.log)")
        #expect(try launcher.fetch("/", port: port)?.status == 404)
        #expect(try launcher.fetch("/readyz", port: 9550)?.status == 200)
        let probe = try launcher.inContainer("crater-run", "probe", "ready")
        #expect(probe.ending == .exited(0), "\(probe)")
        for name in ["CapEff", "CapPrm", "CapBnd", "CapAmb"] {
            #expect(HostProcesses.field(name, of: launcher.pid) == ["0000000000000000"])
        }
        #expect(HostProcesses.field("NoNewPrivs", of: launcher.pid) == ["1"])
    }

    @Test(arguments: TestImage.apps, Place.all)
    func servesItsAppAlone(image: TestImage, place: Place) throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: image)
            try launcher.startContainer(image, place.settings)
            try checkThatItServes(launcher, image, port)
            // Where there is a /tmp, nothing is missing.
            if place.hasTemporary { #expect(!launcher.errors.text.contains("warning"), "\(launcher.log)") }
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }

    /// The job says how the container ends, and ends in time: its own code when it has one for SIGTERM, else 143.
    @Test(
        arguments: TestImage.apps,
        [("trap 'exit 7' TERM; echo up; sleep 1000 & wait", 7), ("echo up; exec sleep 1000", 143)]
    )
    func servesItsAppBesideAJob(image: TestImage, job: (script: String, code: Int32)) throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: image)
            try launcher.startContainer(image, Place.loneStranger.settings, command: ["sh", "-c", job.script])
            try launcher.outputLine("up")
            try checkThatItServes(launcher, image, port)
            #expect(try launcher.stop() == .exited(job.code), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
        }
    }

    /// As with plain `docker run`, without a volume: the places that the image has for data are open to any user.
    @Test(arguments: TestImage.apps)
    func aJobMayWriteWhereTheAppLooks(image: TestImage) throws {
        try withLauncher(.processOne) { launcher in
            _ = try launcher.setRule(of: image)
            let settings = ContainerSettings(user: "73291:48213", isReadOnly: false, hasTemporary: false)
            let script = #"touch here "${CRATER_RUN_LOGDIR:-/work}/there"; pwd; ls"#
            try launcher.startContainer(image, settings, command: ["sh", "-euc", script])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.output.lines.first == "/work")
            #expect(launcher.output.lines.contains("here"))
        }
    }

    /// Its page asks for everything below the prefix, and gets it, cut off from the network as it is.
    @Test func visdomsPageHasAllThatItAsksFor() throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: .visdom)
            try launcher.startContainer(.visdom, Place.stranger.settings)
            try launcher.line("visdom: ready")
            #expect(!launcher.errors.text.contains("ERROR"), "\(launcher.log)")
            let page = try #require(try launcher.fetch(launcher.prefix, port: port))
            let wanted = page.body.matches(of: /(?:src|href)=["']?([^"' >]+)/).map { String($0.output.1) }
                .filter { $0.hasPrefix("/") }
            #expect(wanted.count >= 15)
            for path in wanted {
                #expect(path.hasPrefix(launcher.prefix))
                let file = try launcher.fetch(path, port: port)
                #expect(file?.status == 200, "\(path)")
                if !path.contains("/user/") { #expect((file?.body.utf8.count ?? 0) > 0, "\(path)") }
            }
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    /// Nothing there for a browser to fetch from elsewhere, or to ask the user about.
    @Test func jupyterAsksNothing() throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: .jupyter)
            try launcher.startContainer(.jupyter, Place.stranger.settings)
            let line = try launcher.line("jupyter: open", "?token=")
            let token = try #require(line.split(separator: "=").last)
            let page = try #require(try launcher.fetch("\(launcher.prefix)lab?token=\(token)", port: port))
            #expect(page.status == 200)
            #expect(page.body.contains("@jupyterlab/apputils-extension:announcements"))
            let news = try launcher.fetch("\(launcher.prefix)lab/api/news?token=\(token)", port: port)
            #expect(news?.body == #"{"news": []}"#)
            _ = try launcher.stop()
        }
    }
}
