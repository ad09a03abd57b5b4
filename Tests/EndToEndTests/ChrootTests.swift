import Glibc
import Testing

/// An image that holds nothing: no shell, no loader, no /dev, no /tmp, no /etc.
@Suite(.timeLimit(TestTime.limit))
struct ChrootTests {
    @Test(
        .enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "an empty chroot is not tested here: it needs root"),
        arguments: Mode.available
    )
    func servesBesideNothingButAnAppAndProc(mode: Mode) throws {
        try withLauncher(mode, fake: .standalone) { launcher in
            let image = "\(launcher.root)/image"
            try Shell.run(
                "mkdir -p $1/proc; cp $2 $1/crater-run; cp $3 $1/app",
                image,
                TestBinary.path,
                "\(launcher.bin)/tensorboard"
            )
            // In a mount namespace of its own; as PID 1 there is one already.
            let mount = #"mount -t proc proc "$0/proc" && shift && exec chroot "$0" /crater-run "$@""#
            launcher.wrapper = (mode == .processOne ? [] : ["unshare", "--mount"]) + ["sh", "-c", mount, image]
            try launcher.startCommand([
                "tensorboard", "--executable", "/app", "--prefix", "/ingress/x", "--port", "\(launcher.port)",
            ])
            // The root itself is all that can be written to.
            try launcher.line("no usual temporary directory can be written to: TMPDIR is / for tensorboard")
            try launcher.waitUntilReady()
            try launcher.outputLine("[tensorboard] serving")
            #expect(HTTP.get("/ingress/x/data/environment", port: launcher.port)?.status == 200)
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }
}
