import Testing

@testable import CraterRunCore

/// Which requests are a person's, and which a page's own.
struct PollTableTests {
    @Test(arguments: [
        ("/data/runs", "GET /data/runs", true), ("/data/runs", "HEAD /data/runs/", true),
        ("/data/runs", "GET /data/runs?a=/b", true),
        ("/data/runs", "POST /data/runs", false), ("/data/runs", "PUT /data/runs", false),
        ("POST /data/runs", "POST /data/runs", true), ("POST /data/runs", "GET /data/runs", true),
        ("POST /data/runs", "DELETE /data/runs", false),
        ("/data/runs", "GET /data/run", false), ("/data/runs", "GET /data/runs/a", false),
        ("/data/runs", "GET /data/runss", false), ("/data/runs", "GET /x/data/runs", false),
        ("/data/runs", "GET /data", false), ("/data/runs", "GET /", false),
        ("/a/*/c", "GET /a/b/c", true), ("/a/*/c", "GET /a//c", false), ("/a/*/c", "GET /a/b/b/c", false),
        ("/a/*", "GET /a/b", true), ("/a/*", "GET /a/", false), ("/a/*", "GET /a", false),
        ("/a/**", "GET /a/b/c/d", true), ("/a/**", "GET /a/", true), ("/a/**", "GET /a", true),
        ("/a/**", "GET /ab", false), ("/", "GET /", true), ("/", "GET /a", false),
    ])
    func patterns(_ pattern: String, _ line: String, matches: Bool) throws {
        let head = try DoorCase.head(line)
        #expect(PathPattern(pattern).matches(head.method, head.headers.slice(head.path)) == matches)
    }

    private static let polls: [(app: any WebApp, line: String, use: RequestUse)] = [
        (TensorBoard(), "GET /", .person), (TensorBoard(), "GET /index.js", .person),
        (TensorBoard(), "GET /data/runs", .timed), (TensorBoard(), "GET /data/environment", .timed),
        (TensorBoard(), "GET /data/plugins_listing", .timed),
        (TensorBoard(), "POST /data/plugin/timeseries/timeSeries", .following),
        (TensorBoard(), "GET /data/plugin_entry.html?name=x", .person),
        (Jupyter(), "GET /lab", .person), (Jupyter(), "GET /api/kernels?1760000000000", .timed),
        (Jupyter(), "POST /api/kernels", .person), (Jupyter(), "GET /api/contents/a/b.ipynb?content=1", .timed),
        (Jupyter(), "PUT /api/contents/a/b.ipynb", .person), (Jupyter(), "DELETE /api/sessions/1", .person),
        (Jupyter(), "GET /files/data.csv", .person),
        (Visdom(), "POST /socket_wrap", .timed), (Visdom(), "POST /events", .person),
        (Streamlit(), "GET /_stcore/health", .timed), (Gradio(), "GET /gradio_api/heartbeat/abc", .timed),
        (Gradio(), "POST /gradio_api/queue/join", .person),
        (MLflow(), "POST /ajax-api/2.0/mlflow/runs/search", .timed),
        (MLflow(), "POST /api/2.0/mlflow/runs/log-metric", .person),
        (CodeServer(), "GET /healthz", .timed), (VisualDL(), "GET /api/scalar/data", .following),
        (HiPlot(), "GET /anything", .person),
    ]

    @Test(arguments: polls.indices) func pollsOfApps(index: Int) throws {
        let (app, line, use) = Self.polls[index]
        let head = try DoorCase.head(line)
        #expect(app.polls.use(head, head.headers.slice(head.path)) == use, "\(line)")
    }

    @Test(arguments: [
        (Jupyter().polls, "/api/kernels/1/channels", RequestUse.socket(0)),
        (Jupyter().polls, "/api/collaboration/room/1", .ownSocket), (Visdom().polls, "/vis_socket", .ownSocket),
        (Visdom().polls, "/socket", .socket(0)), (CodeServer().polls, "/stable-1", .socket(14)),
    ])
    func anOpenSocketIsNoUseByItself(_ polls: PollTable, _ path: String, _ use: RequestUse) throws {
        let head = try DoorCase.head("GET \(path)", ["Connection: Upgrade", "Upgrade: websocket"])
        #expect(polls.use(head, head.headers.slice(head.path)) == use)
    }
}

/// A request may be a person's, or follow from a timed one.
struct UseMemoryTests {
    /// Takes requests, each at its second, and settles once a second.
    private func uses(_ requests: [(second: Int, use: RequestUse)], until end: Int = 60) -> [Int] {
        var memory = UseMemory()
        return (0..<end).filter { second in
            let taken = requests.filter { $0.second == second }.map { memory.take($0.use, at: second) }
            return memory.settle(at: second) || taken.contains(true)
        }
    }

    @Test func personsCountAtOnce() {
        #expect(uses([(3, .person), (9, .timed), (10, .person)]) == [3, 10])
    }

    @Test func socketsAndTimersDoNot() {
        #expect(uses([(3, .socket(0)), (4, .ownSocket), (5, .timed)]) == [])
    }

    @Test(
        arguments: [
            // A click, then nothing.
            ([(5, .following)], [7]),
            // A page that loads its data again, in any order.
            ([(5, .timed), (5, .following), (6, .following)], []),
            ([(5, .following), (5, .timed)], []), ([(5, .following), (6, .timed), (7, .following)], []),
            // A click after that.
            ([(5, .timed), (20, .following)], []), ([(5, .timed), (21, .following)], [23]),
            // A click before it.
            ([(5, .following), (8, .timed)], [7]),
            // Two clicks.
            ([(5, .following), (6, .following), (30, .following)], [7, 32]),
        ] as [([(Int, RequestUse)], [Int])])
    func followersAreTold(_ requests: [(Int, RequestUse)], at seconds: [Int]) {
        #expect(uses(requests.map { (second: $0.0, use: $0.1) }) == seconds)
    }
}
