//! Where is the account, how is it talked to, and which one is it?

use crate::account::docebo::authorized::Credentials;
use crate::http::{Endpoint, Limiter, Pace, Proxy};
use crate::model::Username;

/// The domain below which each account has a host of its own.
const DOMAIN: &str = "docebosaas.com";

/// Where the account is and how it is talked to.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The host.
    pub endpoint: Endpoint,
    /// The proxy before it, if the environment names one.
    pub proxy: Option<Proxy>,
    /// What opens it.
    pub credentials: Credentials,
    /// How long to wait.
    pub pace: Pace,
    /// Whose turn it is, of all that this run sends.
    pub limiter: Limiter,
    /// What users are called there.
    pub username: Username,
    /// Whether users may be created.
    pub new_users: NewUsers,
}

/// Whether users may be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewUsers {
    /// They are only read.
    Never,
    /// `account.allow: [createUsers]`.
    Allowed,
}

/// The name of the account that a host is: the first label below the platform's domain. A host of another domain is its account's
/// name as a whole, as no other account can have it.
pub(super) fn tenant(host: &str) -> Box<str> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let label = host.strip_suffix(DOMAIN).and_then(|rest| rest.strip_suffix('.'));
    match label {
        Some(label) if !label.is_empty() && !label.contains('.') => label.into(),
        _ => host.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::tenant;

    #[test]
    fn a_tenant_is_the_label_below_the_platform_or_a_whole_host() {
        for (host, name) in [
            ("acme.docebosaas.com", "acme"),
            ("ACME.DoceboSaaS.com.", "acme"),
            ("learn.acme.example", "learn.acme.example"),
            ("acme.docebosaas.com.evil.example", "acme.docebosaas.com.evil.example"),
            ("acmedocebosaas.com", "acmedocebosaas.com"),
            ("a.b.docebosaas.com", "a.b.docebosaas.com"),
            ("docebosaas.com", "docebosaas.com"),
        ] {
            assert_eq!(&*tenant(host), name, "{host}");
        }
    }
}
