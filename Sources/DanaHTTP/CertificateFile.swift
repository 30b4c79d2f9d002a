import Glibc

/// Where this system keeps the certificates of the authorities that it trusts.
enum CertificateFile {
    /// The usual places: Debian, Fedora, older Fedora and RHEL, openSUSE, Alpine, the rest.
    static let usualPlaces = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ]

    /// What the environment names, otherwise the first of the usual places that can be read; nil when there is none.
    static func find() -> String? {
        for name in ["SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
            if let text = unsafe getenv(name) {
                let path = unsafe String(cString: text)
                if !path.isEmpty { return path }
            }
        }
        return usualPlaces.first { access($0, R_OK) == 0 }
    }
}
