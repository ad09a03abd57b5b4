extension Ingress {
    /// What Caddy needs to serve the rules: nothing but them, and no certificate of its own making.
    static func caddyfile(port: UInt16, rules: [(prefix: String, port: UInt16)], and own: String) -> String {
        let routes = rules.enumerated().map { index, rule in
            """
            @rule\(index) path \(rule.prefix.dropLast()) \(rule.prefix)*
            handle @rule\(index) {
                reverse_proxy 127.0.0.1:\(rule.port)
            }
            """
        }
        return """
            {
                admin off
                auto_https off
                persist_config off
                servers {
                    protocols h1 h2
                }
            }
            https://\(host):\(port) {
                tls certificate.pem key.pem
            \(routes.joined(separator: "\n"))
            \(own)
                handle {
                    respond 404
                }
            }

            """
    }
}
