import CraterRunLinux
import Foundation
import Testing

/// Two users share a container, as they do behind sudo, and one of them watches the places where root's crater-run keeps things.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(if: getuid() == 0 || Mode.isOnCI, "other users are not tested here: needs root"))
struct PlaceAttackTests {
    struct Place: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Run by sh, where /run, /tmp and /dev/shm are the test's own.
        let mounts: String
        var options: [String] = []
        let watched: [String]
        var tries = 20
    }

    private static let places = [
        // As operating.md once had it.
        Place(
            testDescription: "an emptyDir at /tmp and a read-only root",
            mounts: "chmod 0777 /tmp; mount -o remount,ro /run",
            watched: ["/tmp", "/dev/shm"],
            tries: 60),
        Place(
            testDescription: "CRATER_RUN_DIR where everybody can write",
            mounts: "mkdir /run/shared",
            options: ["--named", "/run/shared", "--opened", "/run/shared"],
            watched: ["/run/shared", "/run", "/tmp"],
            tries: 60),
        Place(
            testDescription: "CRATER_RUN_DIR below a directory where everybody can write",
            mounts: "mkdir -m 0777 /run/shared",
            options: ["--named", "/run/shared/own", "--opened", "/run/shared/own"],
            watched: ["/run/shared/own", "/run/shared"]),
        Place(
            testDescription: "an emptyDir at /run/crater-run",
            mounts: "mkdir /run/crater-run; mount -t tmpfs -o mode=777 none /run/crater-run",
            options: ["--opened", "/run/crater-run"],
            watched: ["/run/crater-run", "/tmp"]),
        // As in our manifests.
        Place(
            testDescription: "a Pod of user 1000 with CRATER_RUN_DIR=/dev/shm",
            mounts: "chmod 0777 /tmp; mount -o remount,ro /run",
            options: ["--user", "1000", "--named", "/dev/shm"],
            watched: ["/dev/shm", "/tmp"]),
        // As operating.md has it for those who need /dev/shm for something else.
        Place(
            testDescription: "a directory of an emptyDir, mounted by subPath for user 1000",
            mounts: """
                chmod 0777 /tmp /dev/shm; mkdir /run/crater-run; mount -t tmpfs -o mode=2777,gid=1000 none /mnt
                setpriv --reuid 1000 --regid 1000 --clear-groups mkdir -m 755 /mnt/crater-run
                mount --bind /mnt/crater-run /run/crater-run; umount -l /mnt
                """,
            options: ["--user", "1000"],
            watched: ["/run/crater-run", "/run", "/tmp", "/dev/shm"]),
        Place(
            testDescription: "no place at all",
            mounts: "chmod 0777 /tmp /dev/shm; mount -t tmpfs -o mode=777 none /var/tmp; mount -o remount,ro /run",
            watched: ["/tmp", "/dev/shm", "/var/tmp"]),
    ]

    private struct Result: Decodable {
        let tries: Int
        /// How often a file of root's lost its mode to a link.
        let modes: Int
        /// How often the app got the attacker's token.
        let tokens: Int
        /// How often it got one that crater-run made.
        let own: Int
    }

    private func attack(_ place: Place, binary: Bool) throws -> Result {
        var result: Result?
        try withLauncher { launcher in
            launcher.useOwnMounts(then: place.mounts)
            let script = (Bundle.module.resourcePath ?? "") + "/Clients/attack.py"
            // Out of the attacker's reach, and of its sight.
            let work = "\(launcher.root)/attack"
            try FileManager.default.createDirectory(
                atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let copy = "\(work)/crater-run"
            // Which another user than root has to reach, too.
            try Shell.run(
                "chmod 711 $5; cp $1 $2; cp $3 $4", TestBinary.path, copy, script, "\(work)/attack.py", launcher.root)
            try launcher.startProgram(
                [Shell.python, "-B", "\(work)/attack.py", "--tries", "\(place.tries)", "--port", "\(launcher.port)"]
                    + ["--work", work] + (binary ? ["--binary", copy] : []) + place.options + place.watched)
            let ending = try launcher.end(within: .seconds(300))
            #expect(ending == .exited(0), "\(launcher.log)")
            result = try JSONDecoder().decode(Result.self, from: Data(launcher.output.text.utf8))
        }
        return try #require(result)
    }

    @Test(arguments: places)
    func anotherUserGetsNothing(place: Place) throws {
        let result = try attack(place, binary: true)
        #expect(result.tries == place.tries)
        #expect(result.modes == 0)
        #expect(result.tokens == 0)
        #expect(result.own == place.tries)
    }

    /// Where everything is done by its path, the same attacker wins: else the other test would show nothing.
    @Test func theAttackerIsAbleTo() throws {
        let result = try attack(Self.places[0], binary: false)
        #expect(result.modes > 0)
        #expect(result.tokens > 0)
    }
}
