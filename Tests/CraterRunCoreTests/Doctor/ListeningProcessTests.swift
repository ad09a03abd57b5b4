import Testing

@testable import CraterRunCore

/// Which app a process is, by its command line.
struct ListeningProcessTests {
    struct Line: Sendable, CustomTestStringConvertible {
        let words: [String]
        let app: any WebApp
        let isIt: Bool

        init(_ words: [String], _ app: any WebApp, _ isIt: Bool = true) {
            self.words = words
            self.app = app
            self.isIt = isIt
        }

        var testDescription: String { words.joined(separator: " ") }
    }

    @Test(arguments: [
        Line(["/opt/conda/bin/python3.11", "/opt/conda/bin/tensorboard", "--logdir", "x"], TensorBoard()),
        Line(["python", "-u", "-W", "ignore", "/x/tensorboard"], TensorBoard()),
        Line(["python", "-m", "tensorboard.main", "--logdir", "x"], TensorBoard()),
        Line(HostFacts.Program.module("tensorboard.main", python: "python3").words, TensorBoard()),
        Line(HostFacts.Program.module("notebook", python: "python3").words, Jupyter()),
        Line(HostFacts.Program.module("notebook", python: "python3").words, TensorBoard(), false),
        Line(["/x/tensorboard"], TensorBoard()),
        Line(["python", "train.py", "tensorboard"], TensorBoard(), false),
        Line(["python", "-m", "http.server"], TensorBoard(), false),
        Line(["python", "-c", "import tensorboard"], TensorBoard(), false),
        Line(["/bin/sh", "/x/tensorboard"], TensorBoard(), false),
        Line(["python", "-m"], TensorBoard(), false),
        Line([], TensorBoard(), false),
        Line(["/x/python", "/x/jupyter-lab", "--port=8888"], Jupyter()),
        Line(["/x/python", "/x/jupyter-notebook"], Jupyter()),
        Line(["/x/python", "-m", "notebook"], Jupyter()),
        Line(["/x/python", "-m", "jupyter_server"], Jupyter()),
        Line(["/x/python", "-m", "ipykernel_launcher", "-f", "/run/jupyter/kernel.json"], Jupyter(), false),
        Line(["python", "-c", "from visdom.server.run_server import main;main()", "-port", "8097"], Visdom()),
        Line(["python", "/x/visdom"], Visdom()),
        Line(["python", "-m", "visdom.server"], Visdom()),
    ])
    func isKnownByItsCommand(_ line: Line) {
        let process = ListeningProcess(pid: 1, name: "python3", words: line.words, ports: [1])
        #expect(process.isOf(line.app) == line.isIt)
    }

    @Test func isKnownByItsName() {
        func isIt(_ name: String) -> Bool { ListeningProcess(pid: 1, name: name, ports: [1]).isOf(Jupyter()) }
        // Of a name the kernel keeps 15 bytes.
        #expect(isIt("jupyter-noteboo"))
        #expect(!isIt("jupyter-noteb"))
    }

    @Test func isKnownByWhatItWasStartedFor() {
        func isServed(_ served: String?) -> Bool {
            ListeningProcess(pid: 1, name: "x", ports: [1], servedApp: served).isServed(as: "tensorboard")
        }
        #expect(isServed("tensorboard"))
        #expect(isServed("tensorboard-2"))
        #expect(!isServed("tensorboard-x"))
        #expect(!isServed("tensorboards"))
        #expect(!isServed("jupyter"))
        #expect(!isServed(nil))
    }
}
