import Foundation

/// The people of Clients/browser/door_visit.py. A tab is named PERSON.PAGE, and a frame in it PERSON.PAGE/app.
extension Browser {
    /// What somebody sees who opens a page.
    struct Seen: Decodable {
        let status: Int
        let url: String
        let text: String
    }

    /// What is to be read in a page by now.
    struct Page: Decodable {
        let url: String
        let text: String
    }

    /// A cookie with all that the browser knows of it.
    struct KeptCookie: Decodable {
        let name: String
        let value: String
        let path: String
        /// Seconds since 1970; -1 for one that ends with the browser.
        let expires: Double
        let httpOnly: Bool
        let secure: Bool
        let sameSite: String
    }

    private struct Value: Decodable { let value: String }
    private struct Cookies: Decodable { let cookies: [KeptCookie] }

    /// Opens a path of the ingress in a tab.
    @discardableResult
    func open(_ path: String, in tab: String) throws -> Seen {
        try tell("open", ["tab": tab, "url": url(path)], as: Seen.self)
    }

    @discardableResult
    func reload(_ tab: String) throws -> Seen { try tell("reload", ["tab": tab], as: Seen.self) }

    /// Waits until a text is to be seen.
    func shows(_ text: String, in tab: String) throws { try tell("shows", ["tab": tab, "text": text]) }

    /// Waits until the address is a path of the ingress.
    func moves(to path: String, in tab: String) throws { try tell("moves", ["tab": tab, "url": url(path)]) }

    func page(_ tab: String) throws -> Page { try tell("text", ["tab": tab], as: Page.self) }

    func logIn(_ tab: String, key: String) throws { try tell("log_in", ["tab": tab, "key": key]) }

    func press(_ button: String, in tab: String) throws { try tell("press", ["tab": tab, "button": button]) }

    /// Runs a function, written in JavaScript, as a script of the page would: what it gives as a text, or the name of its
    /// error and the reason.
    func run(_ script: String, _ argument: String = "", in tab: String) throws -> String {
        try tell("run", ["tab": tab, "script": script, "argument": argument], as: Value.self).value
    }

    /// Waits until a function gives true.
    func satisfies(_ script: String, _ argument: String = "", in tab: String) throws {
        try tell("satisfies", ["tab": tab, "script": script, "argument": argument])
    }

    /// What a person's browser sends with requests for a path.
    func cookies(of person: String, at path: String) throws -> [KeptCookie] {
        try tell("cookies", ["person": person, "url": url(path)], as: Cookies.self).cookies
    }

    /// Closes a person's window.
    func leave(_ person: String) throws { try tell("leave", ["person": person]) }
}
