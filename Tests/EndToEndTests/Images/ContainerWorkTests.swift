import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What people do with the apps, in their images: as a user that nobody knows, on a read-only root, without a network.
@Suite(.enabled(if: TestImage.areTested, TestImage.areNotTestedSince), .serialized, .timeLimit(TestTime.limit))
struct ContainerWorkTests {
    private static let user = "73291:48213"

    /// Without /tmp, too: then there is /dev/shm alone.
    private func settings(hasTemporary: Bool, _ mounts: [String] = []) -> ContainerSettings {
        ContainerSettings(user: ContainerWorkTests.user, hasTemporary: hasTemporary, mounts: mounts)
    }

    private func client(_ name: String) -> String {
        "\(Bundle.module.resourcePath ?? "")/Clients/\(name).py:/client.py:ro"
    }

    @Test(arguments: [true, false])
    func tensorBoardShowsWhatTheJobWrites(hasTemporary: Bool) throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: .tensorboard)
            let logs = "\(launcher.root)/logs"
            try Shell.run("mkdir -m 777 $1", logs)
            let job = """
                import threading
                from tensorboard.compat.proto.event_pb2 import Event
                from tensorboard.compat.proto.summary_pb2 import Summary
                from tensorboard.summary.writer.event_file_writer import EventFileWriter
                writer = EventFileWriter("/logs/train")
                values = [Summary.Value(tag="loss", simple_value=0.5)]
                writer.add_event(Event(step=1, summary=Summary(value=values)))
                writer.close()
                threading.Event().wait()
                """
            try launcher.startContainer(
                .tensorboard, settings(hasTemporary: hasTemporary, ["\(logs):/logs"]),
                command: ["sh", "-c", #"exec python -c "$0""#, job])
            try launcher.line("tensorboard: ready")
            // It looks for new files every five seconds.
            try launcher.wait(until: "the curve to be shown") {
                try launcher.fetch("\(launcher.prefix)data/plugin/scalars/tags", port: port)?.body.contains("loss")
                    ?? false
            }
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    @Test(arguments: [true, false])
    func jupyterRunsCellsAndCommands(hasTemporary: Bool) throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: .jupyter)
            try launcher.startContainer(
                .jupyter, settings(hasTemporary: hasTemporary, [client("jupyter_client")]))
            let token = String(try launcher.line("jupyter: open", "?token=").split(separator: "=").last ?? "")
            let base = "http://127.0.0.1:\(port)\(launcher.prefix)"
            let cell = try launcher.inContainer(
                "python", "-B", "/client.py", base, token, "kernel", "import os; print(6 * 7, os.getuid())")
            #expect(cell.ending == .exited(0) && cell.output == "42 73291\n", "\(cell)")
            let command = try launcher.inContainer(
                "python", "-B", "/client.py", base, token, "terminal", "echo $((6 * 7)) $(id -u)")
            #expect(command.ending == .exited(0) && command.output.contains("42 73291"), "\(command)")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: [true, false])
    func visdomTakesPlots(hasTemporary: Bool) throws {
        try withLauncher(.processOne) { launcher in
            let port = try launcher.setRule(of: .visdom)
            try launcher.startContainer(.visdom, settings(hasTemporary: hasTemporary, [client("visdom_client")]))
            try launcher.line("visdom: ready")
            let plot = try launcher.inContainer(
                "python", "-B", "/client.py", "\(port)", String(launcher.prefix.dropLast()))
            #expect(plot.ending == .exited(0) && plot.output == "loss-curve\n", "\(plot)")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    /// Where nothing but /dev/shm can be written to, the socket is there.
    @Test func statusIsShownWithoutTmp() throws {
        try withLauncher(.processOne) { launcher in
            _ = try launcher.setRule(of: .tensorboard)
            try launcher.startContainer(.tensorboard, settings(hasTemporary: false))
            try launcher.line("tensorboard: ready")
            let status = try launcher.inContainer("crater-run", "status")
            #expect(status.ending == .exited(0) && status.output.contains("tensorboard"), "\(status)")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }
}
