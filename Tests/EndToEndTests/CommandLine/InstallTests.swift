import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `crater-run install`, by the binary itself.
@Suite(.timeLimit(TestTime.limit))
struct InstallTests {
    /// Mounts need root.
    private static let canMount = Mode.canBeProcessOne || Mode.isOnCI

    /// Whether the copy is the binary, runs, and has nothing beside it.
    private func check(_ path: String) throws {
        try Shell.run(#"cmp $1 $2; test "$(stat -c %a $2)" = 755; $2 --version"#, TestBinary.path, path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        #expect(Directory.names(in: folder) == ["crater-run"])
    }

    @Test func printsWhereItIs() throws {
        try withLauncher { launcher in
            launcher.wrapper = ["sh", "-c", #"umask 777; exec "$0" "$@""#]
            for _ in 0..<2 {
                try launcher.startCommand(["install", "tools/bin"])
                #expect(try launcher.end() == .exited(0), "\(launcher.log)")
                #expect(launcher.output.text == "tools/bin/crater-run\n")
                #expect(launcher.errors.text == "")
                try check("\(launcher.work)/tools/bin/crater-run")
            }
        }
    }

    /// As when an image is updated below a running container.
    @Test func worksAfterItsOwnFileWasDeleted() throws {
        try withLauncher { launcher in
            try Shell.run("cp $1 $2/gone", TestBinary.path, launcher.work)
            launcher.wrapper = ["sh", "-c", #"exec 9<gone; rm gone; exec /proc/self/fd/9 "$@""#]
            try launcher.startCommand(["install", "tools"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            try check("\(launcher.work)/tools/crater-run")
        }
    }

    @Test func replacesAProgramThatRuns() throws {
        try withLauncher { launcher in
            try Shell.run("mkdir $2/tools; cp $1 $2/tools/crater-run", TestBinary.path, launcher.work)
            // The copy looks after a job that installs the same copy.
            let copy = "\(launcher.work)/tools/crater-run"
            try launcher.startProgram([copy, "up", "--annotations", "/nowhere", "--", copy, "install", "tools"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            try check(copy)
        }
    }

    /// An init container: an image with nothing in it but crater-run.
    @Test(.enabled(if: canMount, "an empty chroot is not tested here: it needs root"))
    func needsNothingButProc() throws {
        try withLauncher { launcher in
            let image = "\(launcher.root)/image"
            try Shell.run("mkdir -p $1/proc; cp $2 $1/crater-run", image, TestBinary.path)
            let mount = #"mount -t proc proc "$0/proc" && shift && exec chroot "$0" /crater-run "$@""#
            launcher.wrapper = ["unshare", "--mount", "sh", "-c", mount, image]
            try launcher.startCommand(["install", "/tools"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.output.text == "/tools/crater-run\n")
            try check("\(image)/tools/crater-run")
        }
    }

    struct Refusal: CustomTestStringConvertible {
        /// Run by sh before crater-run.
        var before = ":"
        let directory: String
        let message: String

        var testDescription: String { "\(before) \(directory)" }
    }

    @Test(
        .enabled(if: canMount, "full and read-only disks are not tested here: they need root"),
        arguments: [
            Refusal(
                before: "mount -t tmpfs -o size=1m none full",
                directory: "full",
                message: "cannot install crater-run to full: full/crater-run: No space left on device; make room there"
            ),
            Refusal(
                before: "ulimit -f 1000",
                directory: "full",
                message: "cannot install crater-run to full: full/crater-run: File too large; make room there"
            ),
            Refusal(
                before: "mount -t tmpfs -o ro none full",
                directory: "full",
                message: "cannot install crater-run to full: Read-only file system; mount a volume there"
            ),
            Refusal(
                before: "mount -t tmpfs -o ro none full",
                directory: "full/a/b",
                message: "cannot install crater-run to full/a/b: full/a: Read-only file system; mount a volume there"
            ),
            Refusal(
                before: #"set -- setpriv --reuid 65534 --clear-groups "$@""#,
                directory: "/usr/bin",
                message: "cannot install crater-run to /usr/bin: Permission denied; name a directory that user 65534"
            ),
        ])
    func saysWhyItCannotAndLeavesNothing(refusal: Refusal) throws {
        try withLauncher { launcher in
            try Shell.run(
                "mkdir $1/full; cp $2 $1/crater-run; chmod 755 $1 $3", launcher.work, TestBinary.path, launcher.root)
            let script = #"\#(refusal.before) && { "$@"; code=$?; ls -A full; exit $code; }"#
            try launcher.startProgram(
                [
                    "unshare", "--mount", "sh", "-c", script, "sh", "\(launcher.work)/crater-run", "install",
                    refusal.directory,
                ])
            #expect(try launcher.end() == .exited(1), "\(launcher.log)")
            #expect(launcher.errors.text.hasPrefix("crater-run: \(refusal.message)"), "\(launcher.log)")
            #expect(launcher.output.text == "")
        }
    }

    @Test func refusesAFileForADirectory() throws {
        try withLauncher { launcher in
            try Shell.run("touch $1/file", launcher.work)
            try launcher.startCommand(["install", "file"])
            #expect(try launcher.end() == .exited(1))
            #expect(
                launcher.errors.text
                    == "crater-run: cannot install crater-run to file: Not a directory; name a directory, not a file\n")
            try launcher.startCommand(["install", ""])
            #expect(try launcher.end() == .exited(64))
            try launcher.startCommand(["install"])
            #expect(try launcher.end() == .exited(64))
        }
    }
}
