//! Where is a learning platform, what opens it, and is it the one that the manifests name?

pub(super) use crate::account::docebo::{Connection, Credentials};
use crate::account::docebo::{NewUsers, Tokens, UserLogin, tenant};
use crate::cli::args::Wire;
use crate::cli::process::context::{Context, Credential, pace};
use crate::cli::process::failure::Failure;
use crate::http::{BadEndpoint, BadSecret, Endpoint, Limiter, Limits, Proxy, Secret};
use crate::model::{Account, Allowance, Tenant, Username};

/// A learning platform that can't be talked to.
#[derive(Debug, thiserror::Error)]
enum Unreachable {
    #[error("no address: the environment has no DOCEBO_URL")]
    NoAddress,
    #[error("DOCEBO_URL can't be used")]
    Address(#[from] BadEndpoint),
    #[error("{address} is the account {found}, the manifests describe account {expected}")]
    Another { address: String, found: Box<str>, expected: Box<str> },
    #[error("no key: the environment has no {0}")]
    NoKey(&'static str),
    #[error("the environment has {0} without {1}")]
    HalfLogin(&'static str, &'static str),
}

impl From<Unreachable> for Failure {
    fn from(error: Unreachable) -> Self {
        let hint = match &error {
            Unreachable::NoAddress => {
                "set DOCEBO_URL to the address of the platform: https://acme.docebosaas.com"
            }
            Unreachable::Address(_) => "write it as the browser shows it: https://acme.docebosaas.com",
            Unreachable::Another { .. } => {
                "check account.id and DOCEBO_URL: `id` is the first label of the host, or all of it where it is a domain of your own"
            }
            Unreachable::NoKey(_) => {
                "set DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET to those of an OAuth2 app: API and SSO > API Credentials"
            }
            Unreachable::HalfLogin(..) => {
                "set both, for a token of that user, or neither, for one of the app itself"
            }
        };
        Self::error(error).hint(hint)
    }
}

/// The address of an account: the one that is given, else that of the environment. It must be the account's own; an address of this
/// machine is nobody's.
pub(super) fn endpoint(given: Option<&Endpoint>, named: &Tenant) -> Result<Endpoint, Failure> {
    let endpoint = if let Some(given) = given {
        given.clone()
    } else {
        let url = Context::learning_platform().ok_or(Unreachable::NoAddress)?;
        Endpoint::parse(url.trim()).map_err(Unreachable::from)?
    };
    let found = tenant(endpoint.host());
    let expected = &named.name.value;
    if !endpoint.is_loopback() && !found.eq_ignore_ascii_case(expected) {
        let address = endpoint.as_str().to_owned();
        return Err(Unreachable::Another { address, found, expected: expected.clone() }.into());
    }
    Ok(endpoint)
}

/// The name of the account that an address is of: that of the environment, or else the one that is given.
pub(super) fn named(given: Option<&Endpoint>) -> Result<Box<str>, Failure> {
    let endpoint = match Context::learning_platform() {
        Some(url) => Endpoint::parse(url.trim()).map_err(Unreachable::from)?,
        None => given.ok_or(Unreachable::NoAddress)?.clone(),
    };
    Ok(tenant(endpoint.host()))
}

/// What opens an account, from the environment.
pub(super) fn credentials() -> Result<Credentials, Failure> {
    let client_id = required(Credential::DoceboClientId)?;
    let client_secret = required(Credential::DoceboClientSecret)?;
    let (username, password) = (Credential::DoceboUsername, Credential::DoceboPassword);
    let login = match (username.read()?, password.read()?) {
        (Some(username), Some(password)) => Some(UserLogin { username, password }),
        (None, None) => None,
        (Some(_), None) => {
            return Err(Unreachable::HalfLogin(username.variable(), password.variable()).into());
        }
        (None, Some(_)) => {
            return Err(Unreachable::HalfLogin(password.variable(), username.variable()).into());
        }
    };
    Ok(Credentials { client_id, client_secret, login, tokens: Tokens::default() })
}

/// What opens a sandbox of the run.
pub(super) fn credentials_of(client_id: &str, client_secret: &str) -> Result<Credentials, BadSecret> {
    let [client_id, client_secret] = [Secret::parse(client_id)?, Secret::parse(client_secret)?];
    Ok(Credentials { client_id, client_secret, login: None, tokens: Tokens::default() })
}

/// What the environment has to say.
fn required(it: Credential) -> Result<Secret, Failure> {
    Ok(it.read()?.ok_or(Unreachable::NoKey(it.variable()))?)
}

/// How an account is talked to.
pub(super) fn connection(
    (account, username): (&Account, Username),
    endpoint: Endpoint,
    credentials: Credentials,
    wire: &Wire,
) -> Connection {
    let is_allowed = account.allow.iter().any(|said| said.value == Allowance::CreateUsers);
    Connection {
        pace: pace(&endpoint).with_patience(wire.patience),
        proxy: Proxy::of(&endpoint, Context::proxy_variable),
        endpoint,
        credentials,
        limiter: Limiter::new(Limits { rate: wire.max_rate, ..Limits::of(wire.concurrency) }),
        username,
        new_users: if is_allowed { NewUsers::Allowed } else { NewUsers::Never },
    }
}
