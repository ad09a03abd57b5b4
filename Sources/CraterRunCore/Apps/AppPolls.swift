// What the open pages of the known apps send by themselves, as their browser code does it.

extension TensorBoard {
    /// Where a user has switched on "Reload data", the page asks for these every 30 s, and then for the data of what is
    /// shown. A click asks for data alone.
    package var polls: PollTable {
        PollTable(
            timed: ["/data/runs", "/data/plugins_listing", "/data/environment", "/data/experiments"],
            following: ["POST /data/plugin/**"])
    }
}

extension Jupyter {
    /// The lists of running things and of files, every 10 s or more. All of them are only read. Pages that work on a
    /// document together tell each other every few seconds who is there.
    package var polls: PollTable {
        PollTable(
            timed: [
                "/api", "/api/status", "/api/me", "/api/kernels", "/api/kernels/*", "/api/sessions", "/api/terminals",
                "/api/kernelspecs", "/api/contents/**", "/api/metrics/**", "/metrics", "/lab/api/workspaces/**",
                "/lab/api/news", "/lab/api/update", "/lsp/status",
            ],
            sockets: ["/api/collaboration/room/**", "/api/yjs/**"])
    }
}

extension Visdom {
    /// Without websockets, the page asks twice a second. The second socket belongs to Python clients.
    package var polls: PollTable {
        PollTable(timed: ["POST /socket_wrap", "POST /vis_socket_wrap"], sockets: ["/vis_socket"])
    }
}

extension Marimo {
    package var polls: PollTable { PollTable(timed: ["/health", "/api/status/**", "/api/usage", "/api/version"]) }
    /// A cell that computes sends nothing, and marimo does not tell of it.
    package var canSleep: Bool { false }
}

extension Streamlit {
    /// While its websocket is not there. A fragment with `run_every` is a person, as far as can be seen.
    package var polls: PollTable {
        PollTable(timed: ["/_stcore/health", "/_stcore/host-config", "/healthz"])
    }
}

extension Gradio {
    /// A stream that stays open as long as the page, and what follows its end. A `gr.Timer` is a person, as far as can
    /// be seen.
    package var polls: PollTable {
        PollTable(
            timed: [
                "/heartbeat/*", "/gradio_api/heartbeat/*", "/app_id", "/gradio_api/app_id", "/dev/reload",
                "/gradio_api/dev/reload", "/startup-events", "/gradio_api/startup-events",
            ])
    }
}

extension MLflow {
    /// The tables and charts of runs are loaded again every 30 s. Training programs use other paths.
    package var polls: PollTable {
        PollTable(
            timed: ["/health", "/version", "POST /ajax-api/2.0/mlflow/runs/search"],
            following: ["/ajax-api/2.0/mlflow/metrics/**", "/ajax-api/2.0/mlflow/runs/get"])
    }
}

extension Aim {
    package var polls: PollTable { PollTable(timed: ["/api/runs/active", "/api/projects/status"]) }
}

extension VisualDL {
    /// Every 15 s or minute, and then the data of what is shown.
    package var polls: PollTable {
        PollTable(timed: ["/api/runs", "/api/tags", "/api/components", "/api/logs"], following: ["/api/**"])
    }
}

extension Dash {
    package var polls: PollTable { PollTable(timed: ["/_reload-hash"]) }
}

extension Ray {
    package var polls: PollTable {
        PollTable(timed: ["/api/**", "/nodes", "/nodes/*", "/logical/**", "/events", "POST /api/prometheus_health"])
    }
    /// The programs of a cluster need it, whether anybody looks at its page or not.
    package var canSleep: Bool { false }
}

extension Dask {
    /// As of ``Ray``.
    package var canSleep: Bool { false }
}

extension CodeServer {
    /// The page's keep-alive messages are headers of 13 bytes.
    package var polls: PollTable { PollTable(timed: ["/healthz", "/update/check"], shortestMessage: 14) }
    package var activityQuestion: ActivityQuestion? { ActivityQuestion(hasTerminals: true) }
}
