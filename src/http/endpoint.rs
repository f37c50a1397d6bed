//! Where a client connects: https anywhere, plain http to this machine only.

use url::{Host, Url};

/// A base URL that keys may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why a URL is no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Not a URL at all.
    #[error("`{text}` is not a URL")]
    NotUrl {
        /// What was given.
        text: String,
        /// What the parser says.
        source: url::ParseError,
    },
    /// Plain http to another machine would send the key in the clear.
    #[error("`{host}` must be reached by https: plain http is for this machine (127.0.0.1, localhost) only")]
    NotHttps {
        /// The host that was named.
        host: String,
    },
    /// A base URL is scheme, host, port and path.
    #[error("a base URL has no user name, password, query or fragment")]
    NotBase,
}

impl Endpoint {
    /// Reads a base URL.
    pub fn parse(text: &str) -> Result<Self, BadEndpoint> {
        let mut url =
            Url::parse(text).map_err(|source| BadEndpoint::NotUrl { text: text.to_owned(), source })?;
        let named = !url.username().is_empty() || url.password().is_some();
        if named || url.query().is_some() || url.fragment().is_some() {
            return Err(BadEndpoint::NotBase);
        }
        let here = Self(url.clone()).is_loopback();
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            return Err(BadEndpoint::NotHttps { host: url.host_str().unwrap_or_default().to_owned() });
        }
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&base);
        Ok(Self(url))
    }

    /// Whether this is the machine the program runs on.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// The machine, by name or address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, be it named or not.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// The URL as text, as it is named to a reader.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The URL of `path` (which begins with `/`) below the base.
    pub(in crate::http) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }

    /// The path of `url` below the base, as it will be sent.
    pub(in crate::http) fn below<'a>(&self, url: &'a Url) -> &'a str {
        let base = self.0.path().trim_end_matches('/');
        url.path().strip_prefix(base).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadEndpoint, Endpoint};

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["https://api.example", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1"] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for bad in ["http://api.example", "http://127.0.0.1.example", "http://10.0.0.1", "ftp://localhost/"] {
            assert!(matches!(Endpoint::parse(bad), Err(BadEndpoint::NotHttps { .. })), "{bad}");
        }
        assert!(matches!(Endpoint::parse("api.example"), Err(BadEndpoint::NotUrl { .. })));
        assert_eq!(Endpoint::parse("https://u:p@api.example"), Err(BadEndpoint::NotBase));
        assert_eq!(Endpoint::parse("https://api.example/?x=1"), Err(BadEndpoint::NotBase));
    }

    #[test]
    fn a_path_never_climbs_above_the_base() {
        let base = Endpoint::parse("https://proxy.example/activtrak/").unwrap();
        let url = base.join("/admin/v1/groups");
        assert_eq!(url.as_str(), "https://proxy.example/activtrak/admin/v1/groups");
        assert_eq!(base.below(&url), "/admin/v1/groups");
        assert_eq!(base.below(&base.join("/../../secret")), "");
    }
}
