/// The page for a place below the home page at which nothing is.
struct NoPage {
    let route: DoorRoute

    var answer: DoorAnswer {
        let home = HTMLText.escape(route.prefix.withTrailingSlash)
        return DoorPage(
            title: "Nothing is here",
            content: """
                <h1>Nothing is here</h1>
                <p>No app is served at this address.</p>
                <p><a href="\(home)">See all apps of this job</a></p>
                """
        ).answer(status: 404)
    }
}
