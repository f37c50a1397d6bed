//! Which proxy stands before an account, by which variable, and what it says of a connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::StatusCode;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::http::endpoint::Endpoint;

/// How long a proxy is asked why it refuses.
const ASKED: Duration = Duration::from_secs(5);

/// A proxy that the environment names for an endpoint.
#[derive(Clone)]
pub struct Proxy(Arc<Named>);

struct Named {
    variable: &'static str,
    intercept: Intercept,
}

/// By variable, address and who is asked for; name and password are left out.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// As it is named to a reader: scheme, host and port, and the variable it is from.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.0.intercept.uri();
        let scheme = uri.scheme_str().unwrap_or("http");
        let (host, port) = (uri.host().unwrap_or_default(), uri.port_u16());
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        write!(f, "{scheme}://{host}{port} ({})", self.0.variable)
    }
}

impl Proxy {
    /// The proxy that an endpoint is reached by; `variable` reads the environment. By the same rules as the client's own, which asks
    /// the first variable of each pair that is set, and none for this machine.
    pub fn of(endpoint: &Endpoint, variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        if endpoint.is_loopback() {
            return None;
        }
        let first = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| variable(name).map(|value| (name, value)))
        };
        let exceptions = first(["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, value)| value);
        let target = endpoint.as_str().parse().ok()?;
        [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]].into_iter().find_map(|names| {
            let (variable, value) = first(names)?;
            let matcher = Matcher::builder().https(value).no(exceptions.clone()).build();
            matcher.intercept(&target).map(|intercept| Self(Arc::new(Named { variable, intercept })))
        })
    }

    /// The variable that names it.
    pub fn variable(&self) -> &'static str {
        self.0.variable
    }

    /// What the proxy answers where it is asked for a connection to the endpoint, as the client asked before; none where it is no
    /// proxy of HTTP or says nothing of use.
    pub(in crate::http) async fn answer(&self, endpoint: &Endpoint) -> Option<StatusCode> {
        tokio::time::timeout(ASKED, self.ask(endpoint)).await.ok()?
    }

    async fn ask(&self, endpoint: &Endpoint) -> Option<StatusCode> {
        let uri = self.0.intercept.uri();
        if uri.scheme_str() != Some("http") {
            return None;
        }
        let target = format!("{}:{}", endpoint.host(), endpoint.port());
        let key = self.0.intercept.basic_auth().and_then(|key| key.to_str().ok());
        let key = key.map_or_else(String::new, |key| format!("Proxy-Authorization: {key}\r\n"));
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{key}\r\n");
        let mut socket = TcpStream::connect((uri.host()?, uri.port_u16().unwrap_or(80))).await.ok()?;
        socket.write_all(request.as_bytes()).await.ok()?;
        let mut line = String::new();
        BufReader::new(socket).read_line(&mut line).await.ok()?;
        line.split(' ').nth(1)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Option<String> {
        let endpoint = Endpoint::parse("https://api.activtrak.com").unwrap_or_else(|error| panic!("{error}"));
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Proxy::of(&endpoint, read).map(|proxy| proxy.to_string())
    }

    #[test]
    fn a_proxy_is_named_with_its_variable_and_without_its_password() {
        let named = |text: &str| Some(text.to_owned());
        assert_eq!(of(&[]), None);
        assert_eq!(
            of(&[("HTTPS_PROXY", "http://ann:s3cret@proxy.acme.example:3128")]),
            named("http://proxy.acme.example:3128 (HTTPS_PROXY)")
        );
        assert_eq!(of(&[("https_proxy", "proxy:8080")]), named("http://proxy:8080 (https_proxy)"));
        assert_eq!(of(&[("ALL_PROXY", "socks5://proxy:1080")]), named("socks5://proxy:1080 (ALL_PROXY)"));
        assert_eq!(of(&[("HTTP_PROXY", "http://proxy:3128")]), None, "the account is not reached by http");
        let both = [("HTTPS_PROXY", "http://one:1"), ("ALL_PROXY", "http://all:2")];
        assert_eq!(of(&both), named("http://one:1 (HTTPS_PROXY)"));
        let empty = [("HTTPS_PROXY", ""), ("https_proxy", "http://small:1"), ("ALL_PROXY", "http://all:2")];
        assert_eq!(of(&empty), named("http://all:2 (ALL_PROXY)"), "the first of a pair that is set counts");
        assert_eq!(of(&[("HTTPS_PROXY", "http://one:1"), ("NO_PROXY", "activtrak.com")]), None);
    }
}
