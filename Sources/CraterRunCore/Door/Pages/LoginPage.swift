/// The page that asks for the key of an app.
struct LoginPage {
    let route: DoorRoute
    /// The place to come back to: a path of this host below the prefix, already checked.
    let next: String
    /// Whether a key was tried that is wrong.
    var isWrong = false

    var answer: DoorAnswer {
        DoorPage(
            title: "\(name): log in",
            content: content,
            data: [("login", action), ("next", next)]
        ).answer(status: 401, fields: [DoorAnswer.challenge])
    }

    private var action: String { DoorOwnPage.login.path(of: route) }

    private var name: String { route.home == nil ? route.app : "Apps of this job" }

    private var label: String {
        route.home == nil && route.loginPlace == nil ? "The key of this app" : "The key of the page with all apps"
    }

    /// The app's name is there for password managers: all apps of a host would otherwise share one entry.
    private var content: String {
        """
        <h1>\(HTMLText.escape(name)): log in</h1>
        \(isWrong ? "<p class=\"bad\" role=\"alert\">This key is wrong.</p>\n" : "")\
        <form data-key method="post" action="\(HTMLText.escape(action))">
        <input name="app" type="text" value="\(HTMLText.escape(route.cookiePlace.app))" autocomplete="username" readonly hidden>
        <label for="key">\(label)</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
        <input name="next" type="hidden" value="\(HTMLText.escape(next))">
        <button>Log in</button>
        </form>
        <p class="quiet"><code>crater-run status --links</code>, in the job, prints the link with the key.</p>
        <p><small>A login keeps out who guesses or scans paths, and not another tenant's page in the same browser.</small></p>
        """
    }
}
