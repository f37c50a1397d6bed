//! Where is the account, and how is it talked to?

use crate::account::activtrak::authorized::Credentials;
use crate::http::{Endpoint, Limiter, Pace, Proxy};
use crate::model::Region;

/// Where the account is and how it is talked to.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The host.
    pub endpoint: Endpoint,
    /// The proxy before it, if the environment names one.
    pub proxy: Option<Proxy>,
    /// The keys.
    pub credentials: Credentials,
    /// How long to wait.
    pub pace: Pace,
    /// Whose turn it is, of all that this run sends.
    pub limiter: Limiter,
    /// The `typename` of HR-sourced groups (`account.hrGroupType`).
    pub hr_group_type: Box<str>,
}

/// The base URL of a region (developer portal, "Regions").
pub(super) const fn base_url(region: Region) -> &'static str {
    match region {
        Region::Us => "https://api.activtrak.com",
        Region::Eu => "https://api-eu.activtrak.com",
        Region::Uk => "https://api-uk.activtrak.com",
        Region::Ca => "https://api-ca.activtrak.com",
        Region::Au => "https://api-au.activtrak.com",
    }
}
