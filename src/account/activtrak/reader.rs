//! Who reads an account, and can send nothing else?

use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::connection::Connection;
use crate::account::activtrak::reading::Reading;
use crate::account::activtrak::route::Open;
use crate::account::activtrak::{admin, gate, observe, scim};
use crate::account::error::ReadError;
use crate::account::port::Scope;
use crate::http::{self, Client, StatusCode};
use crate::model::{Family, KeyProof, Observed, Phrase};
use crate::phrase;

/// What is known of an account's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountNumber {
    /// It is this one.
    Is(u64),
    /// It is this one for the key of Admin, and nothing proves that the key of SCIM opens the same account.
    Unproved(u64),
    /// One of several: the name of the group download has no other number.
    OneOf(Vec<u64>),
    /// These keys don't show it.
    Unshown,
    /// The account goes by a name, and has none.
    Named,
}

impl AccountNumber {
    /// Why it is not known, if it is not.
    pub fn unknown(&self) -> Option<Phrase> {
        Some(match self {
            Self::Is(_) | Self::Named => return None,
            Self::Unproved(number) => phrase![
                "`account.id`: it is ",
                number.to_string(),
                " for ACTIVTRAK_API_KEY, and nothing proves that ACTIVTRAK_SCIM_KEY opens the same account"
            ],
            Self::OneOf(numbers) => Phrase::words(
                "`account.id`: the name of the group download has several numbers; write the account's: ",
            )
            .list(numbers.iter().map(ToString::to_string)),
            Self::Unshown => Phrase::words(
                "`account.id`: these keys don't show it; the app has it in the names of its downloads",
            ),
        })
    }
}

/// Reads an account, and can send nothing else.
#[derive(Debug)]
pub struct Reader {
    client: Arc<AuthorizedClient>,
    hr_group_type: Box<str>,
    /// What the keys open, once it was asked.
    open: OnceCell<Open>,
}

impl Reader {
    /// A reader; nothing is sent yet.
    pub fn new(connection: &Connection) -> Result<Self, http::Error> {
        let Connection { endpoint, proxy, credentials, pace, limiter, hr_group_type } = connection;
        let client = Client::new(endpoint.clone(), proxy.clone(), gate::reads(), *pace, limiter.clone())?;
        let client = Arc::new(AuthorizedClient::new(client, credentials.clone()));
        Ok(Self { client, hr_group_type: hr_group_type.clone(), open: OnceCell::new() })
    }

    /// The account's number, as far as the keys tell it and a later run could check it.
    pub async fn account_number(&self) -> Result<AccountNumber, ReadError> {
        let numbers = match admin::account_numbers(&self.client).await {
            Err(ReadError::NoKey(_) | ReadError::Denied { status: StatusCode::FORBIDDEN, .. }) => Vec::new(),
            told => told?,
        };
        let is_proved =
            self.open().await?.users != Family::Scim || !scim::groups(&self.client).await?.is_empty();
        Ok(match numbers[..] {
            [] => AccountNumber::Unshown,
            [number] if is_proved => AccountNumber::Is(number),
            [number] => AccountNumber::Unproved(number),
            _ => AccountNumber::OneOf(numbers),
        })
    }

    /// Checks that a download of groups may stand in for a reading: nothing shows users, and as far as the account answers, the
    /// download is of it.
    pub async fn prove_download(&self, download: &Observed, scope: &Scope) -> Result<KeyProof, ReadError> {
        observe::by_download::prove(&self.client, download, &self.hr_group_type, scope).await
    }
}

impl Reading for Reader {
    fn client(&self) -> &Arc<AuthorizedClient> {
        &self.client
    }

    fn hr_group_type(&self) -> &str {
        &self.hr_group_type
    }

    async fn open(&self) -> Result<Open, ReadError> {
        self.open.get_or_try_init(|| Open::of(&self.client)).await.copied()
    }

    async fn family(&self) -> Result<Family, ReadError> {
        Ok(self.open().await?.users)
    }
}
