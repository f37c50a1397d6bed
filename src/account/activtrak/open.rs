//! What opens an account, and where is it?

use crate::account::activtrak::authorized::{Credentials, Headers};
use crate::account::activtrak::connection::{Connection, base_url};
use crate::account::way::{Unreachable, Variable, Variables, Way, Why};
use crate::http::Endpoint;
use crate::model::{Account, HR_GROUP_TYPE, Platform};

/// Admin and HRDC, tried on Identity.
const API_KEY: Variable = Variable::key("ACTIVTRAK_API_KEY");
/// Identity.
const TOKEN: Variable = Variable::key("ACTIVTRAK_TOKEN");
/// SCIM only.
const SCIM_KEY: Variable = Variable::key("ACTIVTRAK_SCIM_KEY");

/// The variables of the platform.
pub(in crate::account) const VARIABLES: Variables =
    Variables { main: API_KEY, usual: &[API_KEY], optional: &[], keys: &[API_KEY, TOKEN, SCIM_KEY] };

impl Connection {
    /// How an account is talked to: at the address of its region, unless another is given.
    pub(in crate::account) fn open(account: &Account, way: &Way<'_>) -> Result<Self, Unreachable> {
        let endpoint = match (way.endpoint, &account.platform) {
            (Some(given), _) => given.clone(),
            (None, Platform::Region(_, region)) => Endpoint::parse(base_url(*region)).map_err(Why::Region)?,
            (None, Platform::Tenant(..) | Platform::Sandbox { .. }) => return Err(Why::Nowhere.into()),
        };
        Ok(Self {
            pace: way.pace(&endpoint),
            proxy: way.proxy(&endpoint),
            endpoint,
            credentials: credentials(way)?,
            limiter: way.limiter(),
            hr_group_type: account.hr_group_type.clone(),
        })
    }

    /// A sandbox of the account, within reach of the same kinds of keys.
    pub(in crate::account) fn rehearsed(&self, way: &Way<'_>) -> Result<Self, Unreachable> {
        let endpoint = way.endpoint.ok_or(Why::Nowhere)?.clone();
        let (held, given) = (&self.credentials, credentials(way)?);
        Ok(Self {
            pace: way.pace(&endpoint),
            proxy: way.proxy(&endpoint),
            endpoint,
            credentials: Credentials {
                // A sandbox takes its key for a token, too.
                token: held.token.as_ref().and(given.api_key.clone()),
                api_key: held.api_key.as_ref().and(given.api_key),
                scim_key: held.scim_key.as_ref().and(given.scim_key),
                headers: Headers::default(),
            },
            limiter: way.limiter(),
            // As every sandbox calls them, whatever the account does.
            hr_group_type: HR_GROUP_TYPE.into(),
        })
    }
}

/// The keys of the environment.
fn credentials(way: &Way<'_>) -> Result<Credentials, Unreachable> {
    let credentials = Credentials {
        api_key: way.secret(API_KEY)?,
        token: way.secret(TOKEN)?,
        scim_key: way.secret(SCIM_KEY)?,
        headers: Headers::default(),
    };
    match credentials {
        Credentials { api_key: None, token: None, scim_key: None, .. } => {
            let none = format!("none of {}, {} and {}", API_KEY.name, TOKEN.name, SCIM_KEY.name);
            let hint = "set ACTIVTRAK_API_KEY to a key that an Admin made under Integrations, API keys";
            Err(Why::NoKey(none).hint(hint))
        }
        some => Ok(some),
    }
}
