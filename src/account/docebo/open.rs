//! Where is an account, what opens it, and is it the one that the manifests name?

use crate::account::docebo::authorized::{Credentials, Tokens, UserLogin};
use crate::account::docebo::connection::{Connection, NewUsers, tenant};
use crate::account::way::{Holds, Unreachable, Variable, Variables, Way, Why};
use crate::http::{Endpoint, Secret};
use crate::model::{Account, Allowance, Platform, Tenant};

/// The address of the platform.
const URL: Variable = Variable { name: "DOCEBO_URL", holds: Holds::Address };
/// Which application asks for a token.
const CLIENT_ID: Variable = Variable::key("DOCEBO_CLIENT_ID");
/// That it is the one.
const CLIENT_SECRET: Variable = Variable::key("DOCEBO_CLIENT_SECRET");
/// The user for whom it asks.
const USERNAME: Variable = Variable { name: "DOCEBO_USERNAME", holds: Holds::Password };
/// The password of that user.
const PASSWORD: Variable = Variable { name: "DOCEBO_PASSWORD", holds: Holds::Password };

/// The variables of the platform.
pub(in crate::account) const VARIABLES: Variables = Variables {
    main: CLIENT_SECRET,
    usual: &[URL, CLIENT_ID, CLIENT_SECRET],
    optional: &[USERNAME, PASSWORD],
    keys: &[CLIENT_ID, CLIENT_SECRET],
};

impl Connection {
    /// How an account is talked to: at the address that is given, else that of the environment.
    pub(in crate::account) fn open(account: &Account, way: &Way<'_>) -> Result<Self, Unreachable> {
        let endpoint = match &account.platform {
            Platform::Tenant(_, tenant) => own(address(way)?, tenant)?,
            Platform::Region(..) | Platform::Sandbox { .. } => way.endpoint.ok_or(Why::Nowhere)?.clone(),
        };
        let is_allowed = account.allow.iter().any(|said| said.value == Allowance::CreateUsers);
        Ok(Self {
            pace: way.pace(&endpoint),
            proxy: way.proxy(&endpoint),
            endpoint,
            credentials: credentials(way)?,
            limiter: way.limiter(),
            username: account.platform.username().ok_or(Why::Nowhere)?,
            new_users: if is_allowed { NewUsers::Allowed } else { NewUsers::Never },
        })
    }

    /// A sandbox of the account.
    pub(in crate::account) fn rehearsed(&self, way: &Way<'_>) -> Result<Self, Unreachable> {
        let endpoint = way.endpoint.ok_or(Why::Nowhere)?.clone();
        Ok(Self {
            pace: way.pace(&endpoint),
            proxy: way.proxy(&endpoint),
            endpoint,
            credentials: credentials(way)?,
            limiter: way.limiter(),
            username: self.username,
            new_users: self.new_users,
        })
    }
}

/// The name of the account that an address is of: that of the environment, or else the one that is given.
pub(in crate::account) fn named(way: &Way<'_>) -> Result<Box<str>, Unreachable> {
    let endpoint = match (said(way)?, way.endpoint) {
        (Some(said), _) => said,
        (None, Some(given)) => given.clone(),
        (None, None) => return Err(no_address()),
    };
    Ok(tenant(endpoint.host()))
}

/// The address that is given, else that of the environment.
fn address(way: &Way<'_>) -> Result<Endpoint, Unreachable> {
    match way.endpoint {
        Some(given) => Ok(given.clone()),
        None => said(way)?.ok_or_else(no_address),
    }
}

/// The same address, where it is the account's own; one of this machine is nobody's.
fn own(endpoint: Endpoint, named: &Tenant) -> Result<Endpoint, Unreachable> {
    let found = tenant(endpoint.host());
    let expected = &named.name.value;
    if endpoint.is_loopback() || found.eq_ignore_ascii_case(expected) {
        return Ok(endpoint);
    }
    let address = endpoint.as_str().to_owned();
    let hint = "check account.id and DOCEBO_URL: `id` is the first label of the host, or all of it where it is a domain of your own";
    Err(Why::Another { address, found, expected: expected.clone() }.hint(hint))
}

/// The address that the environment says, if any.
fn said(way: &Way<'_>) -> Result<Option<Endpoint>, Unreachable> {
    let bad = |source| {
        let why = Why::Address { variable: URL.name, source };
        why.hint("write it as the browser shows it: https://acme.docebosaas.com")
    };
    way.said(URL).map(|url| Endpoint::parse(url.trim()).map_err(bad)).transpose()
}

fn no_address() -> Unreachable {
    Why::NoAddress(URL.name)
        .hint("set DOCEBO_URL to the address of the platform: https://acme.docebosaas.com")
}

/// What opens an account, from the environment.
fn credentials(way: &Way<'_>) -> Result<Credentials, Unreachable> {
    let (client_id, client_secret) = (required(CLIENT_ID, way)?, required(CLIENT_SECRET, way)?);
    let hint = "set both, for a token of that user, or neither, for one of the app itself";
    let login = match (way.secret(USERNAME)?, way.secret(PASSWORD)?) {
        (Some(username), Some(password)) => Some(UserLogin { username, password }),
        (None, None) => None,
        (Some(_), None) => return Err(Why::Half(USERNAME.name, PASSWORD.name).hint(hint)),
        (None, Some(_)) => return Err(Why::Half(PASSWORD.name, USERNAME.name).hint(hint)),
    };
    Ok(Credentials { client_id, client_secret, login, tokens: Tokens::default() })
}

/// What the environment has to say.
fn required(variable: Variable, way: &Way<'_>) -> Result<Secret, Unreachable> {
    let hint = "set DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET to those of an OAuth2 app: API and SSO > API Credentials";
    way.secret(variable)?.ok_or_else(|| Why::NoKey(format!("no {}", variable.name)).hint(hint))
}
