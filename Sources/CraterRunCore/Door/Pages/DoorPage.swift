/// A page of the door's own: one HTML text without any file from elsewhere, for light and dark, wide and narrow screens, and
/// for browsers without JavaScript.
struct DoorPage {
    let title: String
    /// The page's content, escaped.
    let content: String
    /// What the page's script needs to know, by the names of `data-` attributes; the values are escaped here.
    var data: [(name: String, value: String)] = []
    /// The page's own style and script, after those of all pages.
    var style: String?
    var script: String?
    /// After how many seconds a browser without JavaScript loads the page again; nil for never.
    var refresh: Int?
    /// Nothing of a page's address goes anywhere; but a browser that may not say where a form comes from sends no Origin.
    var referrerPolicy = "no-referrer"

    func answer(status: Int, fields: [DoorAnswer.Field] = []) -> DoorAnswer {
        DoorAnswer(status: status, fields: headers + fields, body: Array(html.utf8))
    }

    private var html: String {
        let data = data.map { " data-\($0.name)=\"\(HTMLText.escape($0.value))\"" }.joined()
        let refresh = refresh.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>\n" } ?? ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escape(title))</title>
            <link rel="icon" href="data:,">
            \(styles.map { "<style>\($0)</style>\n" }.joined())\(refresh)</head>
            <body\(data)>
            <main>
            \(content)
            </main>
            \(scripts.map { "<script>\($0)</script>\n" }.joined())</body>
            </html>

            """
    }

    /// The page may be framed by its own host, as the platform does, and may do nothing but what it is for. Another page's
    /// window that has opened it gets no hold of it.
    private var headers: [DoorAnswer.Field] {
        [
            DoorAnswer.Field("Content-Type", "text/html; charset=utf-8"),
            DoorAnswer.Field("Cache-Control", "no-store"),
            DoorAnswer.Field("Content-Security-Policy", policy),
            DoorAnswer.Field("Cross-Origin-Opener-Policy", "noopener-allow-popups"),
            DoorAnswer.Field("Cross-Origin-Resource-Policy", "same-origin"),
            DoorAnswer.Field("Referrer-Policy", referrerPolicy),
            DoorAnswer.Field("X-Content-Type-Options", "nosniff"),
        ]
    }

    /// The style and the script are allowed by their hashes (W3C Content Security Policy, section 6.7.3.3).
    private var policy: String {
        [
            "default-src 'none'",
            "style-src \(styles.map(DoorPage.source).joined(separator: " "))",
            "script-src \(scripts.map(DoorPage.source).joined(separator: " "))",
            "img-src data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ].joined(separator: "; ")
    }

    private var styles: [String] { [PageStyle.text] + (style.map { [$0] } ?? []) }
    private var scripts: [String] { [PageScript.text] + (script.map { [$0] } ?? []) }

    private static func source(_ text: String) -> String {
        "'sha256-\(Base64.encode(SHA256.digest(of: text.utf8)))'"
    }

    /// A time of day, which the pages' script writes in the reader's own way.
    static func time(_ time: WallTime) -> String {
        let text = time.description
        return "<time datetime=\"\(text)\">\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC</time>"
    }
}
