//! How is an account read? The same way by whoever has a door to it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::activtrak::route::Open;
use crate::account::activtrak::{admin, observe};
use crate::account::error::ReadError;
use crate::account::port::{Read, Scope};
use crate::model::{AuditEntry, Family, GroupId, GroupName, HrGroup, Observed};

/// Who can read an account.
pub(super) trait Reading: Sync {
    /// What its requests go through.
    fn client(&self) -> &Arc<AuthorizedClient>;

    /// The `typename` of HR-sourced groups.
    fn hr_group_type(&self) -> &str;

    /// What the keys open.
    fn open(&self) -> impl Future<Output = Result<Open, ReadError>> + Send;

    /// The family by which users are read.
    fn family(&self) -> impl Future<Output = Result<Family, ReadError>> + Send;
}

impl<R: Reading> Read for R {
    async fn observe(&self, scope: &Scope) -> Result<Observed, ReadError> {
        observe::observe(self.client(), self.open().await?, self.hr_group_type(), scope).await
    }

    async fn prove(&self, observed: &Observed, groups: &[GroupId]) -> Result<(), ReadError> {
        observe::prove(self.client(), observed, groups).await
    }

    async fn hr_slice(&self) -> Result<Vec<HrGroup>, ReadError> {
        observe::hr_slice(self.client(), self.family().await?, self.hr_group_type(), |_| true).await
    }

    async fn hr_groups_but(&self, names: &[GroupName]) -> Result<Vec<HrGroup>, ReadError> {
        let is_asked = |name: &GroupName| names.binary_search(name).is_err();
        observe::hr_slice(self.client(), self.family().await?, self.hr_group_type(), is_asked).await
    }

    async fn audit_log(&self, since: Timestamp) -> Result<Vec<AuditEntry>, ReadError> {
        admin::audit_log(self.client(), since).await
    }
}
