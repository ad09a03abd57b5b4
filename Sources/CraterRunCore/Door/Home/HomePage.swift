/// The page with all apps of a job: the job's state, and a tile for each app. Only those who have logged in see it.
///
/// Without JavaScript its buttons are forms and it loads again from time to time; with JavaScript it stays and changes.
struct HomePage {
    let route: DoorRoute
    let home: HomeView
    let now: WallTime

    var answer: DoorAnswer {
        // A button is checked by its Origin where the browser sends nothing else, so the browser has to send one.
        DoorPage(
            title: home.host.isEmpty ? "Apps" : "Apps of \(home.host)",
            content: content,
            data: [
                ("login", DoorOwnPage.login.path(of: route)), ("next", route.prefix.withTrailingSlash),
                ("tiles", DoorOwnPage.tiles.path(of: route)),
            ],
            style: HomeStyle.text, script: HomeScript.text, refresh: 10, referrerPolicy: "same-origin"
        ).answer(status: 200)
    }

    /// The part of the page that changes, for the page's script.
    var fragment: DoorAnswer {
        DoorAnswer(
            status: 200,
            fields: [
                DoorAnswer.Field("Content-Type", "text/html; charset=utf-8"),
                DoorAnswer.Field("Cache-Control", "no-store"),
                DoorAnswer.Field("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
                DoorAnswer.Field("Cross-Origin-Resource-Policy", "same-origin"),
                DoorAnswer.Field("X-Content-Type-Options", "nosniff"),
            ], body: Array(changing.utf8))
    }

    private var content: String {
        let host = HTMLText.escape(PrintableText.escape(home.host.utf8, limit: 100))
        return """
            <header>
            <h1>Apps\(host.isEmpty ? "" : " <span class=\"host\">\(host)</span>")</h1>
            <a href="\(HTMLText.escape(DoorOwnPage.logout.path(of: route)))">Log out</a>
            </header>
            <p id="lost" class="bad" role="alert" hidden></p>
            \(changing)
            <p id="said" class="unseen" role="status"></p>
            """
    }

    private var changing: String {
        let action = HTMLText.escape(DoorOwnPage.app.path(of: route))
        let output = HomeOutput(of: home.tiles)
        let tiles = home.tiles.map { HomeTileText(tile: $0, action: action, output: output, now: now).html }
        let apps =
            tiles.isEmpty
            ? "<p id=\"none\" class=\"quiet\">There is no app here yet. Install one into the job's environment, for example "
                + "with <code>pip install tensorboard</code>.</p>"
            : ""
        let job = home.job.map { HomeJobText(job: $0, now: now).html } ?? ""
        return """
            <section id="job" aria-label="Job">\(job)</section>
            \(apps)<ul id="apps" aria-label="Apps">
            \(tiles.joined(separator: "\n"))
            </ul>
            """
    }
}
