import Foundation
import Glibc

extension Ingress {
    /// Makes a key and a certificate for the host: OPENSSL DIRECTORY HOST.
    static let makeCertificate = """
        cd "$2"
        "$1" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$3" \
            -addext "subjectAltName=DNS:$3" -keyout key.pem -out certificate.pem
        "$1" x509 -in certificate.pem -noout -pubkey | "$1" pkey -pubin -outform der |
            "$1" dgst -sha256 -binary | "$1" base64 >key.hash
        """

    /// All but the rules. Its workers are root's where nginx is: nobody else may enter a test's directory.
    static func configuration(port: UInt16) -> String {
        """
        \(geteuid() == 0 ? "user root;" : "")
        daemon off;
        worker_processes 1;
        worker_shutdown_timeout 240s;
        pid nginx.pid;
        events { worker_connections 1024; }
        http {
            map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
            log_format json escape=json '{"path":"$request_uri","agent":"$http_user_agent"}';
            access_log access.log json;
            # All pages of a browser share one connection, which nginx would close after a thousand requests, whatever is
            # under way.
            keepalive_requests 100000;
            client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary;
            uwsgi_temp_path temporary; scgi_temp_path temporary;
            server {
                listen \(port) ssl http2;
                server_name \(host);
                ssl_certificate certificate.pem;
                ssl_certificate_key key.pem;
                # Plain HTTP is redirected, which ingress-nginx does at a port of its own.
                error_page 497 =308 https://$http_host$request_uri;
                include rules.conf;
                location / { return 404; }
            }
        }
        """
    }

    /// The platform's page that shows an app in a frame.
    static func platform(_ name: String, showing path: String, by proxy: Proxy = .nginx) -> String {
        let page = """
            <!doctype html><title>platform</title><body style="margin: 0"><iframe name="app" src="\(path)" \
            style="border: 0; width: 100vw; height: 100vh"></iframe>
            """
        switch proxy {
        case .nginx: return "location = \(framed(name)) { default_type text/html; return 200 '\(page)'; }"
        case .caddy:
            return "handle \(framed(name)) {\nheader Content-Type text/html\nrespond `\(page)`\n}"
        }
    }

    /// What ingress-nginx makes of a rule with pathType Prefix, with the platform's annotations: no rewrite, large bodies,
    /// 300 s. The app sees another address than its own, as it does in a pod. nginx looks for a location by the path without
    /// escapes, and forwards the path as it came.
    static func locations(_ prefix: String, _ port: UInt16) -> String {
        let path = prefix.removingPercentEncoding ?? prefix
        let whole = path.hasSuffix("/") ? String(path.dropLast()) : path
        return ["\"\(whole)/\"", "= \"\(whole)\""].map { location in
            """
            location \(location) {
                client_max_body_size 20g;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;
                proxy_set_header X-Request-ID $request_id;
                proxy_set_header X-Real-IP $remote_addr;
                proxy_set_header X-Forwarded-For $remote_addr;
                proxy_set_header X-Forwarded-Host $http_host;
                proxy_set_header X-Forwarded-Port $server_port;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Forwarded-Scheme $scheme;
                proxy_set_header X-Scheme $scheme;
                proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
                proxy_set_header Proxy "";
                proxy_connect_timeout 300s;
                proxy_send_timeout 300s;
                proxy_read_timeout 300s;
                proxy_buffering off;
                proxy_request_buffering on;
                proxy_http_version 1.1;
                proxy_cookie_domain off;
                proxy_cookie_path off;
                proxy_next_upstream error timeout;
                proxy_next_upstream_tries 3;
                proxy_redirect off;
                proxy_bind 127.0.0.2;
                proxy_pass http://127.0.0.1:\(port);
            }
            """
        }.joined(separator: "\n")
    }
}
