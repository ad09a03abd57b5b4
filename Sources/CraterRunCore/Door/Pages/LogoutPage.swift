/// The page of a user who has given the key: it offers the app, and to log out.
struct LogoutPage {
    let route: DoorRoute

    var answer: DoorAnswer {
        // A link with the key opens the app here too. The form is checked by its Origin where the browser sends nothing
        // else, so the browser has to send one.
        DoorPage(
            title: "\(name): log out",
            content: content,
            data: [("login", DoorOwnPage.login.path(of: route)), ("next", route.prefix.withTrailingSlash)],
            referrerPolicy: "same-origin"
        ).answer(status: 200)
    }

    private var name: String { route.home == nil ? route.app : "Apps of this job" }

    private var content: String {
        let app = HTMLText.escape(name)
        return """
            <h1>\(app): logged in</h1>
            <p><a href="\(HTMLText.escape(route.prefix.withTrailingSlash))">\(route.home == nil ? "Open \(app)" : "See the apps of this job")</a></p>
            <form method="post" action="\(HTMLText.escape(DoorOwnPage.logout.path(of: route)))">
            <button>Log out</button>
            </form>
            <p class="quiet">This ends the session of this browser. Another key ends all sessions.</p>
            """
    }
}
